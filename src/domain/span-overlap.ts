import { dayNumber, type LocalDate } from './local-date.ts';
import { windowMinutes } from './rule-overlap.ts';

/** A window of local time on each date of a range: a session has one date, an absence may have many. */
export interface Span {
  readonly from: LocalDate;
  /** Included. */
  readonly to: LocalDate;
  /** `HH:MM`; `null` with `end` is the whole day. An end not after the start is on the next day. */
  readonly start: string | null;
  readonly end: string | null;
}

const dayMinutes = 24 * 60;

/** Whether two spans cover the same local time on some date. */
export const spansMeet = (a: Span, b: Span): boolean => [-1, 0, 1].some((days) => meet(a, b, days));

/** Whether a window of `a` overlaps the window of `b` that starts a number of days later. */
const meet = (a: Span, b: Span, days: number): boolean => {
  const [aStart, aEnd] = window(a);
  const [bStart, bEnd] = window(b);
  if (aStart >= bEnd + days * dayMinutes || bStart + days * dayMinutes >= aEnd) return false;
  const from = Math.max(dayNumber(a.from), dayNumber(b.from) - days);
  const to = Math.min(dayNumber(a.to), dayNumber(b.to) - days);
  return from <= to;
};

/** A span's window in minutes from the midnight before it. */
const window = ({ start, end }: Span): [number, number] => {
  if (start === null || end === null) return [0, dayMinutes];
  const minute = Number(start.slice(0, 2)) * 60 + Number(start.slice(3));
  return [minute, minute + windowMinutes(start, end)];
};
