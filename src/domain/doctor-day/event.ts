import type { Identity, Principal } from '../access.ts';
import type { DayKey } from '../ids.ts';
import type { Appointment } from './appointment.ts';
import type { Skip } from './offer.ts';
import type { DayPlan } from './plan.ts';
import type { WaitingList } from './waiting.ts';

/** Who caused an event; `null` is time or another doctor-day. */
export type Actor = Identity | null;

/** Where an appointment that left this day went. At most one per appointment, always the newest known place. */
export interface Forward {
  readonly appointmentId: string;
  readonly to: DayKey;
  /** The version of the appointment at its arrival there. */
  readonly version: number;
  /** For the day it left: the appointment as D1 shall show it until the new day has spoken; it holds no seat. */
  readonly shown: { readonly day: DayKey; readonly appointment: Appointment; readonly timeZone: string } | null;
}

/** A seat reserved here for an appointment that another day still holds. It blocks the seat until the move is settled. */
export interface Arrival {
  readonly moveId: string;
  readonly from: DayKey;
  /** The appointment as it will be here. */
  readonly appointment: Appointment;
}

/** A move of one of this day's appointments to another day. This day decides whether it happens. */
export interface Departure {
  readonly moveId: string;
  readonly appointmentId: string;
  readonly to: DayKey;
  readonly toStartsAtMs: number;
  /** Who moves it, with all that the other day's policy goes by. */
  readonly by: Principal;
  /** The Idempotency-Key that waits for the outcome. */
  readonly key: string | null;
  /** `reserving` until the appointment has left; `departed` until every other day knows. */
  readonly phase: 'reserving' | 'departed';
  /** After this instant a move still `reserving` is abandoned, ms. */
  readonly deadlineMs: number;
  /** Once departed: the appointment as it arrives. */
  readonly arriving: Appointment | null;
}

/** What happens to one appointment; carries the appointment as it is afterwards. */
export type AppointmentEventType =
  | 'held'
  | 'extended'
  | 'paid'
  | 'confirmed'
  | 'approval_requested'
  | 'accepted'
  | 'rejected'
  | 'cancelled'
  | 'expired'
  | 'completed'
  | 'marked_no_show'
  | 'described'
  | 'rescheduled'
  | 'flagged_outside_schedule'
  | 'unflagged_outside_schedule';

/** Everything that can happen on a doctor-day. An event carries the state it leads to, so applying it needs no rules. */
export type DayEvent =
  | { readonly type: AppointmentEventType; readonly actor: Actor; readonly appointment: Appointment }
  | { readonly type: 'opened' | 'schedule_applied'; readonly actor: Actor; readonly plan: DayPlan }
  | { readonly type: 'waitlist_applied'; readonly actor: Actor; readonly waiting: WaitingList }
  /** A hold that the day makes itself, for the first in line who waits for a seat that is free or there since just now. */
  | {
      readonly type: 'offered';
      readonly actor: Actor;
      readonly appointment: Appointment;
      /** Whose seat it was, at which version; `null`: nobody's, the schedule has added it. */
      readonly freed: { readonly appointmentId: string; readonly version: number } | null;
      /** Who stood further up the line and was not offered it. */
      readonly skipped: readonly Skip[];
    }
  | { readonly type: 'frozen'; readonly actor: Actor; readonly untilMs: number; readonly by: string }
  | { readonly type: 'thawed'; readonly actor: Actor }
  | {
      readonly type: 'move_started';
      readonly actor: Actor;
      readonly appointment: Appointment;
      readonly departure: Departure;
    }
  | {
      readonly type: 'move_abandoned';
      readonly actor: Actor;
      readonly appointment: Appointment;
      readonly moveId: string;
    }
  | { readonly type: 'moved_out'; readonly actor: Actor; readonly forward: Forward; readonly departure: Departure }
  | {
      readonly type: 'move_settled';
      readonly actor: Actor;
      readonly appointmentId: string;
      readonly moveId: string;
    }
  | { readonly type: 'seat_reserved'; readonly actor: Actor; readonly arrival: Arrival }
  | {
      readonly type: 'seat_released';
      readonly actor: Actor;
      readonly appointmentId: string;
      readonly moveId: string;
    }
  | {
      readonly type: 'moved_in';
      readonly actor: Actor;
      readonly appointment: Appointment;
      readonly moveId: string;
    }
  | { readonly type: 'forwarded'; readonly actor: Actor; readonly forward: Forward }
  /** The clinic has rooms back that nobody here is seated with any more. */
  | { readonly type: 'reservation_released'; readonly actor: Actor; readonly reservationId: string };

/** The appointment that an event is about, if any. */
export const subjectOf = (event: DayEvent): string | null => {
  if ('departure' in event) return event.departure.appointmentId;
  if ('forward' in event) return event.forward.appointmentId;
  if ('arrival' in event) return event.arrival.appointment.id;
  if ('appointmentId' in event) return event.appointmentId;
  if ('appointment' in event) return event.appointment.id;
  return null;
};
