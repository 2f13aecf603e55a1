import { backOffMs } from '../domain/back-off.ts';
import type { GatewayFact, GatewayName } from '../domain/payments/facts.ts';
import { noteCapture, noteFailure } from './capture.ts';
import type { Webhook } from './gateway.ts';
import { noteRefund } from './refunds.ts';
import { settle } from './settle.ts';
import type { Till } from './till.ts';

/** Times that an event is tried which speaks of a payment that nobody has heard of: the last after about a day. */
const maxAttempts = 25;

/** An event that waits to be applied. */
export interface EventRow {
  readonly id: string;
  readonly gateway: GatewayName;
  readonly facts: string;
  readonly attempts: number;
}

/** Keeps what a gateway told us, so that it is lost no more: once by its id, whatever a repeat says. */
export const storeEvent = async (
  { d1 }: Till,
  gateway: GatewayName,
  { eventId, type, facts }: Webhook,
  nowMs: number,
): Promise<string> => {
  const id = `${gateway}:${eventId}`;
  await d1
    .prepare(
      `INSERT INTO payment_events (id, gateway, type, facts, received_at_ms, due_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (id) DO NOTHING`,
    )
    .bind(id, gateway, type, JSON.stringify(facts), nowMs)
    .run();
  return id;
};

/** Applies an event that was kept. Twice is as good as once; what fails is tried again. */
export const applyEvent = async (till: Till, event: EventRow, nowMs: number): Promise<void> => {
  const facts = JSON.parse(event.facts) as readonly GatewayFact[];
  const isKnown = await applyFacts(till, event.gateway, facts, nowMs);
  const isOver = isKnown || event.attempts + 1 >= maxAttempts;
  if (!isKnown && isOver) till.report('payment_event_unknown', { event: event.id });
  const dueAtMs = isOver ? null : nowMs + backOffMs(event.attempts + 1, till.random());
  await till.d1
    .prepare(
      `UPDATE payment_events SET applied_at_ms = ?2, due_at_ms = ?3, attempts = attempts + 1
       WHERE id = ?1 AND applied_at_ms IS NULL`,
    )
    .bind(event.id, isOver ? nowMs : null, dueAtMs)
    .run();
};

/** Applies facts in the order in which they follow from each other. `false` when one is of a payment not known yet. */
export const applyFacts = async (
  till: Till,
  gateway: GatewayName,
  facts: readonly GatewayFact[],
  nowMs: number,
): Promise<boolean> => {
  let isKnown = true;
  // An order that is not ours is another program's, on the same account: its facts are none of our business.
  let isOurs = true;
  for (const fact of facts) {
    switch (fact.kind) {
      case 'captured': {
        const payment = await noteCapture(till, gateway, fact, nowMs);
        isOurs = payment !== null;
        if (payment !== null) await settle(till, payment, nowMs);
        break;
      }
      case 'failed':
        await noteFailure(till.d1, gateway, fact.gatewayOrderId);
        break;
      case 'refund':
        if (isOurs && !(await noteRefund(till, gateway, fact, nowMs))) isKnown = false;
        break;
    }
  }
  return isKnown;
};
