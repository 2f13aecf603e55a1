// The implementation itself, never a platform's `Temporal`: production once exposed one whose clock stood at 0.
import { Temporal } from 'temporal-polyfill/implementation';
import { addDays, type LocalDate } from './local-date.ts';
import { invariant } from './result.ts';
import type { DoctorSchedule, LocalTime } from './schedule.ts';

/** A stretch of a year during which a zone keeps one offset: wall time = instant + `offsetMs`. */
interface Stretch {
  readonly untilMs: number;
  readonly offsetMs: number;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** More than any zone has ever been ahead of UTC. */
const maxOffsetMs = 16 * hourMs;
/** More than the platform's zones and their aliases; the cache starts afresh beyond it. */
const maxCachedZones = 1_000;

/** Asking for a transition costs a fifth of a millisecond, so each zone's year is asked once per isolate. */
const cache = new Map<string, Map<number, readonly Stretch[]>>();

/**
 * The name of an IANA time zone as the zone database writes it (`asia/dhaka` is `Asia/Dhaka`); `null` for anything
 * else. Asked of the implementation that computes with it: platforms know further names, such as `IST`, that it
 * refuses. Offsets such as `+06:00` carry no rules of clock changes and are not zones either.
 */
export const parseTimeZone = (text: string): string | null => {
  if (!/^[A-Za-z]/.test(text)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {
    return null;
  }
};

/**
 * The first instant (ms) at which clocks in a zone show a local date and time, or later. So a time that the clocks
 * skip is the instant of the skip, and one that they show twice is the earlier of the two.
 */
export const instantOf = (date: LocalDate, time: LocalTime, timeZone: string): number => {
  const wallMs = Date.parse(`${date}T${time}:00Z`);
  let atMs = wallMs - maxOffsetMs;
  for (;;) {
    const stretch = stretchAt(atMs, timeZone);
    const shownMs = Math.max(atMs, wallMs - stretch.offsetMs);
    if (shownMs < stretch.untilMs) return shownMs;
    atMs = stretch.untilMs;
  }
};

/**
 * The instant (ms) of a wall time, given as the instant at which UTC shows it. A time that clocks show twice is the
 * earlier of the two; one that they skip is read with the offset from before the skip (RFC 5545 3.3.5).
 */
export const instantOfWall = (wallMs: number, timeZone: string): number => {
  let atMs = wallMs - maxOffsetMs;
  let before = stretchAt(atMs, timeZone).offsetMs;
  for (;;) {
    const { untilMs, offsetMs } = stretchAt(atMs, timeZone);
    const shownMs = wallMs - offsetMs;
    if (shownMs < untilMs) return shownMs < atMs ? wallMs - before : shownMs;
    before = offsetMs;
    atMs = untilMs;
  }
};

/** The instant (ms) at which a local date begins: midnight, or where clocks skip it, the first time that exists. */
export const startOfDayMs = (date: LocalDate, timeZone: string): number => instantOf(date, '00:00', timeZone);

/** The local date in a zone at an instant (ms). */
export const localDateOf = (instantMs: number, timeZone: string): LocalDate =>
  wallClock(instantMs, timeZone).slice(0, 10) as LocalDate;

/** The local date and time in a zone at an instant (ms), `YYYY-MM-DDTHH:MM`. */
export const localDateTimeOf = (instantMs: number, timeZone: string): string =>
  wallClock(instantMs, timeZone).slice(0, 16);

/** A change of a zone's clocks. Wall time = instant + offset. */
export interface ClockChange {
  readonly atMs: number;
  readonly fromOffsetMs: number;
  readonly toOffsetMs: number;
}

/** How far a zone's clocks are ahead of UTC at the beginning of a UTC year, and every change of them from then on. */
export const clockChanges = (
  timeZone: string,
  fromYear: number,
  toYear: number,
): { readonly offsetMs: number; readonly changes: readonly ClockChange[] } => {
  const changes: ClockChange[] = [];
  let before: Stretch | undefined;
  for (let year = fromYear; year <= toYear; year += 1) {
    for (const stretch of stretchesOf(year, timeZone)) {
      if (before !== undefined && before.offsetMs !== stretch.offsetMs)
        changes.push({ atMs: before.untilMs, fromOffsetMs: before.offsetMs, toOffsetMs: stretch.offsetMs });
      before = stretch;
    }
  }
  return { offsetMs: offsetAt(Date.UTC(fromYear, 0, 1), timeZone), changes };
};

/** The local dates that may be booked at an instant, both included: today in the doctor's zone and the window after. */
export const bookingWindow = (
  schedule: Pick<DoctorSchedule, 'timeZone' | 'bookingWindowDays'>,
  nowMs: number,
): { from: LocalDate; to: LocalDate } => {
  const from = localDateOf(nowMs, schedule.timeZone);
  return { from, to: addDays(from, schedule.bookingWindowDays) };
};

/** The first whole minute at or after an instant (ms). Slots start on whole minutes; historic offsets have seconds. */
export const wholeMinuteFrom = (instantMs: number): number => Math.ceil(instantMs / minuteMs) * minuteMs;

const offsetAt = (instantMs: number, timeZone: string): number => stretchAt(instantMs, timeZone).offsetMs;

const wallClock = (instantMs: number, timeZone: string): string =>
  new Date(instantMs + offsetAt(instantMs, timeZone)).toISOString();

const stretchAt = (instantMs: number, timeZone: string): Stretch => {
  const stretch = stretchesOf(new Date(instantMs).getUTCFullYear(), timeZone).find((s) => instantMs < s.untilMs);
  invariant(stretch !== undefined, 'the stretches of a year cover it');
  return stretch;
};

const stretchesOf = (utcYear: number, timeZone: string): readonly Stretch[] => {
  let years = cache.get(timeZone);
  if (years === undefined) {
    if (cache.size >= maxCachedZones) cache.clear();
    years = new Map();
    cache.set(timeZone, years);
  }
  let stretches = years.get(utcYear);
  if (stretches === undefined) {
    stretches = askYear(utcYear, timeZone);
    years.set(utcYear, stretches);
  }
  return stretches;
};

const askYear = (utcYear: number, timeZone: string): Stretch[] => {
  const endMs = Date.UTC(utcYear + 1, 0, 1);
  const stretches: Stretch[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(Date.UTC(utcYear, 0, 1)).toZonedDateTimeISO(timeZone);
  while (at.epochMilliseconds < endMs) {
    const next = at.getTimeZoneTransition('next');
    const untilMs = Math.min(endMs, next?.epochMilliseconds ?? endMs);
    stretches.push({ untilMs, offsetMs: at.offsetNanoseconds / 1e6 });
    if (next === null) break;
    at = next;
  }
  return stretches;
};
