import { securityEventKinds } from '../../http/security-kinds.ts';
import { series } from './series.ts';

/** The queues that have a consumer, by the names in wrangler.toml, each with the one for messages that were given up. */
const queues = ['days', 'messages', 'notifications', 'webhooks'].flatMap((name) => [
  `daybook-${name}`,
  `daybook-${name}-dead`,
]);

/**
 * Counters that are known before anything is counted: they begin at 0, so that the first failure is a rise that an alert
 * can see. Those by route, status or refusal begin with the first of their kind.
 */
export const zeros: Readonly<Record<string, number>> = Object.fromEntries(
  [
    series('daybook_login_failures_total'),
    series('daybook_booking_attempts_total', { outcome: 'held' }),
    ...securityEventKinds.map((kind) => series('daybook_security_events_total', { kind })),
    ...queues.flatMap((queue) =>
      ['done', 'retried'].map((outcome) => series('daybook_queue_messages_total', { queue, outcome })),
    ),
  ].map((name) => [name, 0]),
);
