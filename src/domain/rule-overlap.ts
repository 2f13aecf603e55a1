import { addDays, isoWeekday, type LocalDate } from './local-date.ts';
import type { WeeklyRule } from './schedule.ts';

/** What decides when a weekly rule has its windows. */
type Recurrence = Pick<WeeklyRule, 'weekday' | 'start' | 'end' | 'effectiveFrom' | 'effectiveUntil'>;

const dayMinutes = 24 * 60;

/**
 * The positions of two weekly rules that cover the same local time on some date, lowest first; `null` when none do.
 * Windows that cross midnight count on both dates; rules that are never effective in the same weeks do not meet.
 */
export const overlappingRules = (rules: readonly Recurrence[]): readonly [number, number] | null => {
  for (const [i, a] of rules.entries()) {
    for (let j = i + 1; j < rules.length; j += 1) {
      const b = rules[j];
      if (b !== undefined && [-1, 0, 1].some((days) => meet(a, b, days))) return [i, j];
    }
  }
  return null;
};

/** Whether a window of `a` overlaps the window of `b` that starts a number of days later. */
const meet = (a: Recurrence, b: Recurrence, days: number): boolean => {
  if ((a.weekday + days + 6) % 7 !== b.weekday - 1) return false;
  const [aStart, aEnd] = window(a);
  const [bStart, bEnd] = window(b);
  if (aStart >= bEnd + days * dayMinutes || bStart + days * dayMinutes >= aEnd) return false;
  const from = latest(a.effectiveFrom, b.effectiveFrom && addDays(b.effectiveFrom, -days));
  const until = earliest(a.effectiveUntil, b.effectiveUntil && addDays(b.effectiveUntil, -days));
  return from === null || until === null || nextWeekday(from, a.weekday) <= until;
};

/** A rule's window in minutes from the midnight before it. */
const window = ({ start, end }: Recurrence): [number, number] => {
  const startMinute = minuteOfDay(start);
  return [startMinute, startMinute + windowMinutes(start, end)];
};

/** Minutes of a window from its start to its end, by the wall clock; an end not after the start is on the next day. */
export const windowMinutes = (start: string, end: string): number =>
  (minuteOfDay(end) - minuteOfDay(start) + dayMinutes) % dayMinutes || dayMinutes;

const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const nextWeekday = (from: LocalDate, weekday: number): LocalDate =>
  addDays(from, (weekday - isoWeekday(from) + 7) % 7);

const latest = (a: LocalDate | null, b: LocalDate | null): LocalDate | null =>
  a === null || b === null ? (a ?? b) : a > b ? a : b;

const earliest = (a: LocalDate | null, b: LocalDate | null): LocalDate | null =>
  a === null || b === null ? (a ?? b) : a < b ? a : b;
