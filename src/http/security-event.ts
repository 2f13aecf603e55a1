import type { Context } from 'hono';
import { hashedAddress } from './address.ts';
import { background } from './background.ts';
import type { AppEnv } from './context.ts';
import { routeTemplate } from './log.ts';
import type { SecurityEventKind } from './security-kinds.ts';

/** What is known of an event. Ids, words of the code and numbers; never a person's words, name, address or secret. */
export interface SecurityFacts {
  /** Who did it, if known; by default who is signed in. */
  readonly accountId?: string | null;
  /** To what or whom it was done: the id of an account, an appointment, a session. */
  readonly subjectId?: string | null;
  readonly sessionId?: string | null;
  /** A word of the code, such as `wrong_password`. */
  readonly reason?: string;
  readonly count?: number;
}

/** One event, as it is logged and as the alert hook is told of it. */
export interface SecurityEvent extends SecurityFacts {
  readonly stream: 'security';
  readonly event: SecurityEventKind;
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly role: string | null;
  /** See {@link hashedAddress}. */
  readonly address: string;
}

/** Where security events go, one JSON line each. An object, so that tests can listen. */
export const securityLog = {
  write: (event: SecurityEvent, environment: string): void => {
    if (environment !== 'test') console.warn(JSON.stringify(event));
  },
};

/** What else wants to know of every event, for example the alert hook and the counters. */
export type SecurityListener = (c: Context<AppEnv>, event: SecurityEvent) => void;
const listeners: SecurityListener[] = [];

/** Adds a listener, once, while the Worker loads. It must not wait and must not throw. */
export const onSecurityEvent = (listener: SecurityListener): void => void listeners.push(listener);

/**
 * Records something that security people want to see, on a stream of its own: one JSON line with the request's id, its
 * route's template, the account and the hashed address. It takes no time from the request and never fails it.
 *
 * @example securityEvent(c, 'auth.failed', { accountId: account?.id ?? null, reason: 'wrong_password' });
 */
export const securityEvent = (c: Context<AppEnv>, kind: SecurityEventKind, facts: SecurityFacts = {}): void => {
  const at = new Date().toISOString();
  // Absent on routes without signing in, whatever the type says.
  const principal = c.get('principal') as { id: string; role: string } | undefined;
  const told: Omit<SecurityEvent, 'address'> = {
    stream: 'security',
    event: kind,
    at,
    requestId: c.get('requestId'),
    method: c.req.method,
    route: routeTemplate(c),
    role: principal?.role ?? null,
    accountId: principal?.id ?? null,
    ...plain(facts),
  };
  const { environment } = c.get('settings');
  const tell = async (): Promise<void> => {
    const event = { ...told, address: hashedAddress(c) };
    securityLog.write(event, environment);
    for (const listener of listeners) listener(c, event);
  };
  background(c, 'security_event_failed', tell());
};

/** Ids and words of code pass; a text that could be a person's is withheld, whatever a caller hands over. */
const plain = (facts: SecurityFacts): SecurityFacts =>
  Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        typeof value === 'string' && !/^[\w.:/-]{1,160}$/.test(value) ? '(withheld)' : value,
      ]),
  );
