import { type Interval, isEmpty, merged } from './interval.ts';
import { addDays, type LocalDate, utcDate } from './local-date.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** The shortest slot that there can be: into a shorter gap none fits. */
const shortestSlotMs = 5 * minuteMs;

/** Busy times of one UTC date, in minutes from its midnight: `[from, to)`, in order and apart. */
export type BusyMinutes = readonly (readonly [from: number, to: number])[];

/**
 * Busy times as they are stored: by UTC date, in whole minutes rounded outwards, with gaps closed that no slot fits into.
 * However many intervals there are, a date keeps at most 240.
 *
 * @param from the first UTC date, and `to` the last: what lies outside is left out
 */
export const busyByDate = (
  busy: readonly Interval[],
  from: LocalDate,
  to: LocalDate,
): ReadonlyMap<LocalDate, BusyMinutes> => {
  const [firstMs, lastMs] = [midnightOf(from), midnightOf(addDays(to, 1))];
  const clipped = busy
    .filter((one) => !isEmpty(one))
    .map(({ startsAtMs, endsAtMs }) => ({
      startsAtMs: Math.max(firstMs, Math.floor(startsAtMs / minuteMs) * minuteMs),
      endsAtMs: Math.min(lastMs, Math.ceil(endsAtMs / minuteMs) * minuteMs),
    }));
  const days = new Map<LocalDate, [number, number][]>();
  for (const { startsAtMs, endsAtMs } of merged(clipped, shortestSlotMs)) {
    for (let atMs = startsAtMs; atMs < endsAtMs; ) {
      const date = utcDate(atMs);
      const midnightMs = midnightOf(date);
      const untilMs = Math.min(endsAtMs, midnightMs + dayMs);
      const pieces = days.get(date) ?? [];
      pieces.push([(atMs - midnightMs) / minuteMs, (untilMs - midnightMs) / minuteMs]);
      days.set(date, pieces);
      atMs = untilMs;
    }
  }
  return days;
};

/** Stored busy times of a UTC date as instants. */
export const busyOn = (date: LocalDate, minutes: BusyMinutes): Interval[] =>
  minutes.map(([from, to]) => ({
    startsAtMs: midnightOf(date) + from * minuteMs,
    endsAtMs: midnightOf(date) + to * minuteMs,
  }));

const midnightOf = (date: LocalDate): number => Date.parse(`${date}T00:00:00Z`);
