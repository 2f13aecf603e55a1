import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { insertRows } from '../../db/insert-rows.ts';
import { extraSessions } from '../../db/schema.ts';
import { yesterday } from '../../doctor-days/schedule-changes.ts';
import type { Principal } from '../../domain/access.ts';
import type { LocalDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { type Span, spansMeet } from '../../domain/span-overlap.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import { commitChange, newId, scheduleIs, undisturbed } from './commit.ts';
import { weeklyScheduleOf } from './queries.ts';
import { kindObjection } from './required-kinds.ts';
import type { NewSession } from './schema.ts';
import { clinicObjection } from './weekly-schedule.ts';

/** Extra sessions a doctor may have ahead. */
const maxAhead = 1_000;

/**
 * Adds sessions, all or none. Refuses with `not_found` (no such doctor), `unknown_clinic`, `unknown_resource_kind`,
 * `too_many_items`, `in_the_past` (of the doctor's own calendar) and `sessions_overlap`.
 */
export const addSessions = (
  env: Env,
  doctorId: string,
  given: readonly NewSession[],
  actor: Principal,
  nowMs: number,
): Promise<Result<(typeof extraSessions.$inferSelect)[], Refusal>> =>
  undisturbed(async () => {
    const db = database(env.DB);
    const present = await weeklyScheduleOf(db, doctorId);
    if (present === null) return refused(refusal('not_found'));
    const { doctor, clinicIds, kinds } = present;
    const today = localDateOf(nowMs, doctor.timeZone);
    const past = given.find(({ date }) => date < today);
    if (past !== undefined) return refused(refusal('in_the_past', `${past.date} is before today, ${today}.`));
    const standing = await ahead(db, doctorId, yesterday(nowMs));
    const objection =
      clinicObjection(given, clinicIds) ??
      kindObjection('sessions', given, kinds) ??
      overlapObjection(given, standing) ??
      crowdObjection(given, standing);
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
        onlyIf: scheduleIs(doctor),
        statements: (batch) => [insertRows(batch, extraSessions, rows)],
      },
      nowMs,
    );
    return version === null ? null : ok(rows);
  });

type Window = Pick<NewSession, 'date' | 'start' | 'end'>;

/** When the sessions are that a doctor still has ahead. */
const ahead = async (db: Database, doctorId: string, from: LocalDate): Promise<Window[]> => {
  const { date, start, end } = extraSessions;
  const rows = await db
    .select({ date, start, end })
    .from(extraSessions)
    .where(and(eq(extraSessions.doctorId, doctorId), gte(date, from)));
  return rows.map((row) => ({ ...row, date: row.date as LocalDate }));
};

const spanOf = ({ date, start, end }: Window): Span => ({ from: date, to: date, start, end });

/** Two sessions at one time would offer the same doctor twice. */
const overlapObjection = (given: readonly Window[], standing: readonly Window[]): Refusal | null => {
  for (const [i, session] of given.entries()) {
    const other = [...given.slice(0, i), ...standing].find((one) => spansMeet(spanOf(session), spanOf(one)));
    if (other === undefined) continue;
    const sessions = [other, session].map(({ date, start, end }) => ({ date, start, end }));
    const [a, b] = sessions.map(({ date, start, end }) => `${date} ${start}-${end}`);
    return refusal('sessions_overlap', `${a} and ${b} cover the same time.`, { sessions });
  }
  return null;
};

const crowdObjection = (given: readonly Window[], standing: readonly Window[]): Refusal | null =>
  given.length + standing.length > maxAhead ? refusal('too_many_items', `At most ${maxAhead} ahead.`) : null;

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
