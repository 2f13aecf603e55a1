import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts, clinicStaff, clinics } from '../../db/schema.ts';
import { type Identity, maxFacts } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';
import { endTokens } from '../identity/endings.ts';

/** Somebody who works at a clinic. */
export interface Staff {
  readonly accountId: string;
  readonly fullName: string;
  readonly email: string;
  readonly addedAtMs: number;
}

const columns = {
  accountId: clinicStaff.accountId,
  fullName: accounts.fullName,
  email: accounts.email,
  addedAtMs: clinicStaff.addedAtMs,
};

/** The staff of a clinic, longest there first; one row more than `limit` when there are more. `null`: no such clinic. */
export const staffPage = async (
  db: Database,
  clinicId: string,
  after: { readonly addedAtMs: number; readonly accountId: string } | null,
  limit: number,
): Promise<Staff[] | null> => {
  const [clinic, rows] = await db.batch([
    db.select({ id: clinics.id }).from(clinics).where(eq(clinics.id, clinicId)),
    db
      .select(columns)
      .from(clinicStaff)
      .innerJoin(accounts, eq(accounts.id, clinicStaff.accountId))
      .where(
        and(
          eq(clinicStaff.clinicId, clinicId),
          after === null
            ? undefined
            : sql`(${clinicStaff.addedAtMs}, ${clinicStaff.accountId}) > (${after.addedAtMs}, ${after.accountId})`,
        ),
      )
      .orderBy(asc(clinicStaff.addedAtMs), asc(clinicStaff.accountId))
      .limit(limit + 1),
  ]);
  return clinic.length === 0 ? null : rows;
};

/**
 * Makes the account of an e-mail address staff of a clinic. An account is for work or for one's own health: one that has
 * appointments or dependants stays a patient's. Its access tokens end, so that the next one names the clinic. To add
 * somebody twice changes nothing. Refuses with `not_found` (no such clinic), `unknown_account`, `unsuitable_account`,
 * `too_many_items`.
 */
export const addStaff = async (
  env: Env,
  clinicId: string,
  email: string,
  actor: Identity,
  nowMs: number,
): Promise<Result<Staff & { readonly roleChanged: boolean }, Refusal>> => {
  const db = database(env.DB);
  const [[clinic], [account]] = await db.batch([
    db.select({ id: clinics.id }).from(clinics).where(eq(clinics.id, clinicId)),
    db
      .select({
        id: accounts.id,
        role: accounts.role,
        fullName: accounts.fullName,
        deactivatedAtMs: accounts.deactivatedAtMs,
        addedAtMs: clinicStaff.addedAtMs,
      })
      .from(accounts)
      .leftJoin(clinicStaff, and(eq(clinicStaff.accountId, accounts.id), eq(clinicStaff.clinicId, clinicId)))
      .where(eq(accounts.email, email)),
  ]);
  if (clinic === undefined) return refused(refusal('not_found'));
  if (account === undefined || account.deactivatedAtMs !== null) return refused(refusal('unknown_account'));
  const { id, role, fullName } = account;
  const staff = { accountId: id, fullName, email, addedAtMs: account.addedAtMs ?? nowMs, roleChanged: false };
  if (role === 'staff' && account.addedAtMs !== null) return ok(staff);
  if (role !== 'staff' && role !== 'patient') return refused(refusal('unsuitable_account'));
  try {
    await db.batch([
      guard(db, sql`(select role from accounts where id = ${id}) = ${role}`),
      guard(db, role === 'staff' ? hasRoom(id) : hasNothingOfItsOwn(id)),
      db.update(accounts).set({ role: 'staff' }).where(eq(accounts.id, id)),
      db.insert(clinicStaff).values({ accountId: id, clinicId, addedAtMs: nowMs }).onConflictDoNothing(),
      auditStatement(db, {
        stream: `account:${id}`,
        actor,
        action: 'staff.added',
        subjectId: id,
        data: { clinicId, from: role },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal(role === 'staff' ? 'too_many_items' : 'unsuitable_account'));
  }
  await endTokens(env, id);
  return ok({ ...staff, roleChanged: role !== 'staff' });
};

/** Ends somebody's work at a clinic; what their token says of it ends at once. Refuses with `not_found`. */
export const removeStaff = async (
  env: Env,
  clinicId: string,
  accountId: string,
  actor: Identity,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  const entry = and(eq(clinicStaff.accountId, accountId), eq(clinicStaff.clinicId, clinicId));
  try {
    await db.batch([
      guard(db, sql`exists (select 1 from ${clinicStaff} where ${entry})`),
      db.delete(clinicStaff).where(entry),
      auditStatement(db, {
        stream: `account:${accountId}`,
        actor,
        action: 'staff.removed',
        subjectId: accountId,
        data: { clinicId },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('not_found'));
  }
  await endTokens(env, accountId);
  return ok(null);
};

/** An access token names all clinics of its holder, so they are few. */
const hasRoom = (accountId: string): SQL =>
  sql`(select count(*) from clinic_staff where account_id = ${accountId}) < ${maxFacts}`;

const hasNothingOfItsOwn = (accountId: string): SQL =>
  sql`not exists (select 1 from appointments where patient_id = ${accountId})
    and not exists (select 1 from dependants where guardian_id = ${accountId} and removed_at_ms is null)`;
