import { and, eq, gte, isNotNull, isNull, sql } from 'drizzle-orm';
import { type Database, database } from '../db/client.ts';
import { doctorDays, doctors } from '../db/schema.ts';
import { addDays, type LocalDate, utcDate } from '../domain/local-date.ts';
import { describeError, report } from '../http/log.ts';
import { sendForDays, sendToIndex } from './queue.ts';

/**
 * The statement that raises a doctor's schedule version. It belongs into the same batch as every change that a
 * doctor-day must learn of; {@link announceScheduleChange} follows the commit.
 */
export const bumpSchedule = (db: Database, doctorId: string) =>
  db
    .update(doctors)
    .set({ scheduleVersion: sql`${doctors.scheduleVersion} + 1` })
    .where(eq(doctors.id, doctorId))
    .returning({ version: doctors.scheduleVersion });

/**
 * Tells every opened day of a doctor, from yesterday on, that the schedule has changed, and has the search index
 * computed again. Call it after the commit. Never throws: the change stands, and what the queue did not take is made
 * up for by the sweep of stale days and the daily index.
 */
export const announceScheduleChange = async (env: Env, doctorId: string, nowMs: number): Promise<void> => {
  try {
    const days = await database(env.DB)
      .select({ doctorId: doctorDays.doctorId, date: sql<LocalDate>`${doctorDays.date}` })
      .from(doctorDays)
      .where(and(eq(doctorDays.doctorId, doctorId), isOpenSince(yesterday(nowMs))));
    await sendForDays(env.DAY_QUEUE, 'schedule_changed', days);
    await sendToIndex(env.DAY_QUEUE, [doctorId]);
  } catch (error) {
    report('schedule_change_not_announced', { doctorId, ...describeError(error) });
  }
};

/** The first date, by UTC, on which it may still be today somewhere. */
export const yesterday = (nowMs: number): LocalDate => addDays(utcDate(nowMs), -1);

/** Days from a date on whose objects hold something. */
export const isOpenSince = (date: LocalDate) =>
  and(gte(doctorDays.date, date), isNotNull(doctorDays.openedAtMs), isNull(doctorDays.cleanedAtMs));
