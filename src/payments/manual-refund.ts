import { violatedUnique } from '../db/constraint.ts';
import { guardFailed } from '../db/guard.ts';
import type { manualReasons } from '../domain/payments/facts.ts';
import { refundOwedPostings } from '../domain/payments/ledger.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { ok, type Result, refused } from '../domain/result.ts';
import { type RefundRow, refundColumns } from './refunds.ts';
import { documentStatement, guarded, ledgerEntry, refundStatement } from './statements.ts';
import { type PaymentRow, paymentColumns, type Till } from './till.ts';

/** A payment by its id; `null` when there is none. */
export const paymentById = (d1: D1Database, id: string): Promise<PaymentRow | null> =>
  d1.prepare(`SELECT ${paymentColumns} FROM payments WHERE id = ?`).bind(id).first<PaymentRow>();

/**
 * Owes a part of a payment, or what is left of it, to whoever paid it: of many who ask at once as many as there is money
 * for. Refuses with `not_found`, `refund_too_large`, and `not_refundable` while it is not decided what the payment is for,
 * or it is given back already.
 *
 * @param more statements that belong to it, such as the audit's
 */
export const oweRefund = async (
  till: Till,
  id: string,
  asked: { readonly refundId: string; readonly amount: number; readonly reason: (typeof manualReasons)[number] },
  nowMs: number,
  more: (payment: PaymentRow) => readonly D1PreparedStatement[] = () => [],
): Promise<Result<RefundRow, Refusal>> => {
  const { d1, newId } = till;
  const { refundId, amount: amountMinor, reason } = asked;
  const payment = await paymentById(d1, id);
  if (payment === null) return refused(refusal('not_found'));
  if (payment.state !== 'kept' && payment.state !== 'concluded') return refused(refusal('not_refundable'));
  const refund = { id: refundId, cause: `manual:${refundId}`, reason, amountMinor, state: 'owed' } as const;
  const told = await till.tell(payment, { refundId, amountMinor, reason }, nowMs);
  const postings = refundOwedPostings(amountMinor, payment.currency, payment.state === 'concluded');
  try {
    await d1.batch([
      guarded(
        d1,
        'EXISTS (SELECT 1 FROM payments WHERE id = ?1 AND state = ?2 AND refunded_minor + ?3 <= amount_minor)',
        ...[id, payment.state, amountMinor],
      ),
      d1.prepare('UPDATE payments SET refunded_minor = refunded_minor + ?2 WHERE id = ?1').bind(id, amountMinor),
      refundStatement(d1, payment, { ...refund, gatewayRefundId: null }, nowMs),
      ledgerEntry(d1, `refund:${refundId}`, id, payment, postings, nowMs),
      documentStatement(d1, newId('pd'), 'credit_note', payment, { refundId, amountMinor }, nowMs),
      ...told.statements,
      ...more(payment),
    ]);
  } catch (error) {
    if (!guardFailed(error) && violatedUnique(error) === null) throw error;
    return refused(refusal('refund_too_large'));
  }
  await told.send();
  const row = await d1
    .prepare(`SELECT ${refundColumns} FROM payment_refunds WHERE id = ?`)
    .bind(refundId)
    .first<RefundRow>();
  return row === null ? refused(refusal('temporarily_unavailable')) : ok(row);
};
