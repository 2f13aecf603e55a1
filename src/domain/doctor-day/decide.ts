import { identityOf, may } from '../access.ts';
import { refusal } from '../refusal.ts';
import { invariant, ok, refused, unreachable } from '../result.ts';
import { isCallFor } from '../visits/begun.ts';
import type { Appointment } from './appointment.ts';
import type { Command, Limits, PersonalCommand, SystemCommand } from './command.ts';
import type { Decision } from './decision.ts';
import type { DayEvent } from './event.ts';
import { decideMoveStep, notYourDiary, reschedule, startMove } from './move.ts';
import { newHold } from './new-hold.ts';
import { recordPayment } from './payment.ts';
import { type DayPlan, planOf } from './plan.ts';
import { isNamed, reservationFor } from './reservation.ts';
import { findSeat, fitsPlan, liveHolds } from './seats.ts';
import { type DayState, liveAt } from './state.ts';
import { changed, step } from './step.ts';

/**
 * Decides a command against the state of a doctor-day as of `nowMs`. Pure: the caller sweeps first, appends the events
 * and commits. Refusals are answers; a throw is a bug.
 */
export const decide = (state: DayState, command: Command, nowMs: number, limits: Limits): Decision => {
  switch (command.type) {
    case 'hold':
      return hold(state, command, nowMs, limits);
    case 'confirm':
    case 'extend':
    case 'accept':
    case 'reject':
    case 'cancel':
    case 'complete':
    case 'mark_no_show':
    case 'describe':
    case 'reschedule':
    case 'start_move':
      return onAppointment(state, command, nowMs, limits);
    case 'sweep':
      return ok([]);
    case 'forget_reservation': {
      const { reservationId } = command;
      if (!state.reservations.has(reservationId) || isNamed(state, reservationId)) return ok([]);
      return ok([{ type: 'reservation_released', actor: null, reservationId }]);
    }
    case 'record_payment':
      return recordPayment(openPlan(state), state.appointments.get(command.appointmentId), command, nowMs, limits);
    case 'open':
    case 'apply_schedule':
    case 'apply_waitlist':
    case 'freeze':
    case 'thaw':
      return onDay(state, command, nowMs);
    default:
      return decideMoveStep(state, command, nowMs, limits);
  }
};

/**
 * The expiries that are due at `nowMs`. Every decision sweeps first, so that expiry never depends on an alarm having
 * run, and a hold ends exactly once.
 */
export const sweep = (state: DayState, nowMs: number): DayEvent[] =>
  state.seated.runOutBy(nowMs).map((appointment) => ({
    type: 'expired',
    actor: null,
    appointment: changed(appointment, { status: 'expired' }, nowMs),
  }));

const hold = (
  state: DayState,
  command: PersonalCommand & { type: 'hold' },
  nowMs: number,
  limits: Limits,
): Decision => {
  const plan = openPlan(state);
  const { patientId } = command;
  const clinicId = plan.slots.find((slot) => slot.startsAtMs === command.startsAtMs)?.clinicId ?? null;
  const wanted = { patientId, doctorId: state.day.doctorId, clinicId };
  if (!may(command.principal, 'appointment.hold', wanted)) return refused(refusal('forbidden'));
  const found = findSeat(state, plan, { ...command, patientId, except: null }, nowMs);
  if (!found.ok) return found;
  if (liveHolds(state, patientId, nowMs) >= limits.maxHoldsPerDay) return refused(refusal('too_many_holds'));
  const kept = reservationFor(state, found.value.slot, command.reservation, nowMs);
  if (!kept.ok) return kept;
  const made = newHold(
    plan,
    found.value,
    { id: command.appointmentId, patientId, words: command.words, priority: command.priority },
    nowMs,
  );
  const appointment: Appointment = { ...made, reservation: kept.value, expiresAtMs: nowMs + limits.holdTtlMs };
  return ok([{ type: 'held', actor: identityOf(command.principal), appointment }]);
};

