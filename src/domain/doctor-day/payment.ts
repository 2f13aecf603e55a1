import { refusal } from '../refusal.ts';
import { ok, refused } from '../result.ts';
import type { Mode } from '../schedule.ts';
import type { Appointment, Payment } from './appointment.ts';
import type { Limits, SystemCommand } from './command.ts';
import type { Decision } from './decision.ts';
import { type DayPlan, feeOf } from './plan.ts';
import { after } from './status.ts';
import { changed, confirmation, notFrom } from './step.ts';

/** Whether what is held on a day must be paid before its patient can confirm it. What costs nothing never must. */
export const asksToBePaid = (plan: DayPlan, mode: Mode): boolean =>
  plan.paymentRequired === true && feeOf(plan, mode).amount > 0;

/** Whether a visit must be paid first here, and what was paid for it elsewhere is less than it costs, or nothing. */
export const fallsShort = (plan: DayPlan, mode: Mode, payment: Payment | null | undefined): boolean => {
  const { amount, currency } = feeOf(plan, mode);
  return asksToBePaid(plan, mode) && !(payment?.currency === currency && payment.amountMinor >= amount);
};

/**
 * Decides what a payment does to its appointment: it is noted, and a hold is confirmed in the same commit, as if its
 * patient had confirmed it. A repeat of the same payment changes nothing. Refuses with `not_found`, `already_paid`
 * (another payment was taken), `move_in_progress` (ask again), `hold_expired`, `invalid_transition`, `wrong_amount`:
 * whoever took the money gives it back.
 */
export const recordPayment = (
  plan: DayPlan,
  appointment: Appointment | undefined,
  command: SystemCommand & { type: 'record_payment' },
  nowMs: number,
  limits: Limits,
): Decision => {
  if (appointment === undefined) return refused(refusal('not_found'));
  const { id, amountMinor, currency } = command.payment;
  const known = appointment.payment ?? null;
  if (known !== null) return known.id === id ? ok([]) : refused(refusal('already_paid'));
  if (after(appointment.status, 'pay') === null) return refused(notFrom(appointment, 'pay'));
  if (appointment.moving !== null) return refused(refusal('move_in_progress'));
  const { fee } = appointment;
  if (amountMinor !== fee.amount || currency !== fee.currency) return refused(refusal('wrong_amount'));
  const paid = changed(appointment, { payment: { id, amountMinor, currency, atMs: nowMs } }, nowMs);
  const noted = { type: 'paid', actor: null, appointment: paid } as const;
  if (appointment.status !== 'pending') return ok([noted]);
  const agreed = confirmation(plan, paid, 'patient', nowMs, limits);
  if (!agreed.ok) return agreed;
  const { type, ...change } = agreed.value;
  return ok([noted, { type, actor: null, appointment: changed(paid, change, nowMs) }]);
};
