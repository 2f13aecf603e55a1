import type { Interval } from './interval.ts';
import type { DoctorSchedule, PlannedSlot, Priority } from './schedule.ts';

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

/** A live appointment, and the seat that it takes of its slot. */
export interface Taken extends Interval {
  /** From 1; those beyond the slot's capacity are kept for emergencies. */
  readonly seat?: number | null;
  readonly priority?: Priority;
}

/**
 * Free seats of a slot, given the doctor's live appointments: none while the doctor is busy with an appointment that
 * overlaps the slot without being of it (one that an edited schedule left behind). Seats that are kept for emergencies
 * are not among them, and an emergency that has one takes none of the others.
 */
export const remainingSeats = (slot: PlannedSlot, live: readonly Taken[]): number => {
  const of = takenOf(slot, live);
  if (of === null) return 0;
  const taken = of.filter(({ priority, seat }) => priority !== 'emergency' || (seat ?? 0) <= slot.capacity).length;
  return Math.max(0, slot.capacity - taken);
};

/** Free seats of a slot among those that are kept for emergencies. */
export const remainingEmergencySeats = (slot: PlannedSlot, live: readonly Taken[]): number => {
  const { capacity, emergencySeats = 0 } = slot;
  const of = takenOf(slot, live);
  if (of === null) return 0;
  const seats = of.filter(({ seat }) => (seat ?? 0) > capacity && (seat ?? 0) <= capacity + emergencySeats);
  return emergencySeats - seats.length;
};

/** What is taken of a slot; `null` while something else takes the doctor's time. */
const takenOf = <T extends Interval>(slot: Interval, live: readonly T[]): readonly T[] | null => {
  const near = live.filter((one) => one.startsAtMs < slot.endsAtMs && one.endsAtMs > slot.startsAtMs);
  const isOf = (one: T): boolean => one.startsAtMs === slot.startsAtMs && one.endsAtMs === slot.endsAtMs;
  return near.every(isOf) ? near : null;
};

/** A slot with seats left, and how many. */
export interface FreeSlot extends PlannedSlot {
  readonly remaining: number;
}

/**
 * The slots of a day that may still be booked, in order.
 *
 * @param slots the day's slots in order, as planned
 * @param live the doctor's live appointments, of that day and of any other
 * @param fromMs slots that start earlier have nothing left: see {@link bookableFromMs}
 */
export const freeSlots = (slots: readonly PlannedSlot[], live: readonly Taken[], fromMs: number): FreeSlot[] => {
  const dayStartsAtMs = slots[0]?.startsAtMs ?? 0;
  const dayEndsAtMs = slots.at(-1)?.endsAtMs ?? 0;
  const near = live.filter((visit) => visit.startsAtMs < dayEndsAtMs && visit.endsAtMs > dayStartsAtMs);
  return slots.flatMap((slot) => {
    const remaining = slot.startsAtMs < fromMs ? 0 : remainingSeats(slot, near);
    return remaining === 0 ? [] : [{ ...slot, remaining }];
  });
};

/** What a day offers from an instant on; parameters as of {@link freeSlots}. */
export const dayAvailability = (
  slots: readonly PlannedSlot[],
  live: readonly Taken[],
  fromMs: number,
): DayAvailability => {
  const free = freeSlots(slots, live, fromMs);
  return {
    slots: slots.length,
    remaining: free.reduce((sum, { remaining }) => sum + remaining, 0),
    firstAvailableAtMs: free[0]?.startsAtMs ?? null,
    lastAvailableAtMs: free.at(-1)?.startsAtMs ?? null,
  };
};
