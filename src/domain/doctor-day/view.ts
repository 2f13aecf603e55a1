import type { LocalDate } from '../local-date.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { ok, type Result, refused } from '../result.ts';
import type { Appointment } from './appointment.ts';
import { type OfferedSlot, offer } from './seats.ts';
import type { DayState } from './state.ts';
import { asOf } from './status.ts';

/** An appointment with the doctor-day that holds it: all that an answer is made from. */
export interface AppointmentView extends Omit<Appointment, 'moving' | 'offer'> {
  /** The entry of the waitlist that it was offered to, if it began as an offer. */
  readonly waitlistEntryId: string | null;
  readonly doctorId: string;
  /** Local date of the doctor-day. */
  readonly date: LocalDate;
  /** IANA time zone of the doctor-day. */
  readonly timeZone: string;
}

/** A day's slots with their free seats. */
export interface SlotsView {
  readonly doctorId: string;
  readonly date: LocalDate;
  readonly timeZone: string;
  readonly slots: readonly OfferedSlot[];
}

/** An appointment as of `nowMs`, as others see it. */
export const viewOf = (
  place: { readonly doctorId: string; readonly date: LocalDate; readonly timeZone: string },
  appointment: Appointment,
  nowMs: number,
): AppointmentView => {
  // Who else had their turn is nobody's business.
  const { moving: _, offer = null, ...shown } = asOf(appointment, nowMs);
  const { paymentRequired = false, payment = null, extendedAtMs = null, reservation = null } = shown;
  const terms = { paymentRequired, payment, extendedAtMs, reservation, waitlistEntryId: offer?.entryId ?? null };
  const { priority = 'routine' } = shown;
  return { ...shown, priority, ...terms, doctorId: place.doctorId, date: place.date, timeZone: place.timeZone };
};

/** The day's slots as of `nowMs`; none when the day has no plan. */
export const slotsOf = (state: DayState, nowMs: number): SlotsView => ({
  ...state.day,
  timeZone: state.plan?.timeZone ?? 'UTC',
  slots: state.plan === null ? [] : offer(state, state.plan, nowMs),
});

/** What search needs to know of the day as of `nowMs`. */
export const summaryOf = (
  state: DayState,
  nowMs: number,
): { remaining: number; firstAvailableAtMs: number | null; lastAvailableAtMs: number | null } => {
  const free = slotsOf(state, nowMs).slots.filter((slot) => slot.remaining > 0);
  return {
    remaining: free.reduce((sum, slot) => sum + slot.remaining, 0),
    firstAvailableAtMs: free[0]?.startsAtMs ?? null,
    lastAvailableAtMs: free.at(-1)?.startsAtMs ?? null,
  };
};

/** An appointment that has left for another day, as the answer to whoever moved it; `move_failed` when it has not. */
export const departedView = (state: DayState, moveId: string, nowMs: number): Result<AppointmentView, Refusal> => {
  const departure = state.departures.get(moveId);
  const forward = departure && state.forwards.get(departure.appointmentId);
  if (!departure?.arriving || !forward?.shown) return refused(refusal('move_failed'));
  return ok(viewOf({ ...departure.to, timeZone: forward.shown.timeZone }, departure.arriving, nowMs));
};
