import { and, gt, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { appointments } from '../db/schema.ts';
import { bookableFromMs, freeSlots, type Taken } from '../domain/availability.ts';
import { addDays, datesBetween, type LocalDate, utcDate } from '../domain/local-date.ts';
import type { DoctorSchedule } from '../domain/schedule.ts';
import { planDay } from '../domain/schedule-plan.ts';
import { bookingWindow, startOfDayMs } from '../domain/zoned-time.ts';
import { type DateRange, scheduleStatements, schedulesOf } from './schedule-query.ts';

const nextAvailableDays = 14;

/** What availability is computed from: the schedule, and the live appointments, by start. */
export interface DoctorCalendar {
  readonly schedule: DoctorSchedule;
  readonly live: readonly Taken[];
}

/**
 * Reads the calendars of any number of doctors for a range of local dates, in one batch of six statements. Doctors
 * that do not exist are missing from the answer. A hold that has run out is not live, whether or not its day knows.
 */
export const loadCalendars = async (
  db: Database,
  doctorIds: readonly string[],
  range: DateRange,
  nowMs: number,
): Promise<Map<string, DoctorCalendar>> => {
  if (doctorIds.length === 0) return new Map();
  const [liveRows, ...schedules] = await db.batch([
    liveStatement(db, doctorIds, range, nowMs),
    ...scheduleStatements(db, doctorIds, range),
  ]);
  const live = Map.groupBy(liveRows, (row) => row.doctorId);
  return new Map(
    [...schedulesOf(schedules)].map(([id, schedule]) => [id, { schedule, live: live.get(id) ?? [] }] as const),
  );
};

/** A free slot of a doctor, and the local date that it is of. */
export interface NextFree {
  readonly date: LocalDate;
  readonly startsAtMs: number;
}

/**
 * The first bookable slots of each doctor within the next 14 days, as D1 knows it. Doctors with none are missing from
 * the answer.
 *
 * @param atMost how many of each doctor, at least one
 */
export const nextAvailable = async (
  db: Database,
  doctorIds: readonly string[],
  nowMs: number,
  atMost: number,
): Promise<Map<string, readonly [NextFree, ...NextFree[]]>> => {
  const today = utcDate(nowMs);
  const range = { from: addDays(today, -1), to: addDays(today, nextAvailableDays + 1) };
  const found = new Map<string, readonly [NextFree, ...NextFree[]]>();
  for (const [id, calendar] of await loadCalendars(db, doctorIds, range, nowMs)) {
    const [first, ...more] = calendar.schedule.bookable ? firstFree(calendar, nowMs, atMost) : [];
    if (first !== undefined) found.set(id, [first, ...more]);
  }
  return found;
};

const firstFree = ({ schedule, live }: DoctorCalendar, nowMs: number, atMost: number): NextFree[] => {
  const bookingWindowDays = Math.min(schedule.bookingWindowDays, nextAvailableDays);
  const { from, to } = bookingWindow({ ...schedule, bookingWindowDays }, nowMs);
  const fromMs = bookableFromMs(schedule, nowMs);
  const found: NextFree[] = [];
  // Day by day, for most doctors are free within a few.
  for (const date of datesBetween(from, to)) {
    for (const { startsAtMs } of freeSlots(planDay(schedule, date), live, fromMs)) found.push({ date, startsAtMs });
    if (found.length >= atMost) break;
  }
  return found.slice(0, atMost);
};

const liveStatement = (db: Database, doctorIds: readonly string[], range: DateRange, nowMs: number) =>
  db
    .select({
      doctorId: appointments.doctorId,
      startsAtMs: appointments.startsAtMs,
      endsAtMs: appointments.endsAtMs,
      seat: appointments.seat,
      priority: appointments.priority,
    })
    .from(appointments)
    .where(
      and(
        inArray(appointments.doctorId, listOf(doctorIds)),
        isNotNull(appointments.seat),
        // Two days more on either side hold the range in every zone, and what reaches into it from the days around.
        gt(appointments.startsAtMs, startOfDayMs(addDays(range.from, -2), 'UTC')),
        lt(appointments.startsAtMs, startOfDayMs(addDays(range.to, 3), 'UTC')),
        sql`not (${appointments.status} in ('pending', 'awaiting_approval') and ${appointments.expiresAtMs} <= ${nowMs})`,
      ),
    )
    .orderBy(appointments.startsAtMs);
