import { settingsOf } from '../env.ts';
import { gathering } from './gathered.ts';
import { describeError, report } from './log.ts';
import type { SecurityEvent, SecurityFacts, SecurityListener } from './security-event.ts';
import type { SecurityEventKind } from './security-kinds.ts';

const waitMs = 500;
/** Events that one message carries; of more, it says how many there were of each kind. */
const maxEvents = 50;

type Alert = Omit<SecurityEvent, 'stream'>;

interface Raised {
  readonly alerts: Alert[];
  readonly dropped: Record<string, number>;
}

const raised = gathering<Raised>(
  'alerts_not_raised',
  waitMs,
  () => ({ alerts: [], dropped: {} }),
  (env, { alerts, dropped }) => env.ALERT_RELAY.getByName('all').raise(alerts as never, dropped),
);

/** Hands the events that the settings name to the relay that posts them to the operator's hook. */
export const raiseAlert: SecurityListener = (c, event) => {
  const hook = c.get('settings').alerts;
  if (!hook?.kinds.includes(event.event)) return;
  raised.add(c, ({ alerts, dropped }) => {
    if (alerts.length < maxEvents) alerts.push(alertOf(event));
    else dropped[event.event] = (dropped[event.event] ?? 0) + 1;
  });
};

const alertOf = ({ stream: _, ...event }: SecurityEvent): Alert => event;

/**
 * Hands the relay something that happened without a request, if the settings name it: a job that failed, for example.
 * Never throws. Facts are ids, words of the code and numbers.
 */
export const raiseByClock = async (
  env: Env,
  kind: SecurityEventKind,
  facts: Omit<SecurityFacts, 'accountId' | 'sessionId'>,
): Promise<void> => {
  if (!settingsOf(env).alerts?.kinds.includes(kind)) return;
  try {
    await env.ALERT_RELAY.getByName('all').raise([{ event: kind, at: new Date().toISOString(), ...facts }] as never);
  } catch (error) {
    report('alerts_not_raised', describeError(error));
  }
};
