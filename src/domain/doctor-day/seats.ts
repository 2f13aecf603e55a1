import { bookableFromMs, remainingEmergencySeats, remainingSeats } from '../availability.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { ok, type Result, refused } from '../result.ts';
import type { Mode, PlannedSlot, Priority } from '../schedule.ts';
import { bookingWindow } from '../zoned-time.ts';
import type { Appointment } from './appointment.ts';
import type { DayPlan } from './plan.ts';
import { covers } from './reservation.ts';
import { blockedBy, blockedDuring, type DayState } from './state.ts';
import { after } from './status.ts';

/** A patient's wish for a seat. */
export interface SeatRequest {
  readonly patientId: string;
  readonly startsAtMs: number;
  readonly mode: Mode | null;
  /** Routine unless it is said. */
  readonly priority?: Priority;
  /** The appointment that moves and so does not stand in its own way. */
  readonly except: string | null;
}

/**
 * A free seat, or the fact that stands in the way. Facts about the slot come before facts about its seats. An emergency
 * takes an ordinary seat while those can be booked and one is free, otherwise one that is kept for emergencies: of these
 * also within the minimum notice, as long as the slot has not begun.
 */
export const findSeat = (
  state: DayState,
  plan: DayPlan,
  request: SeatRequest,
  nowMs: number,
): Result<{ slot: PlannedSlot; seat: number }, Refusal> => {
  if (state.frozen !== null) return refused(refusal('day_frozen'));
  if (!plan.bookable) return refused(refusal('slot_not_found'));
  const isEmergency = request.priority === 'emergency';
  const isOpen = isOpenForBooking(state, plan, request.startsAtMs, nowMs);
  if (!isOpen && !(isEmergency && isOpenForEmergencies(state, plan, request.startsAtMs, nowMs))) {
    return refused(refusal('outside_booking_window'));
  }
  const slot = plan.slots.find((candidate) => candidate.startsAtMs === request.startsAtMs);
  if (slot === undefined) return refused(refusal('slot_not_found'));
  if (request.mode !== null && request.mode !== slot.mode) return refused(refusal('mode_unavailable'));

  const others = blockedDuring(state, slot, nowMs).filter((other) => other.id !== request.except);
  if (others.some((other) => other.patientId === request.patientId)) return refused(refusal('already_booked'));
  if (isEmergency && hasEmergency(state, request, nowMs)) return refused(refusal('too_many_emergencies'));
  if (!isOpen && (slot.emergencySeats ?? 0) === 0) return refused(refusal('outside_booking_window'));
  const isOrdinary = isOpen && remainingSeats(slot, others) > 0;
  if (!isOrdinary && !(isEmergency && remainingEmergencySeats(slot, others) > 0)) return refused(refusal('slot_full'));

  const taken = new Set(others.filter((other) => other.startsAtMs === slot.startsAtMs).map((other) => other.seat));
  let seat = isOrdinary ? 1 : slot.capacity + 1;
  while (taken.has(seat)) seat += 1;
  return ok({ slot, seat });
};

/** Whether a patient has an emergency appointment to come on this day already: a second is not one. */
const hasEmergency = (state: DayState, { patientId, except }: SeatRequest, nowMs: number): boolean =>
  blockedBy(state, patientId, nowMs).some(
    ({ id, priority, status, startsAtMs }) =>
      id !== except && priority === 'emergency' && after(status, 'cancel') !== null && startsAtMs > nowMs,
  );

/** How many holds of a patient live on this day, those included that are on their way here, but no offers. */
export const liveHolds = (state: DayState, patientId: string, nowMs: number): number =>
  blockedBy(state, patientId, nowMs).filter((other) => other.status === 'pending' && !other.offer).length;

/** Whether an instant of this day lies within the doctor's booking window and minimum notice. */
const isOpenForBooking = (state: DayState, plan: DayPlan, startsAtMs: number, nowMs: number): boolean => {
  const window = bookingWindow(plan, nowMs);
  return state.day.date >= window.from && state.day.date <= window.to && startsAtMs >= bookableFromMs(plan, nowMs);
};

/** Whether an emergency may still come at an instant of this day: whatever the notice, until the slot begins. */
const isOpenForEmergencies = (state: DayState, plan: DayPlan, startsAtMs: number, nowMs: number): boolean =>
  isOpenForBooking(state, { ...plan, minimumNoticeMinutes: 0 }, startsAtMs, nowMs) && startsAtMs > nowMs;

/** A slot with the seats that a patient could take at `nowMs`. */
export interface OfferedSlot extends PlannedSlot {
  readonly remaining: number;
  /** Seats that an emergency could take beyond those. */
  readonly emergencyRemaining: number;
}

/** Every slot of the day with its free seats: none where the slot is past, too near, or the day is not bookable. */
export const offer = (state: DayState, plan: DayPlan, nowMs: number): OfferedSlot[] => {
  const closed = !plan.bookable || state.frozen !== null;
  return plan.slots.map((slot) => ({
    ...slot,
    remaining:
      closed || !isOpenForBooking(state, plan, slot.startsAtMs, nowMs)
        ? 0
        : remainingSeats(slot, blockedDuring(state, slot, nowMs)),
    emergencyRemaining:
      closed || !isOpenForEmergencies(state, plan, slot.startsAtMs, nowMs)
        ? 0
        : remainingEmergencySeats(slot, blockedDuring(state, slot, nowMs)),
  }));
};

/** Whether the plan still offers an appointment's seat: the same time, mode and clinic, no more rooms, enough capacity. */
export const fitsPlan = (plan: DayPlan, appointment: Appointment): boolean =>
  plan.slots.some(
    (slot) =>
      slot.startsAtMs === appointment.startsAtMs &&
      slot.endsAtMs === appointment.endsAtMs &&
      slot.mode === appointment.mode &&
      slot.clinicId === appointment.clinicId &&
      covers(appointment.reservation, slot) &&
      appointment.seat <= slot.capacity + (appointment.priority === 'emergency' ? (slot.emergencySeats ?? 0) : 0),
  );
