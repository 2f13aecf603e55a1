import { violatedUnique } from '../db/constraint.ts';
import { guardFailed } from '../db/guard.ts';
import { backOffMs } from '../domain/back-off.ts';
import { refundOwedPostings } from '../domain/payments/ledger.ts';
import { returnReason } from '../domain/payments/refund-policy.ts';
import { documentStatement, guarded, ledgerEntry, refundStatement } from './statements.ts';
import type { PaymentRow, Till } from './till.ts';

/** Refusals of a doctor-day that say nothing of the appointment: it is asked again. */
const passing = new Set(['temporarily_unavailable', 'move_in_progress', 'day_frozen', 'request_in_flight']);

const stillCaptured = `EXISTS (SELECT 1 FROM payments WHERE id = ? AND state = 'captured' AND refunded_minor = ?)`;

/**
 * Asks the doctor-day what to do with money that came: it takes it for the appointment, or it is given back whole. What
 * it decided holds however often it is asked; while it cannot be asked, the money waits.
 */
export const settle = async (till: Till, payment: PaymentRow, nowMs: number): Promise<void> => {
  if (payment.state !== 'captured') return;
  const { id, appointmentId, amountMinor, currency } = payment;
  const decided = await till.days.recordPayment(appointmentId, { id, amountMinor, currency });
  if (decided.ok) return keep(till, payment, nowMs);
  if (passing.has(decided.refusal.code)) return later(till, payment, nowMs);
  return giveBack(till, payment, decided.refusal.code, nowMs);
};

/** Puts off what could not be done about a payment. */
export const later = async ({ d1, random }: Till, payment: PaymentRow, nowMs: number): Promise<void> => {
  const dueAtMs = nowMs + backOffMs(payment.attempts + 1, random());
  await d1
    .prepare('UPDATE payments SET attempts = attempts + 1, due_at_ms = ?2 WHERE id = ?1 AND state = ?3')
    .bind(payment.id, dueAtMs, payment.state)
    .run();
};

const keep = async (till: Till, payment: PaymentRow, nowMs: number): Promise<void> => {
  const { d1, newId } = till;
  const whole = { refundId: '', amountMinor: payment.amountMinor };
  try {
    await d1.batch([
      guarded(d1, stillCaptured, payment.id, payment.refundedMinor),
      // Due at once: the appointment may have ended before this was written.
      d1
        .prepare(`UPDATE payments SET state = 'kept', settled_at_ms = ?2, attempts = 0, due_at_ms = ?2 WHERE id = ?1`)
        .bind(payment.id, nowMs),
      documentStatement(d1, newId('pd'), 'receipt', payment, whole, nowMs),
      documentStatement(d1, newId('pd'), 'invoice', payment, whole, nowMs),
    ]);
  } catch (error) {
    if (guardFailed(error)) return;
    if (violatedUnique(error) === null) throw error;
    till.report('payment_kept_twice', { paymentId: payment.id });
    await giveBack(till, payment, 'already_paid', nowMs);
  }
};

/** Owes all of a payment that is for nothing to whoever paid it. */
const giveBack = async (till: Till, payment: PaymentRow, code: string, nowMs: number): Promise<void> => {
  const { d1, newId } = till;
  const amountMinor = payment.amountMinor - payment.refundedMinor;
  const reason = returnReason(code);
  const refund = {
    id: newId('rf'),
    cause: 'returned',
    reason,
    amountMinor,
    state: 'owed',
    gatewayRefundId: null,
  } as const;
  const told = amountMinor === 0 ? null : await till.tell(payment, { refundId: refund.id, amountMinor, reason }, nowMs);
  const owed =
    told === null
      ? []
      : [
          refundStatement(d1, payment, refund, nowMs),
          ledgerEntry(
            ...([d1, `refund:${refund.id}`, payment.id, payment] as const),
            ...([refundOwedPostings(amountMinor, payment.currency, false), nowMs] as const),
          ),
          ...told.statements,
        ];
  try {
    await d1.batch([
      guarded(d1, stillCaptured, payment.id, payment.refundedMinor),
      d1
        .prepare(
          `UPDATE payments SET state = 'returned', refusal = ?3, settled_at_ms = ?2, due_at_ms = NULL,
             refunded_minor = amount_minor WHERE id = ?1`,
        )
        .bind(payment.id, nowMs, code),
      ...owed,
    ]);
  } catch (error) {
    if (guardFailed(error)) return;
    throw error;
  }
  await told?.send();
};
