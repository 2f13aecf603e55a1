import type { Database } from '../../db/client.ts';
import { loadCalendars } from '../../doctor-days/availability-query.ts';
import { bookableFromMs, remainingSeats } from '../../domain/availability.ts';
import type { Interval } from '../../domain/interval.ts';
import { addDays } from '../../domain/local-date.ts';
import { planDays } from '../../domain/schedule-plan.ts';
import { bookingWindow, localDateOf } from '../../domain/zoned-time.ts';

/** Planning a day costs time: free time further ahead than this is shown by no feed. */
const maxDays = 60;

/** When a doctor can still be booked, as D1 knows it: free slots that touch are one time. `null` when never. */
export const freeTimesOf = async (
  db: Database,
  doctorId: string,
  nowMs: number,
): Promise<{ readonly doctorId: string; readonly timeZone: string; readonly times: readonly Interval[] } | null> => {
  const about = localDateOf(nowMs, 'UTC');
  const range = { from: addDays(about, -1), to: addDays(about, maxDays) };
  const calendar = (await loadCalendars(db, [doctorId], range, nowMs)).get(doctorId);
  if (calendar === undefined || !calendar.schedule.bookable) return null;
  const { schedule, live } = calendar;
  const window = bookingWindow(schedule, nowMs);
  const fromMs = bookableFromMs(schedule, nowMs);
  const until = window.to < range.to ? window.to : range.to;
  const free = [...planDays(schedule, window.from, until).values()].flatMap((slots) => {
    const [dayStartsAtMs, dayEndsAtMs] = [slots[0]?.startsAtMs ?? 0, slots.at(-1)?.endsAtMs ?? 0];
    const near = live.filter((visit) => visit.startsAtMs < dayEndsAtMs && visit.endsAtMs > dayStartsAtMs);
    return slots.filter((slot) => slot.startsAtMs >= fromMs && remainingSeats(slot, near) > 0);
  });
  return { doctorId, timeZone: schedule.timeZone, times: joined(free) };
};

/** Intervals in order, those that touch joined. */
const joined = (times: readonly Interval[]): Interval[] => {
  const whole: Interval[] = [];
  for (const { startsAtMs, endsAtMs } of times) {
    const last = whole.at(-1);
    if (last !== undefined && startsAtMs <= last.endsAtMs)
      whole[whole.length - 1] = { startsAtMs: last.startsAtMs, endsAtMs: Math.max(last.endsAtMs, endsAtMs) };
    else whole.push({ startsAtMs, endsAtMs });
  }
  return whole;
};
