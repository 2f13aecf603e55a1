import type { AnswerListener } from '../../http/answered.ts';
import type { Rates } from '../../http/edge-settings.ts';
import { gathering } from '../../http/gathered.ts';
import { routeTemplate } from '../../http/log.ts';
import { classesOf } from '../../http/rate-classes.ts';
import type { SecurityListener } from '../../http/security-event.ts';
import { meterOf } from './meter.ts';
import { bucketSeconds, series } from './series.ts';

/** How long an isolate counts before it tells the meter. */
const waitMs = 5_000;

type Counts = Map<string, number>;

/** What this isolate has counted and not told the meter yet. */
export const counts = gathering<Counts>(
  'counts_not_sent',
  waitMs,
  () => new Map(),
  (env, counted) => meterOf(env).add(Object.fromEntries(counted)),
);

const one = (counted: Counts, name: string, by = 1): void => void counted.set(name, (counted.get(name) ?? 0) + by);

/** Counts an answer. Only where somebody may look at the counts: without a METRICS_TOKEN it does nothing. */
export const countAnswer: AnswerListener = (c, durationMs) => {
  if (c.get('settings').metricsToken === null) return;
  const route = routeTemplate(c);
  const { method } = c.req;
  const { status } = c.res;
  const refused = c.get('refused');
  counts.add(c, (counted) => {
    one(counted, series('daybook_requests_total', { method: known(method), route, status: String(status) }));
    if (refused !== undefined) one(counted, series('daybook_refusals_total', { code: refused }));
    if (method === 'POST' && route === '/api/v1/appointments')
      one(counted, series('daybook_booking_attempts_total', { outcome: refused ?? 'held' }));
    observe(counted, classNameOf(method, route), durationMs / 1000);
  });
};

/** Counts a security event. */
export const countSecurityEvent: SecurityListener = (c, { event }) => {
  if (c.get('settings').metricsToken === null) return;
  counts.add(c, (counted) => {
    one(counted, series('daybook_security_events_total', { kind: event }));
    if (event === 'auth.failed') one(counted, series('daybook_login_failures_total'));
  });
};

/** Labels are words of ours: a method that nobody knows is not written down. */
const known = (method: string): string =>
  ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';

const classNameOf = (method: string, route: string): keyof Rates => {
  const { address, account } = classesOf(method, route);
  return address === 'address' ? account : address;
};

const observe = (counted: Counts, kind: string, seconds: number): void => {
  for (const bound of bucketSeconds) {
    if (seconds <= bound) one(counted, series('daybook_request_seconds_bucket', { class: kind, le: String(bound) }));
  }
  one(counted, series('daybook_request_seconds_bucket', { class: kind, le: '+Inf' }));
  one(counted, series('daybook_request_seconds_sum', { class: kind }), seconds);
  one(counted, series('daybook_request_seconds_count', { class: kind }));
};
