import type { Principal } from '../access.ts';
import type { DayKey } from '../ids.ts';
import type { Refusal } from '../refusal.ts';
import type { DoctorSchedule, Mode, Priority } from '../schedule.ts';
import type { KnownCall } from '../visits/begun.ts';
import type { Appointment, Payment } from './appointment.ts';
import type { GivenReservation } from './reservation.ts';
import type { WaitingList } from './waiting.ts';

/** Words, sealed before they reach the doctor-day. `undefined` leaves them as they are. */
export interface SealedWords {
  readonly reason?: string | null;
  readonly symptoms?: string | null;
}

/** What a person asks of an appointment. */
export type PersonalCommand =
  | {
      readonly type: 'hold';
      readonly principal: Principal;
      /** Whom the seat is for: the principal, or whom it books on behalf of. */
      readonly patientId: string;
      /** The id that the appointment gets if the hold succeeds. */
      readonly appointmentId: string;
      readonly startsAtMs: number;
      /** The mode that the patient expects, if they said. */
      readonly mode: Mode | null;
      /** Routine where it is absent. */
      readonly priority?: Priority;
      readonly words: SealedWords;
      /** What the clinic said when it was asked for rooms; not asked yet when absent. */
      readonly reservation?: GivenReservation;
    }
  | {
      readonly type: 'confirm' | 'extend' | 'accept' | 'mark_no_show';
      readonly principal: Principal;
      readonly appointmentId: string;
    }
  | {
      readonly type: 'complete';
      readonly principal: Principal;
      readonly appointmentId: string;
      /** Begins a visit before its time. Nobody was called in when absent, here and below. */
      readonly call?: KnownCall;
    }
  | {
      readonly type: 'reject';
      readonly principal: Principal;
      readonly appointmentId: string;
      readonly statusReason: string | null;
    }
  | {
      readonly type: 'cancel';
      readonly principal: Principal;
      readonly appointmentId: string;
      readonly statusReason: string | null;
      readonly call?: KnownCall;
    }
  | {
      readonly type: 'describe';
      readonly principal: Principal;
      readonly appointmentId: string;
      readonly words: SealedWords;
    }
  /** To another slot of the same day. */
  | {
      readonly type: 'reschedule';
      readonly principal: Principal;
      readonly appointmentId: string;
      readonly startsAtMs: number;
      readonly reservation?: GivenReservation;
      readonly call?: KnownCall;
    }
  /** To a slot of another day: begins the move. */
  | {
      readonly type: 'start_move';
      readonly principal: Principal;
      readonly appointmentId: string;
      readonly moveId: string;
      readonly to: DayKey;
      readonly startsAtMs: number;
      /** The Idempotency-Key that waits for the outcome. */
      readonly key: string | null;
      readonly call?: KnownCall;
    };

/** What the system asks: the passing of time, edits, and the steps of a move between two days. */
export type SystemCommand =
  | { readonly type: 'sweep' }
  /** `waiting`: who waits for the day, if anybody was asked. */
  | { readonly type: 'open'; readonly schedule: DoctorSchedule; readonly waiting?: WaitingList | undefined }
  | { readonly type: 'apply_schedule'; readonly schedule: DoctorSchedule }
  | { readonly type: 'apply_waitlist'; readonly waiting: WaitingList }
  | { readonly type: 'freeze'; readonly untilMs: number; readonly token: string }
  | { readonly type: 'thaw'; readonly token: string }
  /** The fee has been paid: says so, and confirms a hold as its patient would. */
  | { readonly type: 'record_payment'; readonly appointmentId: string; readonly payment: Omit<Payment, 'atMs'> }
  /** The clinic has taken a reservation back. */
  | { readonly type: 'forget_reservation'; readonly reservationId: string }
  /** On the day it goes to: keep a seat for it. */
  | {
      readonly type: 'reserve_seat';
      readonly moveId: string;
      readonly from: DayKey;
      readonly by: Principal;
      readonly appointment: Appointment;
      readonly startsAtMs: number;
      readonly reservation?: GivenReservation;
    }
  | { readonly type: 'release_seat'; readonly moveId: string }
  /** On the day it leaves: the point of no return. */
  | {
      readonly type: 'depart';
      readonly moveId: string;
      readonly arriving: Appointment;
      readonly timeZone: string;
    }
  | { readonly type: 'abandon_move'; readonly moveId: string; readonly because: Refusal }
  /** On the day it goes to: the seat becomes the appointment's. */
  | { readonly type: 'arrive'; readonly moveId: string; readonly appointment: Appointment }
  /** On the day it was first booked on: where it is now. */
  | { readonly type: 'forward'; readonly appointmentId: string; readonly to: DayKey; readonly version: number }
  | { readonly type: 'settle_move'; readonly moveId: string };

/** Everything a doctor-day can be asked to do. */
export type Command = PersonalCommand | SystemCommand;

/** The limits that a decision goes by. */
export interface Limits {
  /** How long a hold keeps its seat, ms. */
  readonly holdTtlMs: number;
  /** How long a doctor has to answer a request for approval, ms. */
  readonly approvalTtlMs: number;
  /** How long a hold keeps its seat from when its patient begins to pay, ms. */
  readonly paymentTtlMs: number;
  /** How long an offer from the waitlist keeps its seat, ms. */
  readonly offerTtlMs: number;
  /** Live holds one patient may have on one doctor-day; offers do not count. */
  readonly maxHoldsPerDay: number;
  /** How long a move to another day may take before it is abandoned, ms. */
  readonly moveTtlMs: number;
}
