import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { dependants } from '../../db/schema.ts';
import { leaveEveryLine } from '../../doctor-days/waitlist-leaving.ts';
import { type Identity, maxFacts } from '../../domain/access.ts';
import { accountId } from '../../domain/ids.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';
import { endTokens } from '../identity/endings.ts';

/** Somebody without a login for whom a guardian books. */
export type Dependant = typeof dependants.$inferSelect;
/** What a guardian says of a dependant. */
export type Particulars = Pick<Dependant, 'fullName' | 'birthDate'>;

const entry = (guardian: Identity, action: string, subjectId: string, atMs: number) => ({
  stream: `account:${guardian.id}`,
  actor: guardian,
  action,
  subjectId,
  data: {},
  atMs,
});

const own = (guardianId: string, id: string) =>
  and(eq(dependants.id, id), eq(dependants.guardianId, guardianId), isNull(dependants.removedAtMs));

/** The dependants of a guardian, first added first. */
export const dependantsOf = (db: Database, guardianId: string): Promise<Dependant[]> =>
  db
    .select()
    .from(dependants)
    .where(and(eq(dependants.guardianId, guardianId), isNull(dependants.removedAtMs)))
    .orderBy(asc(dependants.createdAtMs), asc(dependants.id));

/**
 * Adds a dependant. The guardian's access tokens end, because the next ones name the dependant. Refuses with
 * `too_many_items`, `invalid_request` for a birth that is to come.
 */
export const addDependant = async (
  env: Env,
  guardian: Identity,
  particulars: Particulars,
  nowMs: number,
): Promise<Result<Dependant, Refusal>> => {
  const fault = faultOf(particulars, nowMs);
  if (fault !== null) return refused(fault);
  const db = database(env.DB);
  const id = accountId(crypto.getRandomValues(new Uint8Array(12)));
  const dependant = { id, guardianId: guardian.id, ...particulars, createdAtMs: nowMs, removedAtMs: null };
  try {
    await db.batch([
      // An access token names all dependants, so they are few.
      guard(
        db,
        sql`(select count(*) from dependants where guardian_id = ${guardian.id} and removed_at_ms is null) < ${maxFacts}`,
      ),
      db.insert(dependants).values(dependant),
      auditStatement(db, entry(guardian, 'dependant.added', id, nowMs)),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('too_many_items', `A guardian has at most ${maxFacts} dependants.`));
  }
  await endTokens(env, guardian.id);
  return ok(dependant);
};

/** Corrects a dependant's name and birth date. Refuses with `not_found`, and as {@link addDependant} does. */
export const editDependant = async (
  env: Env,
  guardian: Identity,
  id: string,
  particulars: Particulars,
  nowMs: number,
): Promise<Result<Dependant, Refusal>> => {
  const fault = faultOf(particulars, nowMs);
  if (fault !== null) return refused(fault);
  const db = database(env.DB);
  try {
    const [, [edited]] = await db.batch([
      guard(db, sql`exists (select 1 from ${dependants} where ${own(guardian.id, id)})`),
      db.update(dependants).set(particulars).where(own(guardian.id, id)).returning(),
      auditStatement(db, entry(guardian, 'dependant.changed', id, nowMs)),
    ]);
    return edited === undefined ? refused(refusal('not_found')) : ok(edited);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('not_found'));
  }
};

/**
 * Ends a guardian's acting for a dependant, at once. Past appointments keep the name. Refuses with `not_found`, and with
 * `has_appointments` while some are to come, which nobody could cancel afterwards.
 */
export const removeDependant = async (
  env: Env,
  guardian: Identity,
  id: string,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  const [known, live] = await db.batch([
    db.select({ id: dependants.id }).from(dependants).where(own(guardian.id, id)),
    db.select({ live: sql<number>`${hasAppointments(id, nowMs)}` }).from(sql`(select 1)`),
  ]);
  if (known.length === 0) return refused(refusal('not_found'));
  if (live[0]?.live === 1) return refused(refusal('has_appointments'));
  await db.batch([
    db.update(dependants).set({ removedAtMs: nowMs }).where(own(guardian.id, id)),
    auditStatement(db, entry(guardian, 'dependant.removed', id, nowMs)),
  ]);
  await leaveEveryLine(env, [id], nowMs);
  await endTokens(env, guardian.id);
  return ok(null);
};

const hasAppointments = (patientId: string, nowMs: number) =>
  sql`exists (select 1 from appointments where patient_id = ${patientId} and seat is not null
    and ends_at_ms > ${nowMs} and (expires_at_ms is null or expires_at_ms > ${nowMs}))`;

/** Somewhere it may be tomorrow already. */
const faultOf = ({ birthDate }: Particulars, nowMs: number): Refusal | null => {
  if (birthDate <= addDays(utcDate(nowMs), 1)) return null;
  return refusal('invalid_request', undefined, { errors: [{ path: 'birthDate', message: 'must not be to come' }] });
};
