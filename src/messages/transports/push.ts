import type { Database } from '../../db/client.ts';
import type { Settings } from '../../env.ts';
import { type Device, devicesOf, noteDevices } from '../devices.ts';
import { notNow, type Outcome, refusedForGood, taken } from '../outcome.ts';
import type { Outgoing, Transport } from '../transport.ts';
import { sendByFcm } from './fcm.ts';
import { sendByWebPush } from './web-push.ts';

/** What came of telling one device; `gone`: it will never take anything again. */
export type DeviceOutcome = Outcome | 'gone';

/**
 * To every device of an account at once. It counts as sent when one of them took it: a second attempt would ring twice
 * on those that did. Devices that are gone are forgotten.
 */
export const push = (db: Database, settings: Settings): Transport => ({
  keeps: false,
  send: async (message, signal) => {
    const devices = await devicesOf(db, settings.dataKey, message.content.to);
    const outcomes = await Promise.all(devices.map(({ device }) => told(settings, device, message, signal)));
    const idsOf = (is: (outcome: DeviceOutcome) => boolean): string[] =>
      devices.flatMap(({ id }, i) => (is(outcomes[i] ?? 'gone') ? [id] : []));
    const used = idsOf((outcome) => outcome !== 'gone' && outcome.taken);
    const gone = idsOf((outcome) => outcome === 'gone');
    if (used.length + gone.length > 0) await noteDevices(db, { used, gone }, Date.now());
    return together(outcomes.filter((outcome) => outcome !== 'gone'));
  },
});

const told = async (
  settings: Settings,
  device: Device,
  message: Outgoing,
  signal: AbortSignal,
): Promise<DeviceOutcome> => {
  const { web, fcm } = settings.delivery.push;
  if (device.service === 'web')
    return web === null ? refusedForGood('no_transport') : sendByWebPush(settings, web, device, message, signal);
  return fcm === null ? refusedForGood('no_transport') : sendByFcm(fcm, device.token, message, signal);
};

/** What came of a message by what came of it on each device that is still there. */
const together = (outcomes: readonly Outcome[]): Outcome => {
  const took = outcomes.find((outcome) => outcome.taken);
  if (took !== undefined) return taken();
  const passing = outcomes.flatMap((outcome) => (outcome.taken || outcome.forGood ? [] : [outcome]));
  const [first] = passing;
  if (first !== undefined) return notNow(first.why, Math.max(...passing.map(({ retryAfterMs }) => retryAfterMs)));
  const refused = outcomes.find((outcome) => !outcome.taken);
  return refused !== undefined && !refused.taken ? refused : refusedForGood('no_device');
};
