import type { LocalDate } from './local-date.ts';
import type { DoctorSchedule, Mode, PlannedSlot, Priority } from './schedule.ts';
import { planDays } from './schedule-plan.ts';
import { localDateOf } from './zoned-time.ts';

/** An appointment that stands, as far as a schedule may leave it behind. */
export interface Standing {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly mode: Mode;
  readonly clinicId: string | null;
  readonly seat: number;
  readonly priority: Priority;
}

/**
 * The appointments that the present schedule offers and another would not: their time, mode, clinic or seat would be
 * gone, or a room be needed that they were not given. Who stands outside the schedule already is not among them.
 *
 * @param standing by start, all of them still to come
 */
export const leftBehind = <T extends Standing>(
  present: DoctorSchedule,
  wanted: DoctorSchedule,
  standing: readonly T[],
): T[] => {
  const [first, last] = [standing[0], standing.at(-1)];
  if (first === undefined || last === undefined) return [];
  const from = localDateOf(first.startsAtMs, present.timeZone);
  const to = localDateOf(last.startsAtMs, present.timeZone);
  const [now, then] = [slotsBetween(present, from, to), slotsBetween(wanted, from, to)];
  return standing.filter((one) => {
    const before = now.get(one.startsAtMs);
    if (before === undefined || !holds(before, one)) return false;
    const after = then.get(one.startsAtMs);
    if (after === undefined || !holds(after, one)) return true;
    return (after.requires ?? []).some((kind) => !(before.requires ?? []).includes(kind));
  });
};

const slotsBetween = (schedule: DoctorSchedule, from: LocalDate, to: LocalDate): ReadonlyMap<number, PlannedSlot> =>
  new Map([...planDays(schedule, from, to).values()].flat().map((slot) => [slot.startsAtMs, slot] as const));

const holds = (slot: PlannedSlot, { endsAtMs, mode, clinicId, seat, priority }: Standing): boolean =>
  slot.endsAtMs === endsAtMs &&
  slot.mode === mode &&
  slot.clinicId === clinicId &&
  seat <= slot.capacity + (priority === 'emergency' ? (slot.emergencySeats ?? 0) : 0);
