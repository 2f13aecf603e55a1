import { identityOf, type Principal, type Role } from '../access.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { ok, type Result, refused, unreachable } from '../result.ts';
import type { Appointment } from './appointment.ts';
import type { Limits, PersonalCommand } from './command.ts';
import type { Decision } from './decision.ts';
import type { AppointmentEventType } from './event.ts';
import type { DayPlan } from './plan.ts';
import { after, type Step } from './status.ts';

type StepCommand = Exclude<PersonalCommand, { type: 'hold' | 'reschedule' | 'start_move' }>;

/** An appointment with a change made to it at `nowMs`: its version rises. */
export const changed = (appointment: Appointment, change: Partial<Appointment>, nowMs: number): Appointment => ({
  ...appointment,
  ...change,
  updatedAtMs: nowMs,
  version: appointment.version + 1,
});

/**
 * Decides a command that changes one appointment where it stands.
 *
 * @param hasBegun whether its visit has, at its start or as the patient was called in
 */
export const step = (
  plan: DayPlan,
  appointment: Appointment,
  command: StepCommand,
  hasBegun: boolean,
  nowMs: number,
  limits: Limits,
): Decision => {
  const become = (type: AppointmentEventType, by: Step, change: Partial<Appointment> = {}): Decision => {
    const status = after(appointment.status, by);
    if (status === null) return refused(notFrom(appointment, by));
    return ok([
      { type, actor: identityOf(command.principal), appointment: changed(appointment, { ...change, status }, nowMs) },
    ]);
  };
  switch (command.type) {
    case 'confirm':
      return confirm(plan, appointment, command.principal, nowMs, limits);
    case 'extend':
      if (appointment.status === 'pending' && (appointment.extendedAtMs ?? null) !== null) {
        return refused(refusal('already_extended'));
      }
      return become('extended', 'extend', {
        extendedAtMs: nowMs,
        expiresAtMs: Math.max(
          appointment.expiresAtMs ?? nowMs,
          Math.min(nowMs + limits.paymentTtlMs, appointment.startsAtMs),
        ),
      });
    case 'accept':
      return become('accepted', 'accept', { expiresAtMs: null });
    case 'reject':
      return become('rejected', 'reject', { expiresAtMs: null, statusReason: command.statusReason });
    case 'cancel':
      if (appointment.status === 'confirmed' && command.principal.role === 'patient' && hasBegun) {
        return refused(refusal('invalid_transition', 'The appointment has begun; the doctor settles it now.'));
      }
      return become('cancelled', 'cancel', { expiresAtMs: null, statusReason: command.statusReason });
    case 'complete':
      if (appointment.status === 'confirmed' && !hasBegun) {
        // Whether it has is not known: that must not be kept as an answer.
        return refused(refusal(command.call === 'unknown' ? 'temporarily_unavailable' : 'too_early'));
      }
      return become('completed', 'complete');
    case 'mark_no_show':
      if (appointment.status === 'confirmed' && nowMs < appointment.startsAtMs) return refused(refusal('too_early'));
      return become('marked_no_show', 'mark_no_show');
    case 'describe':
      return become('described', 'describe', {
        ...(command.words.reason === undefined ? {} : { reason: command.words.reason }),
        ...(command.words.symptoms === undefined ? {} : { symptoms: command.words.symptoms }),
      });
    default:
      return unreachable(command);
  }
};

/** A confirmation by a person: the patient's side pays first where that is asked, others settle it at the desk. */
const confirm = (
  plan: DayPlan,
  appointment: Appointment,
  principal: Principal,
  nowMs: number,
  limits: Limits,
): Decision => {
  const agreed = confirmation(plan, appointment, principal.role, nowMs, limits);
  if (!agreed.ok) return agreed;
  const isOwed = (appointment.paymentRequired ?? false) && (appointment.payment ?? null) === null;
  if (isOwed && principal.role === 'patient') return refused(refusal('payment_required'));
  const { type, ...change } = agreed.value;
  return ok([{ type, actor: identityOf(principal), appointment: changed(appointment, change, nowMs) }]);
};

/** What a confirmation by somebody of a role makes of an appointment: a doctor who approves is asked, with a deadline. */
export const confirmation = (
  plan: DayPlan,
  appointment: Appointment,
  role: Role,
  nowMs: number,
  limits: Limits,
): Result<{ type: AppointmentEventType } & Pick<Appointment, 'status' | 'expiresAtMs'>, Refusal> => {
  const waits = plan.approvalRequired && asks(role);
  const by = waits ? 'request_approval' : 'confirm';
  const status = after(appointment.status, by);
  if (status === null) return refused(notFrom(appointment, by));
  if (!waits) return ok({ type: 'confirmed', status, expiresAtMs: null });
  if (nowMs >= appointment.startsAtMs) {
    return refused(refusal('invalid_transition', 'The appointment has begun; there is no time left to ask.'));
  }
  return ok({ type: 'approval_requested', status, expiresAtMs: approvalDeadline(appointment, nowMs, limits) });
};

/** Why an appointment cannot move now, if it cannot. Patients may not move one that has begun. */
export const whyNotMovable = (appointment: Appointment, role: Role, hasBegun: boolean): Refusal | null => {
  if (after(appointment.status, 'move') === null) return notFrom(appointment, 'move');
  if (role === 'patient' && hasBegun) {
    return refusal('invalid_transition', 'The appointment has begun; it cannot be moved any more.');
  }
  return null;
};

/** Whether what somebody of this role books or moves waits for a doctor who approves: it does for the patient's side. */
const asks = (role: Role): boolean => role === 'patient' || role === 'staff';

/**
 * The status and deadline of an appointment after a move: a hold keeps its countdown. A doctor who approves requests is
 * asked anew when the patient's side moves a confirmed appointment; a request keeps its deadline unless the new start is
 * nearer, but another doctor gets the whole time to answer. A doctor who approves nothing has nothing to answer: the
 * request is granted. A doctor's own move needs no approval.
 */
export const afterMove = (
  plan: DayPlan,
  { status, expiresAtMs }: Appointment,
  move: { readonly startsAtMs: number; readonly role: Role; readonly toOtherDoctor: boolean },
  nowMs: number,
  limits: Limits,
): Pick<Appointment, 'status' | 'expiresAtMs'> => {
  const anew = { status: 'awaiting_approval', expiresAtMs: approvalDeadline(move, nowMs, limits) } as const;
  if (status === 'confirmed' && plan.approvalRequired && asks(move.role)) return anew;
  if (status !== 'awaiting_approval') return { status, expiresAtMs };
  if (!plan.approvalRequired) return { status: 'confirmed', expiresAtMs: null };
  if (move.toOtherDoctor) return anew;
  return { status, expiresAtMs: Math.min(expiresAtMs ?? move.startsAtMs, move.startsAtMs) };
};

/** A doctor answers within the approval time, and never after the appointment would have begun. */
const approvalDeadline = (slot: { readonly startsAtMs: number }, nowMs: number, limits: Limits): number =>
  Math.min(nowMs + limits.approvalTtlMs, slot.startsAtMs);

/** Why a step is not possible from an appointment's status. */
export const notFrom = (appointment: Appointment, by: Step): Refusal => {
  const detail = `The appointment is ${appointment.status}.`;
  if (by === 'confirm' || by === 'request_approval' || by === 'extend' || by === 'pay') {
    return appointment.status === 'expired' ? refusal('hold_expired') : refusal('invalid_transition', detail);
  }
  return refusal('invalid_transition', detail);
};
