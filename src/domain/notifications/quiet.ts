import { addDays } from '../local-date.ts';
import { instantOf, localDateOf } from '../zoned-time.ts';
import type { QuietHours } from './preferences.ts';

/** One night of quiet: half-open, ms. */
export interface Quiet {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The quiet hours that an instant (ms) lies in, on the clock of an IANA zone; `null` when it lies in none. */
export const quietAt = (atMs: number, hours: QuietHours | null, timeZone: string): Quiet | null => {
  if (hours === null || hours.from === hours.to) return null;
  const today = localDateOf(atMs, timeZone);
  const overMidnight = hours.to <= hours.from;
  for (const date of [addDays(today, -1), today]) {
    const fromMs = instantOf(date, hours.from, timeZone);
    const untilMs = instantOf(overMidnight ? addDays(date, 1) : date, hours.to, timeZone);
    if (fromMs <= atMs && atMs < untilMs) return { fromMs, untilMs };
  }
  return null;
};
