import type { Principal } from '../access.ts';
import type { DayKey } from '../ids.ts';
import type { Refusal } from '../refusal.ts';
import type { DoctorSchedule, Mode } from '../schedule.ts';
import type { Appointment } from './appointment.ts';

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
      readonly words: SealedWords;
    }
  | {
      readonly type: 'confirm' | 'accept' | 'complete' | 'mark_no_show';
      readonly principal: Principal;
      readonly appointmentId: string;
    }
  | {
      readonly type: 'cancel' | 'reject';
      readonly principal: Principal;
      readonly appointmentId: string;
      readonly statusReason: string | null;
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
    };

/** What the system asks: the passing of time, edits, and the steps of a move between two days. */
export type SystemCommand =
  | { readonly type: 'sweep' }
  | { readonly type: 'open'; readonly schedule: DoctorSchedule }
  | { readonly type: 'apply_schedule'; readonly schedule: DoctorSchedule }
  | { readonly type: 'freeze'; readonly untilMs: number; readonly token: string }
  | { readonly type: 'thaw'; readonly token: string }
  /** On the day it goes to: keep a seat for it. */
  | {
      readonly type: 'reserve_seat';
      readonly moveId: string;
      readonly from: DayKey;
      readonly by: Principal;
      readonly appointment: Appointment;
      readonly startsAtMs: number;
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
  /** Live holds one patient may have on one doctor-day. */
  readonly maxHoldsPerDay: number;
  /** How long a move to another day may take before it is abandoned, ms. */
  readonly moveTtlMs: number;
}
