import { guardFailed } from '../db/guard.ts';
import type { RefundReason } from '../domain/payments/facts.ts';
import { refundedPostings, refundOwedPostings } from '../domain/payments/ledger.ts';
import type { RefundFact } from './gateway.ts';
import { paymentOf } from './payment-of.ts';
import { documentStatement, guarded, ledgerEntry, type NewRefund, refundStatement } from './statements.ts';
import type { PaymentRow, Till } from './till.ts';

interface Owed {
  readonly id: string;
  readonly amountMinor: number;
  readonly reason: RefundReason;
}

/** Times that a decision is made again because the payment changed meanwhile. */
const maxTries = 5;

/**
 * Writes down a refund that somebody made at the gateway, past us. As far as there is money that nobody has been promised,
 * it is one more; beyond that it was made in place of refunds that we owe, and what is left of those goes on by itself.
 * `false` when it fits with nothing that is known: one of ours must have failed, and the news of that is to come.
 */
export const adopt = async (
  till: Till,
  payment: PaymentRow,
  fact: RefundFact,
  nowMs: number,
  tries = 0,
): Promise<boolean> => {
  const { d1, newId } = till;
  const { amountMinor } = fact;
  const fresh = Math.min(amountMinor, payment.amountMinor - payment.refundedMinor);
  const replaced = fresh === amountMinor ? [] : await owedInPlace(d1, payment.id, amountMinor - fresh);
  if (replaced === null) return false;
  const refund: NewRefund = {
    ...{ id: newId('rf'), cause: `gateway:${fact.gatewayRefundId}`, reason: 'made_at_gateway', amountMinor },
    ...{ state: fact.status === 'processed' ? 'processed' : 'sent', gatewayRefundId: fact.gatewayRefundId },
  };
  const { id } = refund;
  const isEarned = payment.state === 'concluded';
  const isInvoiced = isEarned || payment.state === 'kept';
  const entry = (cause: string, postings: Parameters<typeof ledgerEntry>[4]) =>
    ledgerEntry(d1, `${cause}:${id}`, payment.id, payment, postings, nowMs);
  const over = amountMinor - fresh;
  const sum = replaced.reduce((total, owed) => total + owed.amountMinor, 0);
  const last = replaced.at(-1);
  try {
    await d1.batch([
      guarded(
        d1,
        `EXISTS (SELECT 1 FROM payments WHERE id = ?1 AND state = ?2 AND refunded_minor = ?3) AND ?5 = (SELECT count(*)
           FROM payment_refunds WHERE id IN (SELECT value FROM json_each(?4)) AND state = 'owed')`,
        ...[payment.id, payment.state, payment.refundedMinor, JSON.stringify(replaced.map((owed) => owed.id))],
        replaced.length,
      ),
      d1.prepare('UPDATE payments SET refunded_minor = refunded_minor + ?2 WHERE id = ?1').bind(payment.id, fresh),
      refundStatement(d1, payment, refund, nowMs),
      ...(fresh === 0 ? [] : [entry('refund', refundOwedPostings(fresh, payment.currency, isEarned))]),
      ...(isInvoiced && fresh > 0
        ? [documentStatement(d1, newId('pd'), 'credit_note', payment, { refundId: id, amountMinor: fresh }, nowMs)]
        : []),
      ...(refund.state === 'processed' ? [entry('refunded', refundedPostings(amountMinor, payment.currency))] : []),
      ...replaced.map((owed) =>
        d1.prepare(`UPDATE payment_refunds SET state = 'replaced', due_at_ms = NULL WHERE id = ?`).bind(owed.id),
      ),
      ...(last === undefined || sum === over
        ? []
        : [refundStatement(d1, payment, restOf(till, last, sum - over), nowMs)]),
    ]);
    return true;
  } catch (error) {
    if (!guardFailed(error) || tries >= maxTries) throw error;
    return adopt(till, await paymentOf(d1, payment.id), fact, nowMs, tries + 1);
  }
};

/** Refunds that we owe and have not got from the gateway, up to an amount or a little over; `null` when there are not as many. */
const owedInPlace = async (d1: D1Database, paymentId: string, amountMinor: number): Promise<Owed[] | null> => {
  const { results } = await d1
    .prepare(
      `SELECT id, amount_minor AS amountMinor, reason FROM payment_refunds WHERE payment_id = ? AND state = 'owed'
       ORDER BY created_at_ms, id`,
    )
    .bind(paymentId)
    .all<Owed>();
  const chosen: Owed[] = [];
  let sum = 0;
  for (const owed of results) {
    if (sum >= amountMinor) break;
    chosen.push(owed);
    sum += owed.amountMinor;
  }
  return sum >= amountMinor ? chosen : null;
};

/** What is left of a refund that was made in part by hand: another one, under a key of its own. */
const restOf = ({ newId }: Till, owed: Owed, amountMinor: number): NewRefund => ({
  ...{ id: newId('rf'), cause: `rest:${owed.id}`, reason: owed.reason, amountMinor },
  ...{ state: 'owed', gatewayRefundId: null },
});
