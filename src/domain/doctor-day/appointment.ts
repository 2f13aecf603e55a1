import type { Mode, Money, Priority } from '../schedule.ts';
import type { Reservation } from './reservation.ts';
import type { Offer } from './waiting.ts';

/** What an appointment can be. `pending` is a hold; `pending` and `awaiting_approval` run out at `expiresAtMs`. */
export type Status =
  | 'pending'
  | 'awaiting_approval'
  | 'confirmed'
  | 'completed'
  | 'no_show'
  | 'cancelled'
  | 'rejected'
  | 'expired';

/** What was paid for an appointment, once and in full. */
export interface Payment {
  readonly id: string;
  /** Minor units of `currency` (ISO 4217): the fee of then, whatever a move makes of the fee. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly atMs: number;
}

/** An appointment as its doctor-day holds it. All instants are ms since the epoch. */
export interface Appointment {
  readonly id: string;
  readonly patientId: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Seat within the slot, from 1. Meaningful while the status holds a seat. */
  readonly seat: number;
  readonly mode: Mode;
  /** Absent in older records, where all are routine. */
  readonly priority?: Priority;
  readonly clinicId: string | null;
  readonly status: Status;
  /** When a hold, or a request for approval, runs out. */
  readonly expiresAtMs: number | null;
  /** The schedule no longer offers this time; the doctor must resolve it. */
  readonly outsideSchedule: boolean;
  /** The patient's words, sealed before they came here. */
  readonly reason: string | null;
  readonly symptoms: string | null;
  /** Why it was cancelled or rejected, sealed. */
  readonly statusReason: string | null;
  readonly fee: Money;
  /** The patient cannot confirm it unpaid: as its doctor asked when it was held. Absent in older records, like `payment`. */
  readonly paymentRequired?: boolean;
  readonly payment?: Payment | null;
  /** When the hold was given more time to pay in; that is done once. */
  readonly extendedAtMs?: number | null;
  /** Of one that began as an offer from the waitlist. */
  readonly offer?: Offer | null;
  /** The rooms and devices that are held together with the seat. Absent in older records; then there are none. */
  readonly reservation?: Reservation | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Rises with every change, across moves as well. */
  readonly version: number;
  /** The move to another day that is under way, if any. */
  readonly moving: string | null;
}
