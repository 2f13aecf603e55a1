import { type Identity, identityOf, may, type Principal, principalOf } from '../access.ts';
import { type DayKey, sameDay } from '../ids.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { invariant, ok, type Result, refused, unreachable } from '../result.ts';
import type { Mode } from '../schedule.ts';
import type { Appointment } from './appointment.ts';
import type { Limits, PersonalCommand, SystemCommand } from './command.ts';
import type { Decision } from './decision.ts';
import type { Departure } from './event.ts';
import { asksToBePaid, fallsShort } from './payment.ts';
import { type DayPlan, feeOf } from './plan.ts';
import { type GivenReservation, reservationFor } from './reservation.ts';
import { findSeat, fitsPlan, liveHolds } from './seats.ts';
import type { DayState } from './state.ts';
import { hasRunOut } from './status.ts';
import { afterMove, changed, whyNotMovable } from './step.ts';

type MoveCommand = Exclude<
  SystemCommand,
  {
    type:
      | 'sweep'
      | 'open'
      | 'apply_schedule'
      | 'apply_waitlist'
      | 'freeze'
      | 'thaw'
      | 'record_payment'
      | 'forget_reservation';
  }
>;

/** Decides a move to another slot of the same day: one event, both slots change together. */
export const reschedule = (
  state: DayState,
  appointment: Appointment,
  command: PersonalCommand & { type: 'reschedule' },
  hasBegun: boolean,
  nowMs: number,
  limits: Limits,
): Decision => {
  const why = whyNotMovable(appointment, command.principal.role, hasBegun);
  if (why !== null) return refused(why);
  if (appointment.startsAtMs === command.startsAtMs && !appointment.outsideSchedule)
    return refused(refusal('same_slot'));
  const { startsAtMs, principal, reservation } = command;
  const mode = modeAt(state.plan, startsAtMs, appointment);
  if (isOwedThere(state.plan, appointment, { mode, by: principal, toOtherDoctor: false })) {
    return refused(refusal('payment_required'));
  }
  const move = { startsAtMs, by: principal, except: appointment.id, toOtherDoctor: false, reservation };
  const placed = place(state, appointment, move, nowMs, limits);
  if (!placed.ok) return placed;
  return ok([
    {
      type: 'rescheduled',
      actor: identityOf(command.principal),
      appointment: changed(appointment, { ...placed.value, ...termsOfMode(state.plan, appointment, mode) }, nowMs),
    },
  ]);
};

/** Decides the start of a move to another day: from here on this day knows of it and resumes it after a crash. */
export const startMove = (
  state: DayState,
  appointment: Appointment,
  command: PersonalCommand & { type: 'start_move' },
  hasBegun: boolean,
  nowMs: number,
  limits: Limits,
): Decision => {
  invariant(!sameDay(command.to, state.day), 'a move within the day is a reschedule');
  const why = whyNotMovable(appointment, command.principal.role, hasBegun);
  if (why !== null) return refused(why);
  const departure: Departure = {
    moveId: command.moveId,
    appointmentId: appointment.id,
    to: command.to,
    toStartsAtMs: command.startsAtMs,
    by: principalOf(command.principal),
    key: command.key,
    phase: 'reserving',
    deadlineMs: nowMs + limits.moveTtlMs,
    arriving: null,
  };
  return ok([
    {
      type: 'move_started',
      actor: identityOf(command.principal),
      appointment: { ...appointment, moving: command.moveId },
      departure,
    },
  ]);
};

/** Decides one step of a move between two days. Each step may come again at any time and then changes nothing. */
export const decideMoveStep = (state: DayState, command: MoveCommand, nowMs: number, limits: Limits): Decision => {
  switch (command.type) {
    case 'reserve_seat':
      return reserveSeat(state, command, nowMs, limits);
    case 'release_seat': {
      const arrival = state.arrivals.get(command.moveId);
      if (arrival === undefined) return ok([]);
      const { moveId } = command;
      return ok([{ type: 'seat_released', actor: null, appointmentId: arrival.appointment.id, moveId }]);
    }
    case 'depart':
      return depart(state, command, nowMs);
    case 'abandon_move':
      return abandon(state, command.moveId);
    case 'arrive': {
      if (!state.arrivals.has(command.moveId) || state.plan === null) return ok([]);
      // The schedule may have changed since the seat was reserved.
      const outsideSchedule = !fitsPlan(state.plan, command.appointment);
      const appointment = { ...command.appointment, outsideSchedule };
      return ok([{ type: 'moved_in', actor: null, appointment, moveId: command.moveId }]);
    }
    case 'forward':
      return forward(state, command.appointmentId, command.to, command.version);
    case 'settle_move': {
      const departure = state.departures.get(command.moveId);
      if (departure === undefined) return ok([]);
      invariant(departure.phase === 'departed', 'only a move that happened is settled');
      const { moveId } = command;
      return ok([{ type: 'move_settled', actor: null, appointmentId: departure.appointmentId, moveId }]);
    }
    default:
      return unreachable(command);
  }
};

