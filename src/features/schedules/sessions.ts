import { and, eq, inArray, sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { insertRows } from '../../db/insert-rows.ts';
import { extraSessions } from '../../db/schema.ts';
import { yesterday } from '../../doctor-days/schedule-changes.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { commitChange, newId } from './commit.ts';
import { weeklyScheduleOf } from './queries.ts';
import type { NewSession } from './schema.ts';
import { clinicObjection } from './weekly-schedule.ts';

/** Extra sessions a doctor may have ahead. */
const maxAhead = 1_000;

/** Adds sessions, all or none. Refuses with `not_found` (no such doctor), `unknown_clinic` and `too_many_items`. */
export const addSessions = async (
  env: Env,
  doctorId: string,
  given: readonly NewSession[],
  actor: Principal,
  nowMs: number,
): Promise<Result<(typeof extraSessions.$inferSelect)[], Refusal>> => {
  const present = await weeklyScheduleOf(database(env.DB), doctorId);
  if (present === null) return refused(refusal('not_found'));
  const objection = clinicObjection(given, present.clinicIds);
  if (objection !== null) return refused(objection);
  const rows = given.map((session) => ({ id: newId('x'), doctorId, ...session }));
  const version = await commitChange(
    env,
    {
      doctorId,
      actor,
      action: 'sessions.added',
      subjectId: doctorId,
      data: { sessions: rows.map(({ id, date }) => ({ id, date })) },
      onlyIf: sql`${maxAhead - rows.length} >= (
        select count(*) from extra_sessions where doctor_id = ${doctorId} and date >= ${yesterday(nowMs)})`,
      statements: (db) => [insertRows(db, extraSessions, rows)],
    },
    nowMs,
  );
  return version === null ? refused(refusal('too_many_items', `At most ${maxAhead} ahead.`)) : ok(rows);
};

/** Takes sessions back, all or none. Refuses with `not_found` when one of them is not this doctor's. */
export const removeSessions = async (
  env: Env,
  doctorId: string,
  ids: readonly string[],
  actor: Principal,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const theirs = and(eq(extraSessions.doctorId, doctorId), inArray(extraSessions.id, listOf(ids)));
  const version = await commitChange(
    env,
    {
      doctorId,
      actor,
      action: 'sessions.removed',
      subjectId: doctorId,
      data: { sessions: ids },
      onlyIf: sql`${ids.length} = (select count(*) from extra_sessions where ${theirs})`,
      statements: (db) => [db.delete(extraSessions).where(theirs)],
    },
    nowMs,
  );
  return version === null ? refused(refusal('not_found')) : ok(null);
};
