import type { Taken } from '../availability.ts';
import type { Status } from '../doctor-day/appointment.ts';
import type { Interval } from '../interval.ts';
import type { LocalDate } from '../local-date.ts';
import type { PlannedSlot, TimeOff, WeeklyRule } from '../schedule.ts';

/** What takes time of an opened day. `arriving` is a seat that is kept for an appointment on its way here. */
export interface StandingVisit extends Taken {
  readonly status: Status | 'arriving';
}

/** How an opened day stands. */
export interface DayStanding {
  readonly isFrozen: boolean;
  readonly taken: readonly StandingVisit[];
}

/** How many seats of a slot are taken, and by whom in numbers only. */
export type SeatCounts = Readonly<
  Record<'held' | 'awaitingApproval' | 'confirmed' | 'over' | 'arriving' | 'emergencies', number>
>;

/** One fact that keeps a time from being booked, with what somebody needs to change it. Instants are ms. */
export type Reason =
  | { readonly code: 'not_verified' }
  | { readonly code: 'past' }
  | { readonly code: 'outside_booking_window'; readonly from: LocalDate; readonly to: LocalDate }
  | { readonly code: 'minimum_notice'; readonly minutes: number; readonly bookableFromMs: number }
  | { readonly code: 'clocks_skip'; readonly local: string; readonly nextMs: number }
  /** The weekly rules of that weekday, with whether their dates include this one. */
  | {
      readonly code: 'no_rule';
      readonly weekday: number;
      readonly rules: readonly (WeeklyRule & { isInForce: boolean })[];
    }
  | { readonly code: 'time_off'; readonly timeOff: readonly TimeOff[] }
  | { readonly code: 'busy_elsewhere'; readonly busy: readonly Interval[] }
  | { readonly code: 'buffer'; readonly minutes: number; readonly nearestMs: readonly number[] }
  | { readonly code: 'not_a_start'; readonly within: Interval | null; readonly nearestMs: readonly number[] }
  | { readonly code: 'overlapped'; readonly visits: number }
  | { readonly code: 'full'; readonly capacity: number; readonly seats: SeatCounts }
  | { readonly code: 'emergency_only'; readonly emergencyRemaining: number }
  | { readonly code: 'frozen' }
  | { readonly code: 'room_missing'; readonly kind: string };

/** A time of a doctor, and every reason why it cannot be booked by anybody; with none, it can. */
export interface Explanation {
  readonly date: LocalDate;
  /** `HH:MM` by the doctor's clock. */
  readonly time: string;
  /** The slot that starts then, whether or not it is offered. */
  readonly slot: (PlannedSlot & { readonly remaining: number; readonly emergencyRemaining: number }) | null;
  readonly reasons: readonly Reason[];
}
