import type { Interval } from './interval.ts';
import type { LocalDate } from './local-date.ts';

/** How a visit takes place. */
export type Mode = 'in_person' | 'video';

/** How urgent a visit is. Only an emergency may take the seats that are kept for emergencies. */
export const priorities = ['routine', 'emergency'] as const;
export type Priority = (typeof priorities)[number];

/** Local wall time `HH:MM`, 00:00 to 23:59. As an end, a time not after its start lies on the next day. */
export type LocalTime = string;

/** What a working window offers: consecutive slots with a pause after each. */
export interface SlotShape {
  readonly start: LocalTime;
  readonly end: LocalTime;
  readonly slotMinutes: number;
  readonly bufferMinutes: number;
  /** Patients a slot takes, at least 1. */
  readonly capacity: number;
  readonly mode: Mode;
  readonly clinicId: string | null;
  /** Seats beyond the capacity that are kept for emergencies. Absent is none. */
  readonly emergencySeats?: number;
  /** Kinds of rooms and devices of the clinic that are held together with each slot. Absent is none. */
  readonly requires?: readonly string[];
}

/** Working hours that repeat each week on one ISO weekday, in the doctor's zone. */
export interface WeeklyRule extends SlotShape {
  readonly id: string;
  /** 1 is Monday, 7 is Sunday (ISO 8601): the weekday on which the window starts. */
  readonly weekday: number;
  /** First and last date on which the rule starts a window, both included; `null` is open. */
  readonly effectiveFrom: LocalDate | null;
  readonly effectiveUntil: LocalDate | null;
}

/** Working hours of one date only; they replace the weekly rules where both cover the same time. */
export interface ExtraSession extends SlotShape {
  readonly id: string;
  readonly date: LocalDate;
}

/** Absence on every date from `from` to `to` (both included): the whole day, or from `start` to `end` of each. */
export interface TimeOff {
  readonly id: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly start: LocalTime | null;
  readonly end: LocalTime | null;
}

/** An amount in minor units of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Everything a doctor-day must know of its doctor. `version` rises with every change of any of it. */
export interface DoctorSchedule {
  readonly doctorId: string;
  /** IANA time zone. */
  readonly timeZone: string;
  readonly version: number;
  /** The doctor is verified and active. */
  readonly bookable: boolean;
  /** Confirming asks the doctor instead of booking at once. */
  readonly approvalRequired: boolean;
  /** A patient's own confirmation needs the fee to be paid. Absent in schedules from before there were payments. */
  readonly paymentRequired?: boolean;
  readonly fee: Money;
  /** Of visits by video, where it is another. */
  readonly videoFee?: Money | null;
  readonly minimumNoticeMinutes: number;
  /** How many days ahead of today (in the doctor's zone) may be booked. */
  readonly bookingWindowDays: number;
  readonly rules: readonly WeeklyRule[];
  readonly sessions: readonly ExtraSession[];
  readonly timeOff: readonly TimeOff[];
  /** When calendars of the doctor's elsewhere hold something. Absent in schedules from before there were any. */
  readonly busy?: readonly Interval[];
}

/** One bookable time of a doctor-day: `[startsAtMs, endsAtMs)` in ms since the epoch. */
export interface PlannedSlot {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly capacity: number;
  readonly mode: Mode;
  readonly clinicId: string | null;
  /** Seats kept for emergencies, numbered after the others; absent is none. */
  readonly emergencySeats?: number;
  /** Kinds of rooms and devices that a seat needs; absent is none. */
  readonly requires?: readonly string[];
}
