import type { Interval } from './interval.ts';
import type { DoctorSchedule, PlannedSlot } from './schedule.ts';

const minuteMs = 60_000;

/** What a day still offers. Instants in ms since the epoch; both are `null` when nothing is left. */
export interface DayAvailability {
  /** How many slots the day has, full ones included. */
  readonly slots: number;
  /** Free seats that may still be booked, over all slots. */
  readonly remaining: number;
  /** Start of the first and of the last slot with a free seat. */
  readonly firstAvailableAtMs: number | null;
  readonly lastAvailableAtMs: number | null;
}

/** The earliest start (ms) that may be booked at an instant: now plus the doctor's minimum notice. */
export const bookableFromMs = (schedule: Pick<DoctorSchedule, 'minimumNoticeMinutes'>, nowMs: number): number =>
  nowMs + schedule.minimumNoticeMinutes * minuteMs;

/**
 * Free seats of a slot, given the times of the doctor's live appointments: none while the doctor is busy with an
 * appointment that overlaps the slot without being of it (one that an edited schedule left behind).
 */
export const remainingSeats = (slot: PlannedSlot, live: readonly Interval[]): number => {
  let taken = 0;
  for (const { startsAtMs, endsAtMs } of live) {
    if (startsAtMs >= slot.endsAtMs || endsAtMs <= slot.startsAtMs) continue;
    if (startsAtMs !== slot.startsAtMs || endsAtMs !== slot.endsAtMs) return 0;
    taken += 1;
  }
  return Math.max(0, slot.capacity - taken);
};

/**
 * What a day offers from an instant on.
 *
 * @param slots the day's slots in order, as planned
 * @param live times of the doctor's live appointments, of that day and of any other
 * @param fromMs slots that start earlier have nothing left: see {@link bookableFromMs}
 */
export const dayAvailability = (
  slots: readonly PlannedSlot[],
  live: readonly Interval[],
  fromMs: number,
): DayAvailability => {
  const dayStartsAtMs = slots[0]?.startsAtMs ?? 0;
  const dayEndsAtMs = slots.at(-1)?.endsAtMs ?? 0;
  const near = live.filter((visit) => visit.startsAtMs < dayEndsAtMs && visit.endsAtMs > dayStartsAtMs);
  let remaining = 0;
  let firstAvailableAtMs: number | null = null;
  let lastAvailableAtMs: number | null = null;
  for (const slot of slots) {
    const seats = slot.startsAtMs < fromMs ? 0 : remainingSeats(slot, near);
    if (seats === 0) continue;
    remaining += seats;
    firstAvailableAtMs ??= slot.startsAtMs;
    lastAvailableAtMs = slot.startsAtMs;
  }
  return { slots: slots.length, remaining, firstAvailableAtMs, lastAvailableAtMs };
};
