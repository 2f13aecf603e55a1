import type { Till } from './till.ts';

const dayMs = 86_400_000;
/** Events are kept for so long, ms. */
const keptMs = 90 * dayMs;

/** What is still in doubt after so long, ms, is told an operator. */
const patienceMs = dayMs;

/**
 * Looks once a night for what should not be: a ledger that does not balance, money that waits, refunds that wait. Payments
 * that are kept for an appointment which is over are taken up again, whatever kept them from it. Deletes events after 90
 * days.
 */
export const checkPayments = async (
  { d1, report }: Till,
  nowMs: number,
): Promise<{ resumed: number; waiting: number; unbalanced: number; forgotten: number }> => {
  const [resumed, waiting, unbalanced, forgotten] = (await d1.batch([
    d1
      .prepare(
        `UPDATE payments SET due_at_ms = ?1 WHERE state = 'kept' AND due_at_ms IS NULL AND EXISTS (
           SELECT 1 FROM appointments a WHERE a.id = payments.appointment_id
           AND a.status IN ('completed', 'no_show', 'cancelled', 'rejected', 'expired')) RETURNING id`,
      )
      .bind(nowMs),
    d1
      .prepare(
        `SELECT id FROM payments WHERE state = 'captured' AND captured_at_ms < ?1
         UNION ALL SELECT id FROM payment_refunds WHERE due_at_ms IS NOT NULL AND created_at_ms < ?1`,
      )
      .bind(nowMs - patienceMs),
    d1
      .prepare(
        `SELECT currency FROM ledger_postings WHERE account IN (
           'gateway_clearing', 'patient_prepaid', 'clinic_revenue', 'refunds_payable') AND at_ms >= ?1 AND at_ms < ?2
         GROUP BY currency HAVING sum(amount_minor) <> 0`,
      )
      .bind(nowMs - 7 * dayMs, nowMs),
    d1.prepare('DELETE FROM payment_events WHERE received_at_ms < ? RETURNING id').bind(nowMs - keptMs),
  ])) as D1Result<{ id: string }>[];
  const of = (result: D1Result<unknown> | undefined): number => result?.results.length ?? 0;
  if (of(waiting) > 0) report('payments_waiting', { ids: waiting?.results.slice(0, 10).map(({ id }) => id) });
  if (of(unbalanced) > 0) report('ledger_unbalanced', { currencies: of(unbalanced) });
  return { resumed: of(resumed), waiting: of(waiting), unbalanced: of(unbalanced), forgotten: of(forgotten) };
};
