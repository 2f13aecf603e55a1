import { and, eq, gte, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { z } from 'zod';
import { type Database, database } from '../../db/client.ts';
import { timeOff } from '../../db/schema.ts';
import { yesterday } from '../../doctor-days/schedule-changes.ts';
import { timeOffOf } from '../../doctor-days/schedule-query.ts';
import type { Principal } from '../../domain/access.ts';
import type { LocalDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { type Span, spansMeet } from '../../domain/span-overlap.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import { commitChange, newId, scheduleIs, undisturbed } from './commit.ts';
import { weeklyScheduleOf } from './queries.ts';
import type { NewTimeOff, timeOffSchema } from './schema.ts';

/** Absences a doctor may have ahead. */
const maxAhead = 500;

/** An absence as the API shows it: why the doctor is away, to the doctor and admins only. */
export const timeOffView = (row: typeof timeOff.$inferSelect, withReason = true): z.output<typeof timeOffSchema> => ({
  ...timeOffOf(row),
  ...(withReason ? { reason: row.reason } : {}),
});

/** What is written in the same transaction as a time off, and said of it in the audit. */
interface Also {
  readonly data: Readonly<Record<string, unknown>>;
  readonly statements: (db: Database, timeOffId: string) => readonly BatchItem<'sqlite'>[];
}

/**
 * Adds an absence. Refuses with `not_found` (no such doctor), `too_many_items`, `in_the_past` (when it has ended by the
 * doctor's own calendar) and `time_off_overlap`.
 */
export const addTimeOff = (
  env: Env,
  doctorId: string,
  given: NewTimeOff,
  actor: Principal,
  nowMs: number,
  also: Also = { data: {}, statements: () => [] },
): Promise<Result<typeof timeOff.$inferSelect, Refusal>> =>
  undisturbed(async () => {
    const db = database(env.DB);
    const present = await weeklyScheduleOf(db, doctorId);
    if (present === null) return refused(refusal('not_found'));
    const { doctor } = present;
    const today = localDateOf(nowMs, doctor.timeZone);
    if (given.to < today) return refused(refusal('in_the_past', `${given.to} is before today, ${today}.`));
    const standing = await ahead(db, doctorId, yesterday(nowMs));
    const other = standing.find((one) => spansMeet(given, one));
    if (other !== undefined) {
      return refused(refusal('time_off_overlap', `${other.from} to ${other.to} is taken off at that time already.`));
    }
    if (standing.length >= maxAhead) return refused(refusal('too_many_items', `At most ${maxAhead} ahead.`));
    const row = { id: newId('t'), doctorId, ...given, createdAtMs: nowMs };
    const { reason: _, ...data } = given;
    const version = await commitChange(
      env,
      {
        doctorId,
        actor,
        action: 'time_off.added',
        subjectId: row.id,
        data: { ...data, ...also.data },
        onlyIf: scheduleIs(doctor),
        statements: (batch) => [batch.insert(timeOff).values(row), ...also.statements(batch, row.id)],
      },
      nowMs,
    );
    return version === null ? null : ok(row);
  });

/** When the absences are that a doctor still has ahead, or is in the middle of. */
const ahead = async (db: Database, doctorId: string, from: LocalDate): Promise<Span[]> =>
  (
    await db
      .select()
      .from(timeOff)
      .where(and(eq(timeOff.doctorId, doctorId), gte(timeOff.to, from)))
  ).map(timeOffOf);

/** Takes an absence back. Refuses with `not_found`, also when it is another doctor's. */
export const removeTimeOff = async (
  env: Env,
  doctorId: string,
  timeOffId: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const version = await commitChange(
    env,
    {
      doctorId,
      actor,
      action: 'time_off.removed',
      subjectId: timeOffId,
      data: {},
      onlyIf: sql`exists (select 1 from time_off where id = ${timeOffId} and doctor_id = ${doctorId})`,
      statements: (db) => [db.delete(timeOff).where(and(eq(timeOff.id, timeOffId), eq(timeOff.doctorId, doctorId)))],
    },
    nowMs,
  );
  return version === null ? refused(refusal('not_found')) : ok(null);
};
