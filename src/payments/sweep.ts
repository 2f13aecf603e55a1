import { backOffMs } from '../domain/back-off.ts';
import { nextAskMs } from '../domain/payments/asking.ts';
import { conclude } from './conclude.ts';
import { applyEvent, applyFacts, type EventRow } from './events.ts';
import { type RefundRow, refundColumns, sendRefund } from './refunds.ts';
import { later, settle } from './settle.ts';
import { type OrderRow, orderColumns, type PaymentRow, paymentColumns, type Till } from './till.ts';

/** Items of each kind that one run takes; what is left is the next run's. */
const atOnce = 50;
/** How long a gateway that did not answer is left alone, ms. */
const askAgainMs = 10 * 60_000;

/** What a run did, in numbers. */
export interface Swept {
  readonly events: number;
  readonly payments: number;
  readonly refunds: number;
  readonly failed: number;
}

/**
 * Goes on with everything about money that is due: events that were kept, payments that wait for their doctor-day or whose
 * appointment has ended, refunds that are owed. What fails keeps nothing else waiting.
 */
export const sweepPayments = async (till: Till, nowMs: number): Promise<Swept> => {
  const { d1 } = till;
  let failed = 0;
  const each = async <Row extends { readonly id: string }>(
    sql: string,
    work: (row: Row) => Promise<void>,
    putOff: (row: Row) => Promise<unknown>,
  ): Promise<number> => {
    const { results } = await d1.prepare(sql).bind(nowMs, atOnce).all<Row>();
    for (const row of results) {
      try {
        await work(row);
      } catch (error) {
        failed += 1;
        till.report('payment_work_failed', { id: row.id, error: error instanceof Error ? error.name : 'unknown' });
        await putOff(row).catch(() => undefined);
      }
    }
    return results.length;
  };

  const events = await each<EventRow>(
    'SELECT id, gateway, facts, attempts FROM payment_events WHERE due_at_ms <= ?1 ORDER BY due_at_ms LIMIT ?2',
    (event) => applyEvent(till, event, nowMs),
    ({ id, attempts }) =>
      d1
        .prepare(
          'UPDATE payment_events SET attempts = attempts + 1, due_at_ms = ?2 WHERE id = ?1 AND applied_at_ms IS NULL',
        )
        .bind(id, nowMs + backOffMs(attempts + 1, till.random()))
        .run(),
  );
  const payments = await each<PaymentRow>(
    `SELECT ${paymentColumns} FROM payments WHERE due_at_ms <= ?1 ORDER BY due_at_ms LIMIT ?2`,
    (payment) => (payment.state === 'captured' ? settle(till, payment, nowMs) : conclude(till, payment, nowMs)),
    (payment) => later(till, payment, nowMs),
  );
  const refunds = await each<RefundRow>(
    `SELECT ${refundColumns} FROM payment_refunds WHERE due_at_ms <= ?1 ORDER BY due_at_ms LIMIT ?2`,
    (refund) => (refund.state === 'owed' ? sendRefund(till, refund, nowMs) : askAfter(till, refund, nowMs)),
    ({ id, failures }) =>
      d1
        .prepare(
          `UPDATE payment_refunds SET failures = failures + 1, due_at_ms = ?2 WHERE id = ?1 AND state IN ('owed', 'sent')`,
        )
        .bind(id, nowMs + backOffMs(failures + 1, till.random()))
        .run(),
  );
  return { events, payments, refunds, failed };
};

/** A refund that the gateway took on a while ago and never spoke of again. */
const askAfter = async (till: Till, refund: RefundRow, nowMs: number): Promise<void> => {
  const order = await till.d1
    .prepare(`SELECT ${orderColumns} FROM payment_orders WHERE id = (SELECT order_id FROM payments WHERE id = ?)`)
    .bind(refund.paymentId)
    .first<OrderRow>();
  await till.d1
    .prepare('UPDATE payment_refunds SET due_at_ms = ?2 WHERE id = ?1 AND due_at_ms IS NOT NULL')
    .bind(refund.id, nowMs + 24 * 3_600_000)
    .run();
  if (order !== null) await askAbout(till, order, nowMs);
};

/** Asks the gateway what has happened on an order, and applies it like news. `false` while it does not say. */
export const askAbout = async (till: Till, order: OrderRow, nowMs: number): Promise<boolean> => {
  if (till.gateway?.name !== order.gateway || order.gatewayOrderId === null) return false;
  const said = await till.gateway.factsOf(order.gatewayOrderId);
  if (!said.ok) return false;
  await applyFacts(
    till,
    order.gateway,
    said.value.filter(({ kind }) => kind !== 'failed'),
    nowMs,
  );
  return true;
};

/**
 * Asks the gateway about orders whose time has come: soon after they were made, within hours, then daily for a week. So
 * money whose news was lost is found, and a second payment of an order as well.
 */
export const reconcilePayments = async (till: Till, nowMs: number): Promise<{ asked: number; unanswered: number }> => {
  const { results } = await till.d1
    .prepare(`SELECT ${orderColumns} FROM payment_orders WHERE ask_at_ms <= ?1 ORDER BY ask_at_ms LIMIT ?2`)
    .bind(nowMs, atOnce)
    .all<OrderRow>();
  let unanswered = 0;
  for (const order of results) {
    // Of what the gateway never made, nobody can have paid anything.
    const heard = order.gatewayOrderId === null || (await askAbout(till, order, nowMs).catch(() => false));
    if (!heard) unanswered += 1;
    await till.d1
      .prepare('UPDATE payment_orders SET ask_at_ms = ?2 WHERE id = ?1')
      .bind(order.id, heard ? nextAskMs(order.createdAtMs, nowMs) : nowMs + askAgainMs)
      .run();
  }
  return { asked: results.length, unanswered };
};
