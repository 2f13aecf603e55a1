import type { Mode, Money } from '../schedule.ts';

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

/** An appointment as its doctor-day holds it. All instants are ms since the epoch. */
export interface Appointment {
  readonly id: string;
  readonly patientId: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Seat within the slot, from 1. Meaningful while the status holds a seat. */
  readonly seat: number;
  readonly mode: Mode;
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
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Rises with every change, across moves as well. */
  readonly version: number;
  /** The move to another day that is under way, if any. */
  readonly moving: string | null;
}
