import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { database } from '../../db/client.ts';
import { timeOff } from '../../db/schema.ts';
import { yesterday } from '../../doctor-days/schedule-changes.ts';
import { timeOffOf } from '../../doctor-days/schedule-query.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { commitChange, newId } from './commit.ts';
import { weeklyScheduleOf } from './queries.ts';
import type { NewTimeOff, timeOffSchema } from './schema.ts';

/** Absences a doctor may have ahead. */
const maxAhead = 500;

/** An absence as the API shows it: why the doctor is away, to the doctor and admins only. */
export const timeOffView = (row: typeof timeOff.$inferSelect, withReason = true): z.output<typeof timeOffSchema> => ({
  ...timeOffOf(row),
  ...(withReason ? { reason: row.reason } : {}),
});

/** Adds an absence. Refuses with `not_found` (no such doctor) and `too_many_items`. */
export const addTimeOff = async (
  env: Env,
  doctorId: string,
  given: NewTimeOff,
  actor: Principal,
  nowMs: number,
): Promise<Result<typeof timeOff.$inferSelect, Refusal>> => {
  if ((await weeklyScheduleOf(database(env.DB), doctorId)) === null) return refused(refusal('not_found'));
  const row = { id: newId('t'), doctorId, ...given, createdAtMs: nowMs };
  const { reason: _, ...data } = given;
  const version = await commitChange(
    env,
    {
      doctorId,
      actor,
      action: 'time_off.added',
      subjectId: row.id,
      data,
      onlyIf: sql`${maxAhead} > (
        select count(*) from time_off where doctor_id = ${doctorId} and to_date >= ${yesterday(nowMs)})`,
      statements: (db) => [db.insert(timeOff).values(row)],
    },
    nowMs,
  );
  return version === null ? refused(refusal('too_many_items', `At most ${maxAhead} ahead.`)) : ok(row);
};

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