const reserveSeat = (
  state: DayState,
  command: MoveCommand & { type: 'reserve_seat' },
  nowMs: number,
  limits: Limits,
): Decision => {
  if (state.arrivals.has(command.moveId)) return ok([]);
  const { appointment, by } = command;
  // A request that comes late, after the appointment has arrived, must not bring its past back.
  if (knownVersion(state, appointment.id) > appointment.version) return refused(refusal('move_failed'));
  // A move that is resumed late may ask for an appointment that has ended meanwhile: no seat is kept for that.
  if (appointment.status === 'expired' || hasRunOut(appointment, nowMs)) return refused(refusal('hold_expired'));
  const why = whyNotMovable(appointment, by.role, nowMs >= appointment.startsAtMs);
  if (why !== null) return refused(why);
  const toOtherDoctor = command.from.doctorId !== state.day.doctorId;
  const mode = modeAt(state.plan, command.startsAtMs, appointment);
  if (isOwedThere(state.plan, appointment, { mode, by, toOtherDoctor })) return refused(refusal('payment_required'));
  const { startsAtMs, reservation } = command;
  const move = { startsAtMs, by, except: null, toOtherDoctor, reservation };
  const placed = place(state, appointment, move, nowMs, limits);
  if (!placed.ok) return placed;
  const { plan } = state;
  const terms = plan === null ? {} : { fee: feeOf(plan, mode), paymentRequired: asksToBePaid(plan, mode) };
  const arriving = changed(appointment, { ...placed.value, ...terms }, nowMs);
  return ok([
    {
      type: 'seat_reserved',
      actor: null,
      arrival: { moveId: command.moveId, from: command.from, appointment: arriving },
    },
  ]);
};

const depart = (state: DayState, command: MoveCommand & { type: 'depart' }, nowMs: number): Decision => {
  const departure = state.departures.get(command.moveId);
  // Abandoned meanwhile: the other day must not keep the seat.
  if (departure === undefined) return refused(refusal('move_failed'));
  if (departure.phase === 'departed') return ok([]);
  const appointment = state.appointments.get(departure.appointmentId);
  invariant(appointment?.moving === command.moveId, 'a moving appointment stays until its move is decided');
  const why = whyNotMovable(appointment, departure.by.role, nowMs >= appointment.startsAtMs);
  if (why !== null) return refused(appointment.status === 'expired' ? refusal('hold_expired') : why);
  // One version for leaving this day, one for arriving there: D1 shows the newest it has seen and never goes back.
  const arriving = { ...command.arriving, version: appointment.version + 2 };
  return ok([
    {
      type: 'moved_out',
      actor: departure.by,
      departure: { ...departure, phase: 'departed', arriving },
      forward: {
        appointmentId: appointment.id,
        to: departure.to,
        version: arriving.version,
        shown: {
          day: departure.to,
          appointment: { ...arriving, version: appointment.version + 1 },
          timeZone: command.timeZone,
        },
      },
    },
  ]);
};

const abandon = (state: DayState, moveId: string): Decision => {
  const departure = state.departures.get(moveId);
  if (departure === undefined || departure.phase === 'departed') return ok([]);
  const appointment = state.appointments.get(departure.appointmentId);
  invariant(appointment !== undefined, 'a moving appointment stays until its move is decided');
  return ok([{ type: 'move_abandoned', actor: null, appointment: { ...appointment, moving: null }, moveId }]);
};

