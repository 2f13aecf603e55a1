import { type SQL, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { announceScheduleChange, bumpSchedule } from '../../doctor-days/schedule-changes.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { invariant, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';

/** A change of what a doctor offers. */
export interface ScheduleChange {
  readonly doctorId: string;
  readonly actor: Principal;
  /** Past tense, dotted, for the audit. */
  readonly action: string;
  readonly subjectId: string | null;
  /** For the audit: numbers, ids and dates, never words. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What must hold when the change commits. */
  readonly onlyIf?: SQL;
  readonly statements: (db: Database) => readonly BatchItem<'sqlite'>[];
}

/**
 * Commits a change, raises the schedule's version and records it, all or nothing; then tells the opened days.
 * Answers the new version, or `null` when `onlyIf` did not hold.
 */
export const commitChange = async (env: Env, change: ScheduleChange, nowMs: number): Promise<number | null> => {
  const db = database(env.DB);
  const { doctorId, actor, action, subjectId, data } = change;
  try {
    const [, [bumped]] = await db.batch([
      guard(db, change.onlyIf ?? sql`true`),
      bumpSchedule(db, doctorId),
      ...change.statements(db),
      auditStatement(db, { stream: `doctor:${doctorId}`, actor, action, subjectId, data, atMs: nowMs }),
    ]);
    invariant(bumped !== undefined, 'the schedule of a doctor who exists changes');
    await announceScheduleChange(env, doctorId, nowMs);
    return bumped.version;
  } catch (error) {
    if (guardFailed(error)) return null;
    throw error;
  }
};

/** A new id of a weekly rule, an extra session or a time off. */
export const newId = (prefix: 'r' | 'x' | 't'): string =>
  `${prefix}_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;

const maxAttempts = 10;

/**
 * Makes a change that rests on what was read, again and again until nothing has come between the reading and the
 * commit. `attempt` gives a refusal, a result, or `null` when its `onlyIf` did not hold. Refuses with
 * `version_conflict` when something always comes between.
 */
export const undisturbed = async <T>(
  attempt: () => Promise<Result<T, Refusal> | null>,
): Promise<Result<T, Refusal>> => {
  for (let tries = 0; tries < maxAttempts; tries += 1) {
    const outcome = await attempt();
    if (outcome !== null) return outcome;
  }
  return refused(refusal('version_conflict'));
};

/** The condition that a doctor's schedule is still the one that was read. */
export const scheduleIs = (doctor: { readonly id: string; readonly scheduleVersion: number }): SQL =>
  sql`exists (select 1 from doctors where id = ${doctor.id} and schedule_version = ${doctor.scheduleVersion})`;
