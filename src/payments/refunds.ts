import { guardFailed } from '../db/guard.ts';
import { backOffMs } from '../domain/back-off.ts';
import type { GatewayName, RefundState } from '../domain/payments/facts.ts';
import { refundedPostings } from '../domain/payments/ledger.ts';
import { adopt } from './adopt.ts';
import { paymentAtGateway } from './capture.ts';
import type { RefundFact } from './gateway.ts';
import { paymentOf } from './payment-of.ts';
import { guarded, ledgerEntry } from './statements.ts';
import type { PaymentRow, Till } from './till.ts';

/** A refund as D1 holds it. */
export interface RefundRow {
  readonly id: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly state: RefundState;
  readonly gatewayRefundId: string | null;
  readonly attempt: number;
  readonly failures: number;
}

export const refundColumns = `id, payment_id AS paymentId, amount_minor AS amountMinor, state,
  gateway_refund_id AS gatewayRefundId, attempt, failures`;

/** When a refund that the gateway has taken on is asked after, ms. */
const askAfterMs = 24 * 3_600_000;
/** How long a refund waits that the gateway will not make, or that has failed there, ms: an operator has been told. */
const refusedWaitMs = 6 * 3_600_000;

const keyOf = ({ id, attempt }: RefundRow): string => `${id}-${attempt}`;

/** Asks the gateway for a refund that is owed; its key makes it one however often it is asked. */
export const sendRefund = async (till: Till, refund: RefundRow, nowMs: number): Promise<void> => {
  const payment = await paymentOf(till.d1, refund.paymentId);
  if (till.gateway?.name !== payment.gateway) {
    till.report('refund_without_gateway', { refundId: refund.id, gateway: payment.gateway });
    return putOff(till, refund, nowMs + refusedWaitMs);
  }
  const { gatewayPaymentId, currency } = payment;
  const asked = { gatewayPaymentId, amountMinor: refund.amountMinor, currency, key: keyOf(refund) };
  const made = await till.gateway.refund(asked);
  if (made.ok) return void (await noteRefund(till, payment.gateway, made.value, nowMs));
  const { why, detail, retryAfterMs } = made;
  if (why === 'refused') till.report('refund_refused', { refundId: refund.id, detail });
  const waitMs = backOffMs(refund.failures + 1, till.random(), retryAfterMs);
  return putOff(till, refund, nowMs + (why === 'refused' ? refusedWaitMs : waitMs));
};

const putOff = async ({ d1 }: Till, { id, state }: RefundRow, dueAtMs: number): Promise<void> => {
  await d1
    .prepare('UPDATE payment_refunds SET failures = failures + 1, due_at_ms = ?2 WHERE id = ?1 AND state = ?3')
    .bind(id, dueAtMs, state)
    .run();
};

/**
 * Applies what a gateway says of a refund, whenever it says it. `false` when it does not fit with what is known yet: the
 * news that explains it may still come.
 */
export const noteRefund = async (
  till: Till,
  gateway: GatewayName,
  fact: RefundFact,
  nowMs: number,
): Promise<boolean> => {
  const payment = await paymentAtGateway(till.d1, gateway, fact.gatewayPaymentId);
  if (payment === null) return false;
  const refund = await refundOf(till.d1, payment, fact);
  if (refund !== null) await advance(till, payment, refund, fact, nowMs);
  else if (fact.status !== 'failed') return adopt(till, payment, fact, nowMs);
  return true;
};

/** The refund of ours that a fact is about: by the gateway's id, or by the key we asked with. */
const refundOf = async (d1: D1Database, payment: PaymentRow, fact: RefundFact): Promise<RefundRow | null> => {
  const [, id = '', attempt = ''] = /^(rf_.+)-(\d+)$/.exec(fact.key ?? '') ?? [];
  const { results } = await d1
    .prepare(
      `SELECT ${refundColumns} FROM payment_refunds WHERE gateway_refund_id = ?1
       UNION SELECT ${refundColumns} FROM payment_refunds WHERE id = ?2 AND payment_id = ?3 AND attempt = ?4
         AND state <> 'replaced'`,
    )
    .bind(fact.gatewayRefundId, id, payment.id, Number(attempt))
    .all<RefundRow>();
  return results.find(({ gatewayRefundId }) => gatewayRefundId === fact.gatewayRefundId) ?? results[0] ?? null;
};

const advance = async (
  till: Till,
  payment: PaymentRow,
  refund: RefundRow,
  fact: RefundFact,
  nowMs: number,
): Promise<void> => {
  const { d1 } = till;
  const asKnown = [refund.id, refund.attempt] as const;
  if (refund.state === 'processed' || refund.state === 'replaced') return;
  if (fact.status === 'processed') return processed(till, payment, refund, fact.gatewayRefundId, nowMs);
  if (fact.status === 'pending') {
    await d1
      .prepare(
        `UPDATE payment_refunds SET state = 'sent', gateway_refund_id = ?3, failures = 0, due_at_ms = ?4
         WHERE id = ?1 AND attempt = ?2 AND state IN ('owed', 'sent')`,
      )
      .bind(...asKnown, fact.gatewayRefundId, nowMs + askAfterMs)
      .run();
    return;
  }
  // The money is still ours, and still owed: another refund is asked for, under another key.
  till.report('refund_failed', { refundId: refund.id, attempt: refund.attempt });
  await d1
    .prepare(
      `UPDATE payment_refunds SET state = 'owed', gateway_refund_id = NULL, attempt = attempt + 1, due_at_ms = ?3
       WHERE id = ?1 AND attempt = ?2 AND state IN ('owed', 'sent')`,
    )
    .bind(...asKnown, nowMs + refusedWaitMs)
    .run();
};

const processed = async (
  { d1 }: Till,
  payment: PaymentRow,
  refund: RefundRow,
  gatewayRefundId: string,
  nowMs: number,
): Promise<void> => {
  try {
    await d1.batch([
      guarded(d1, `EXISTS (SELECT 1 FROM payment_refunds WHERE id = ? AND state IN ('owed', 'sent'))`, refund.id),
      d1
        .prepare(
          `UPDATE payment_refunds SET state = 'processed', gateway_refund_id = ?2, failures = 0, due_at_ms = NULL,
             processed_at_ms = ?3 WHERE id = ?1`,
        )
        .bind(refund.id, gatewayRefundId, nowMs),
      ledgerEntry(
        ...([d1, `refunded:${refund.id}`, payment.id, payment] as const),
        ...([refundedPostings(refund.amountMinor, payment.currency), nowMs] as const),
      ),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
  }
};