const forward = (state: DayState, appointmentId: string, to: DayKey, version: number): Decision => {
  if (version <= knownVersion(state, appointmentId)) return ok([]);
  // Until D1 has heard that the appointment left, this day must be able to say so: its seat here may be taken again.
  const shown = state.forwards.get(appointmentId)?.shown ?? null;
  return ok([{ type: 'forwarded', actor: null, forward: { appointmentId, to, version, shown } }]);
};

/** The mode of a slot; that which an appointment has where there is none. */
const modeAt = (plan: DayPlan | null, startsAtMs: number, { mode }: Appointment): Mode =>
  plan?.slots.find((slot) => slot.startsAtMs === startsAtMs)?.mode ?? mode;

/** A doctor who is paid first is not reached by way of one who is not, or is cheaper; nor a dearer mode by way of another. */
const isOwedThere = (
  plan: DayPlan | null,
  { status, mode: was, payment }: Appointment,
  { mode, by, toOtherDoctor }: { readonly mode: Mode; readonly by: Identity; readonly toOtherDoctor: boolean },
): boolean => {
  if (plan === null || by.role !== 'patient' || status === 'pending') return false;
  return (toOtherDoctor || feeOf(plan, mode).amount > feeOf(plan, was).amount) && fallsShort(plan, mode, payment);
};

/** What is another on the same day where its mode has a price of its own. */
const termsOfMode = (plan: DayPlan | null, { mode: was }: Appointment, mode: Mode): Partial<Appointment> =>
  plan === null || feeOf(plan, mode).amount === feeOf(plan, was).amount
    ? {}
    : { fee: feeOf(plan, mode), paymentRequired: asksToBePaid(plan, mode) };

/** The newest version of an appointment that this day has seen, here or on its way on; 0 when it never was here. */
const knownVersion = (state: DayState, appointmentId: string): number =>
  Math.max(state.forwards.get(appointmentId)?.version ?? 0, state.appointments.get(appointmentId)?.version ?? 0);

/** Somebody takes an appointment to where they may not book. */
export const notYourDiary = refusal('forbidden', 'You move appointments to slots of your own doctors only.');

/** The change that puts an appointment into a slot of this day, or what stands in the way. */
const place = (
  state: DayState,
  appointment: Appointment,
  move: {
    readonly startsAtMs: number;
    readonly by: Principal;
    readonly except: string | null;
    readonly toOtherDoctor: boolean;
    readonly reservation: GivenReservation | undefined;
  },
  nowMs: number,
  limits: Limits,
): Result<Partial<Appointment>, Refusal> => {
  invariant(state.plan !== null, 'a day is open before a seat is sought on it');
  const { by, except, toOtherDoctor } = move;
  const { patientId, priority = 'routine' } = appointment;
  const request = { patientId, startsAtMs: move.startsAtMs, mode: null, priority, except };
  const found = findSeat(state, state.plan, request, nowMs);
  if (!found.ok) return found;
  const { slot, seat } = found.value;
  const target = { doctorId: state.day.doctorId, clinicId: slot.clinicId };
  if (!may(principalOf(by), 'appointment.move_to', target)) return refused(notYourDiary);
  const terms = { startsAtMs: slot.startsAtMs, role: by.role, toOtherDoctor };
  const becomes = afterMove(state.plan, appointment, terms, nowMs, limits);
  if (becomes.status === 'awaiting_approval' && nowMs >= slot.startsAtMs) {
    return refused(refusal('outside_booking_window', 'There is no time left to ask the doctor.'));
  }
  // Before the rooms: a clinic keeps none, not even for a moment, for what is to be refused anyhow.
  const isAnother = except === null && appointment.status === 'pending';
  if (isAnother && liveHolds(state, patientId, nowMs) >= limits.maxHoldsPerDay) {
    return refused(refusal('too_many_holds'));
  }
  const kept = reservationFor(state, slot, move.reservation, nowMs);
  if (!kept.ok) return kept;
  return ok({
    startsAtMs: slot.startsAtMs,
    endsAtMs: slot.endsAtMs,
    seat,
    mode: slot.mode,
    clinicId: slot.clinicId,
    reservation: kept.value,
    outsideSchedule: false,
    // Where its patient takes it, nobody had a turn.
    ...(appointment.offer ? { offer: { ...appointment.offer, passed: null } } : {}),
    moving: null,
    ...becomes,
  });
};
