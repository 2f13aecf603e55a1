import { and, gte, inArray, lte, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Opening } from '../../durable-objects/ports.ts';
import { type Database, database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { busyDays, doctorDays, doctors, extraSessions, timeOff, weeklyRules } from '../db/schema.ts';
import { type BusyMinutes, busyOn } from '../domain/busy-time.ts';
import type { DayKey } from '../domain/ids.ts';
import { type Interval, merged } from '../domain/interval.ts';
import { addDays, type LocalDate } from '../domain/local-date.ts';
import type { DoctorSchedule, ExtraSession, TimeOff, WeeklyRule } from '../domain/schedule.ts';
import { waitingOf, waitingStatements } from './waitlist-query.ts';

/** Local dates, both included. */
export interface DateRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/**
 * Reads the schedules of any number of doctors in one batch of five statements, with the sessions, the time off
 * and the busy times that decide the dates of a range. Doctors that do not exist are missing from the answer.
 */
export const loadSchedules = async (
  db: Database,
  doctorIds: readonly string[],
  range: DateRange,
): Promise<Map<string, DoctorSchedule>> =>
  doctorIds.length === 0 ? new Map() : schedulesOf(await db.batch(scheduleStatements(db, doctorIds, range)));

/**
 * The statements that read schedules, to put at the end of a larger batch; {@link schedulesOf} takes their answers.
 */
export const scheduleStatements = (db: Database, doctorIds: readonly string[], range: DateRange) => {
  const among = (column: SQLiteColumn) => inArray(column, listOf(doctorIds));
  // Windows of two dates before and one after can decide a date: see planDays.
  const from = addDays(range.from, -2);
  const to = addDays(range.to, 1);
  return [
    db.select().from(doctors).where(among(doctors.id)),
    db.select().from(weeklyRules).where(among(weeklyRules.doctorId)),
    db
      .select()
      .from(extraSessions)
      .where(and(among(extraSessions.doctorId), gte(extraSessions.date, from), lte(extraSessions.date, to))),
    db
      .select()
      .from(timeOff)
      .where(and(among(timeOff.doctorId), gte(timeOff.to, from), lte(timeOff.from, to))),
    // Their dates are UTC's: the dates looked at hold in every zone what slots of the range reach into.
    db
      .select()
      .from(busyDays)
      .where(and(among(busyDays.doctorId), gte(busyDays.date, from), lte(busyDays.date, to))),
  ] as const;
};

/** Schedules by doctor, from the answers to {@link scheduleStatements}. */
export const schedulesOf = ([doctorRows, ruleRows, sessionRows, timeOffRows, busyRows]: readonly [
  readonly (typeof doctors.$inferSelect)[],
  readonly (typeof weeklyRules.$inferSelect)[],
  readonly (typeof extraSessions.$inferSelect)[],
  readonly (typeof timeOff.$inferSelect)[],
  readonly (typeof busyDays.$inferSelect)[],
]): Map<string, DoctorSchedule> => {
  const rules = Map.groupBy(ruleRows, (row) => row.doctorId);
  const sessions = Map.groupBy(sessionRows, (row) => row.doctorId);
  const absences = Map.groupBy(timeOffRows, (row) => row.doctorId);
  const busy = Map.groupBy(busyRows, (row) => row.doctorId);
  return new Map(
    doctorRows.map((doctor) => [
      doctor.id,
      {
        doctorId: doctor.id,
        timeZone: doctor.timeZone,
        version: doctor.scheduleVersion,
        bookable: doctor.verifiedAtMs !== null,
        approvalRequired: doctor.approvalRequired,
        paymentRequired: doctor.paymentRequired,
        fee: { amount: doctor.feeMinor, currency: doctor.currency },
        videoFee: doctor.videoFeeMinor === null ? null : { amount: doctor.videoFeeMinor, currency: doctor.currency },
        minimumNoticeMinutes: doctor.minimumNoticeMinutes,
        bookingWindowDays: doctor.bookingWindowDays,
        rules: (rules.get(doctor.id) ?? []).map(weeklyRuleOf),
        sessions: (sessions.get(doctor.id) ?? []).map(extraSessionOf),
        timeOff: (absences.get(doctor.id) ?? []).map(timeOffOf),
        busy: merged((busy.get(doctor.id) ?? []).flatMap(busyTimesOf)),
      },
    ]),
  );
};

/**
 * Registers a day as opened and reads what decides it, in one transaction: an edit that commits later finds the day
 * registered, one that committed earlier is in the answer. `null` when there is no such doctor. Throws while D1 is out
 * of reach.
 */
export const openDay = async (d1: D1Database, day: DayKey, nowMs: number): Promise<Opening | null> => {
  const db = database(d1);
  // An insert of its own kind, not `db.run`: drizzle cannot put a raw statement with parameters into a batch.
  const register = db
    .insert(doctorDays)
    .select(
      sql`select id, ${day.date}, ${nowMs}, null, schedule_version, 0, 0, 0, 0, null, null from ${doctors} where id = ${day.doctorId}`,
    )
    .onConflictDoUpdate({
      target: [doctorDays.doctorId, doctorDays.date],
      set: { openedAtMs: sql`coalesce(${doctorDays.openedAtMs}, excluded.opened_at_ms)` },
    });
  const [, versions, entries, ...answers] = await db.batch([
    register,
    ...waitingStatements(db, day),
    ...scheduleStatements(db, [day.doctorId], only(day.date)),
  ]);
  const schedule = schedulesOf(answers).get(day.doctorId);
  return schedule === undefined ? null : { schedule, waiting: waitingOf([versions, entries]) };
};

/** Reads what decides a day without registering anything. `null` when there is no such doctor. */
export const peekDay = async (d1: D1Database, day: DayKey): Promise<DoctorSchedule | null> =>
  (await loadSchedules(database(d1), [day.doctorId], only(day.date))).get(day.doctorId) ?? null;

const only = (date: LocalDate): DateRange => ({ from: date, to: date });

type Row<Table extends { readonly $inferSelect: unknown }> = Table['$inferSelect'];
/** What is said of every window that is stored. */
type Said = Pick<Row<typeof weeklyRules>, 'emergencySeats' | 'requires'>;

/** A row as the weekly rule it holds. */
export const weeklyRuleOf = ({ doctorId: _, ...row }: Row<typeof weeklyRules>): WeeklyRule & Said => ({
  ...row,
  effectiveFrom: row.effectiveFrom as LocalDate | null,
  effectiveUntil: row.effectiveUntil as LocalDate | null,
});

/** A row as the extra session it holds. */
export const extraSessionOf = ({ doctorId: _, ...row }: Row<typeof extraSessions>): ExtraSession & Said => ({
  ...row,
  date: row.date as LocalDate,
});

/** A row as the absence it holds, without the reason: that is for the doctor alone. */
export const timeOffOf = ({ id, from, to, start, end }: typeof timeOff.$inferSelect): TimeOff => ({
  id,
  from: from as LocalDate,
  to: to as LocalDate,
  start,
  end,
});

/** A row as the busy times it holds. */
const busyTimesOf = ({ date, minutes }: typeof busyDays.$inferSelect): Interval[] =>
  busyOn(date as LocalDate, JSON.parse(minutes) as BusyMinutes);
