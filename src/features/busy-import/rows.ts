import type { busyDays } from '../../db/schema.ts';
import type { BusyMinutes } from '../../domain/busy-time.ts';
import type { LocalDate } from '../../domain/local-date.ts';

type BusyDay = typeof busyDays.$inferSelect;

const minuteMs = 60_000;
const [seldomestMs, usualMs, oftenestMs] = [15 * minuteMs, 10 * minuteMs, 5 * minuteMs];

/** How often a calendar is read that asks to be read so often: every 5 to 15 minutes, 10 if it says nothing. */
export const everyMsOf = (refreshMs: number | null): number =>
  Math.min(seldomestMs, Math.max(oftenestMs, refreshMs ?? usualMs));

/** The rows of a calendar's busy times. */
export const rowsOf = (
  source: { readonly id: string; readonly doctorId: string },
  days: ReadonlyMap<LocalDate, BusyMinutes>,
): BusyDay[] =>
  [...days].map(([date, minutes]) => ({
    doctorId: source.doctorId,
    date,
    sourceId: source.id,
    minutes: JSON.stringify(minutes),
  }));

/** What makes stored rows the new ones: dates that go, rows that come, and how many dates are planned otherwise then. */
export interface Difference {
  readonly gone: readonly string[];
  readonly come: readonly BusyDay[];
  readonly changes: number;
}

/**
 * The difference between stored and new rows.
 *
 * @param from the first date that may still be booked
 */
export const differenceOf = (stored: readonly BusyDay[], wanted: readonly BusyDay[], from: LocalDate): Difference => {
  const before = new Map(stored.map((row) => [row.date, row.minutes]));
  const after = new Map(wanted.map((row) => [row.date, row.minutes]));
  const gone = stored.filter(({ date, minutes }) => after.get(date) !== minutes).map(({ date }) => date);
  const come = wanted.filter(({ date, minutes }) => before.get(date) !== minutes);
  const changed = new Set([...gone, ...come.map(({ date }) => date)]);
  return { gone, come, changes: [...changed].filter((date) => date >= from).length };
};
