import { type BusyMinutes, busyByDate } from '../../domain/busy-time.ts';
import { addDays, datesBetween, type LocalDate, utcDate } from '../../domain/local-date.ts';
import { bookingWindow, startOfDayMs } from '../../domain/zoned-time.ts';
import { readCalendar, type Taken } from './read-calendar.ts';
import type { CalendarFault } from './unreadable.ts';

/** So that the last date need not move every day, a calendar is spread out further than the booking window. */
const aheadDays = 7;

/** What decides how far a doctor's calendars are spread out. */
export interface Booking {
  /** IANA time zone. */
  readonly timeZone: string;
  readonly bookingWindowDays: number;
}

/** How far a calendar was spread out: to which UTC date, and for what zone. */
export interface Spread {
  readonly until: LocalDate;
  readonly zone: string;
}

/** The busy times of a calendar by UTC date. */
export type Spreading =
  | {
      readonly ok: true;
      readonly from: LocalDate;
      readonly spread: Spread;
      readonly days: ReadonlyMap<LocalDate, BusyMinutes>;
      /** How often the calendar asks to be read, ms. */
      readonly refreshMs: number | null;
    }
  | { readonly ok: false; readonly fault: CalendarFault };

/** The dates that a calendar which cannot be read would have to be spread out to, in order; nothing is known of them. */
export const unknownDates = (spread: Spread, booking: Booking, nowMs: number): LocalDate[] => {
  const needed = lastNeeded(booking, nowMs);
  return spread.until >= needed ? [] : datesBetween(addDays(spread.until, 1), addDays(needed, aheadDays));
};

/** Whether what a calendar was spread out to still is enough: for today's booking window, in the doctor's zone. */
export const reaches = (spread: Spread, booking: Booking, nowMs: number): boolean =>
  spread.zone === booking.timeZone && spread.until >= lastNeeded(booking, nowMs);

/**
 * Spreads a calendar's text out over the booking window. What Daybook itself has put into it of this doctor's
 * appointments is passed over: they have their seats already, and would keep them from themselves.
 *
 * @param before how far it was spread out; the same again while that is enough
 * @param ownAmong gives the UIDs of what is passed over
 */
export const spreadOut = async (
  text: string,
  booking: Booking,
  before: Spread | null,
  nowMs: number,
  ownAmong: (taken: readonly Taken[]) => Promise<ReadonlySet<string>>,
): Promise<Spreading> => {
  const from = addDays(utcDate(nowMs), -1);
  const isEnough = before !== null && reaches(before, booking, nowMs);
  const furthest = addDays(lastNeeded(booking, nowMs), aheadDays);
  const until = isEnough && before.until <= furthest ? before.until : furthest;
  const window = { startsAtMs: startOfDayMs(from, 'UTC'), endsAtMs: startOfDayMs(addDays(until, 1), 'UTC') };
  const reading = readCalendar(text, window, booking.timeZone);
  if (!reading.ok) return reading;
  const own = await ownAmong(reading.busy);
  const busy = reading.busy.filter(({ uid }) => uid === null || !own.has(uid));
  const spread = { until, zone: booking.timeZone };
  return { ok: true, from, spread, days: busyByDate(busy, from, until), refreshMs: reading.refreshMs };
};

/** A slot of the window's last date may reach two UTC dates further. */
const lastNeeded = (booking: Booking, nowMs: number): LocalDate => addDays(bookingWindow(booking, nowMs).to, 2);
