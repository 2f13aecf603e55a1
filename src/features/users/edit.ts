import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts, doctors, endings, erasures } from '../../db/schema.ts';
import { announceScheduleChange, bumpSchedule } from '../../doctor-days/schedule-changes.ts';
import type { Principal } from '../../domain/access.ts';
import { type AccountChange, type AccountStanding, changeAccount, keepsUsers } from '../../domain/account-change.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';
import { endAllSessions, endTokens } from '../identity/endings.ts';
import { accountRow, standingOf } from './queries.ts';

type Row = typeof accounts.$inferSelect;

/** What an account was, and what it is. */
export interface Edited {
  readonly row: Row;
  readonly before: AccountStanding;
  readonly after: AccountStanding;
}

/**
 * Changes an account's role, permissions, or whether it is active. It takes hold at once: access tokens that say what
 * was true before are refused from then on, and with deactivation its sessions end. A doctor who is deactivated leaves
 * the search and waits for a review when active again; appointments stand. Refuses with `not_found`, `last_admin`,
 * `version_conflict`, `person_erased`, and as `changeAccount` does.
 */
export const editAccount = async (
  env: Env,
  id: string,
  change: AccountChange,
  actor: Principal,
  nowMs: number,
): Promise<Result<Edited, Refusal>> => {
  const db = database(env.DB);
  const row = await accountRow(db, id);
  if (row === null) return refused(refusal('not_found'));
  // Whoever the account was may come back under another: this one must stay nobody's.
  const erased = await db.select({ id: erasures.accountId }).from(erasures).where(eq(erasures.accountId, id));
  if (erased.length > 0) return refused(refusal('person_erased'));
  const before = standingOf(row);
  const changed = changeAccount(actor, id, before, change);
  if (!changed.ok) return changed;
  const after = changed.value;
  if (JSON.stringify(after) === JSON.stringify(standingOrder(before))) return ok({ row, before, after: before });
  const leavesSearch = row.role === 'doctor' && before.active && !after.active;
  const columns = {
    role: after.role,
    adminPermissions: after.role === 'admin' ? after.permissions : null,
    deactivatedAtMs: after.active ? null : (row.deactivatedAtMs ?? nowMs),
  };
  try {
    await db.batch([
      guard(db, stillAs(row)),
      guard(db, sql`not exists (select 1 from ${erasures} where ${erasures.accountId} = ${id})`),
      // Of two admins who take each other's rights away at once, one is left.
      guard(db, keepsUsers(after) || !keepsUsers(before) ? sql`true` : someoneElseKeepsUsers(id)),
      db.update(accounts).set(columns).where(eq(accounts.id, id)),
      ...(leavesSearch
        ? [
            db
              .update(doctors)
              .set({ verifiedAtMs: null, submittedAtMs: nowMs, revision: sql`${doctors.revision} + 1` })
              .where(and(eq(doctors.id, id), isNotNull(doctors.verifiedAtMs))),
            bumpSchedule(db, id),
          ]
        : []),
      // With the change, so that its tokens end even if this Worker does right after.
      db
        .insert(endings)
        .values({ subject: id, accountId: id, atMs: nowMs })
        .onConflictDoUpdate({ target: endings.subject, set: { atMs: nowMs } }),
      auditStatement(db, {
        stream: `account:${id}`,
        actor,
        action: 'account.changed',
        subjectId: id,
        data: { before, after },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    const now = await accountRow(db, id);
    const isSame = now !== null && JSON.stringify(standingOf(now)) === JSON.stringify(before);
    return refused(refusal(isSame ? 'last_admin' : 'version_conflict'));
  }
  if (before.active && !after.active) await endAllSessions(env, id, 'deactivated', actor);
  else await endTokens(env, id);
  if (leavesSearch) await announceScheduleChange(env, id, nowMs);
  return ok({ row: { ...row, ...columns }, before, after });
};

/** The order in which permissions are kept. */
const standingOrder = (standing: AccountStanding): AccountStanding => ({
  role: standing.role,
  permissions: [...standing.permissions].sort(),
  active: standing.active,
});

const stillAs = (row: Row) => sql`exists (select 1 from accounts where id = ${row.id} and role = ${row.role}
  and deactivated_at_ms is ${row.deactivatedAtMs}
  and permissions is ${row.adminPermissions === null ? null : JSON.stringify(row.adminPermissions)})`;

const someoneElseKeepsUsers = (id: string) => sql`exists (select 1 from accounts
  where role = 'admin' and id <> ${id} and deactivated_at_ms is null
    and exists (select 1 from json_each(permissions) where value = 'users'))`;