const onAppointment = (
  state: DayState,
  command: Exclude<PersonalCommand, { type: 'hold' }>,
  nowMs: number,
  limits: Limits,
): Decision => {
  const plan = openPlan(state);
  const appointment = state.appointments.get(command.appointmentId);
  const action = command.type === 'start_move' ? 'reschedule' : command.type;
  const { patientId = '', clinicId = null } = appointment ?? {};
  const resource = { patientId, doctorId: state.day.doctorId, clinicId };
  // Somebody else's appointment must look exactly like one that does not exist.
  if (appointment === undefined || !may(command.principal, `appointment.${action}` as const, resource)) {
    return refused(refusal('not_found'));
  }
  if (command.type === 'start_move' && !mayGoTo(command)) return refused(notYourDiary);
  if (appointment.moving !== null) return refused(refusal('move_in_progress'));
  const { startsAtMs } = appointment;
  const call = 'call' in command ? (command.call ?? null) : null;
  const hasBegun = nowMs >= startsAtMs || isCallFor(call, { doctorId: state.day.doctorId, startsAtMs });
  switch (command.type) {
    case 'reschedule':
      return reschedule(state, appointment, command, hasBegun, nowMs, limits);
    case 'start_move':
      return startMove(state, appointment, command, hasBegun, nowMs, limits);
    default:
      return step(plan, appointment, command, hasBegun, nowMs, limits);
  }
};

/** Whether the mover could take a seat there at all. At which clinic the slot is, only the other day knows: it asks again. */
const mayGoTo = ({ principal, to }: PersonalCommand & { type: 'start_move' }): boolean =>
  may(principal, 'appointment.move_to', { doctorId: to.doctorId, clinicIds: principal.clinicIds });

const onDay = (
  state: DayState,
  command: SystemCommand & { type: 'open' | 'apply_schedule' | 'apply_waitlist' | 'freeze' | 'thaw' },
  nowMs: number,
): Decision => {
  switch (command.type) {
    case 'open':
      if (state.plan !== null) return ok([]);
      return ok([
        { type: 'opened', actor: null, plan: planOf(command.schedule, state.day.date) },
        ...(command.waiting === undefined || command.waiting.version === 0
          ? []
          : [{ type: 'waitlist_applied', actor: null, waiting: command.waiting } as const]),
      ]);
    case 'apply_schedule':
      if (command.schedule.version <= openPlan(state).scheduleVersion) return ok([]);
      return ok(applyPlan(state, planOf(command.schedule, state.day.date), nowMs));
    case 'apply_waitlist':
      if (command.waiting.version <= (state.waiting?.version ?? 0)) return ok([]);
      return ok([{ type: 'waitlist_applied', actor: null, waiting: command.waiting }]);
    case 'freeze': {
      const live = [...liveAt(state, nowMs), ...[...state.arrivals.values()].map((arrival) => arrival.appointment)];
      if (state.frozen !== null && state.frozen.by !== command.token) return refused(refusal('day_frozen'));
      if (live.length > 0) {
        return refused(refusal('zone_change_blocked', undefined, { appointmentIds: live.map(({ id }) => id) }));
      }
      return ok([{ type: 'frozen', actor: null, untilMs: command.untilMs, by: command.token }]);
    }
    case 'thaw':
      return ok(state.frozen?.by === command.token ? [{ type: 'thawed', actor: null }] : []);
    default:
      return unreachable(command);
  }
};

/** A new plan never drops a seat: what it no longer offers is kept and flagged for the doctor. */
const applyPlan = (state: DayState, plan: DayPlan, nowMs: number): DayEvent[] => {
  const events: DayEvent[] = [{ type: 'schedule_applied', actor: null, plan }];
  // The change that the freeze was for. Any other edit leaves the freeze as it is.
  if (state.frozen !== null && plan.timeZone !== state.plan?.timeZone) events.push({ type: 'thawed', actor: null });
  for (const appointment of liveAt(state, nowMs)) {
    const outsideSchedule = !fitsPlan(plan, appointment);
    if (outsideSchedule === appointment.outsideSchedule) continue;
    events.push({
      type: outsideSchedule ? 'flagged_outside_schedule' : 'unflagged_outside_schedule',
      actor: null,
      appointment: changed(appointment, { outsideSchedule }, nowMs),
    });
  }
  return events;
};

const openPlan = (state: DayState): DayPlan => {
  invariant(state.plan !== null, 'the day is open before anything is decided on it');
  return state.plan;
};
