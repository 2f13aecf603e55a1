import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { guardFailed } from '../../db/guard.ts';
import type { manualReasons } from '../../domain/payments/facts.ts';
import { refundOwedPostings } from '../../domain/payments/ledger.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { invariant, ok, type Result, refused } from '../../domain/result.ts';
import { background } from '../../http/background.ts';
import type { AppEnv } from '../../http/context.ts';
import { newPaymentId, tillOf } from '../../payments/env-till.ts';
import { type RefundRow, refundColumns, sendRefund } from '../../payments/refunds.ts';
import { documentStatement, guarded, ledgerEntry, refundStatement } from '../../payments/statements.ts';
import { type PaymentRow, paymentColumns } from '../../payments/till.ts';
import { auditStatement } from '../audit/record.ts';
import type { paidSchema } from './schema.ts';
import { paidView, refundsOf } from './view.ts';

/** A payment by its id; `null` when there is none. */
export const paymentById = (d1: D1Database, id: string): Promise<PaymentRow | null> =>
  d1.prepare(`SELECT ${paymentColumns} FROM payments WHERE id = ?`).bind(id).first<PaymentRow>();

/** A payment with its refunds, as the API shows it. */
export const shownPayment = async (d1: D1Database, payment: PaymentRow): Promise<z.input<typeof paidSchema>> =>
  paidView(payment, await refundsOf(d1, [payment.id]));

/**
 * Owes a part of a payment, or what is left of it, to whoever paid it; who asks twice at once does it once at most as
 * often as there is money. Refuses with `not_found`, `refund_too_large`, and `not_refundable` while it is not decided what
 * the payment is for, or it is given back already.
 */
export const refundByHand = async (
  c: Context<AppEnv>,
  id: string,
  { amount, reason }: { readonly amount: number; readonly reason: (typeof manualReasons)[number] },
): Promise<Result<z.input<typeof paidSchema>, Refusal>> => {
  const till = tillOf(c.env);
  const { d1 } = till;
  const payment = await paymentById(d1, id);
  if (payment === null) return refused(refusal('not_found'));
  if (payment.state !== 'kept' && payment.state !== 'concluded') return refused(refusal('not_refundable'));
  const [nowMs, refundId, actor] = [Date.now(), newPaymentId('rf'), c.get('principal')];
  const refund = { id: refundId, cause: `manual:${refundId}`, reason, amountMinor: amount } as const;
  const postings = refundOwedPostings(amount, payment.currency, payment.state === 'concluded');
  const audit = auditStatement(database(d1), {
    stream: `account:${actor.id}`,
    actor,
    action: 'payment.refunded_by_hand',
    subjectId: payment.appointmentId,
    data: { paymentId: id, refundId, amount, currency: payment.currency, reason },
    atMs: nowMs,
  }).toSQL();
  try {
    await d1.batch([
      guarded(
        d1,
        'EXISTS (SELECT 1 FROM payments WHERE id = ?1 AND state = ?2 AND refunded_minor + ?3 <= amount_minor)',
        ...[id, payment.state, amount],
      ),
      d1.prepare('UPDATE payments SET refunded_minor = refunded_minor + ?2 WHERE id = ?1').bind(id, amount),
      refundStatement(d1, payment, { ...refund, state: 'owed', gatewayRefundId: null }, nowMs),
      ledgerEntry(d1, `refund:${refundId}`, id, payment, postings, nowMs),
      documentStatement(d1, newPaymentId('pd'), 'credit_note', payment, refundId, nowMs),
      ...(await till.tell(payment, { refundId, amountMinor: amount, reason }, nowMs)),
      d1.prepare(audit.sql).bind(...audit.params),
    ]);
  } catch (error) {
    if (!guardFailed(error) && violatedUnique(error) === null) throw error;
    return refused(refusal('refund_too_large'));
  }
  const row = await d1
    .prepare(`SELECT ${refundColumns} FROM payment_refunds WHERE id = ?`)
    .bind(refundId)
    .first<RefundRow>();
  if (row !== null) background(c, 'refund_not_sent', sendRefund(till, row, nowMs));
  const now = await paymentById(d1, id);
  invariant(now !== null, 'payments are never deleted');
  return ok(await shownPayment(d1, now));
};
