import type { z } from '@hono/zod-openapi';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, notificationPreferences } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { preferencesOf } from '../../notifications/preferences.ts';
import { auditStatement } from '../audit/record.ts';
import { type Account, accountOf } from '../identity/account.ts';
import { userOf } from '../identity/session.ts';
import { pictureOf } from './pictures.ts';
import type { MeEdit, meSchema } from './schema.ts';

/** An account as its owner sees it. */
export const meView = async (db: Database, account: Account): Promise<z.input<typeof meSchema>> => {
  const [preferences, picture] = await Promise.all([preferencesOf(db, [account.id]), pictureOf(db, account.id)]);
  const locale = preferences.get(account.id)?.locale ?? 'en';
  return { ...userOf(account), locale, timeZone: account.timeZone, hasPicture: picture !== null };
};

/**
 * Changes what somebody says of themselves; what the edit leaves out stays. Refuses with `name_on_licence` for the name of
 * a doctor, which a licence is checked against, and with `unauthenticated` when the account is no more.
 */
export const editMe = async (
  db: Database,
  edit: MeEdit,
  actor: Principal,
  nowMs: number,
): Promise<Result<Account, Refusal>> => {
  if (edit.fullName !== undefined && actor.role === 'doctor') return refused(refusal('name_on_licence'));
  const { locale, phone, ...columns } = edit;
  const set = { ...columns, ...(phone === null ? { phone, phoneVerifiedAtMs: null } : {}) };
  const row = { accountId: actor.id, switches: {}, revision: 1, updatedAtMs: nowMs };
  await db.batch([
    auditStatement(db, {
      stream: `account:${actor.id}`,
      actor,
      action: 'account.edited',
      subjectId: actor.id,
      data: { fields: Object.keys(edit) },
      atMs: nowMs,
    }),
    ...(Object.keys(set).length === 0 ? [] : [db.update(accounts).set(set).where(eq(accounts.id, actor.id))]),
    ...(locale === undefined
      ? []
      : [
          db
            .insert(notificationPreferences)
            .values({ ...row, locale })
            .onConflictDoUpdate({
              target: notificationPreferences.accountId,
              set: { locale, revision: sql`${notificationPreferences.revision} + 1`, updatedAtMs: nowMs },
            }),
        ]),
  ]);
  const account = await accountOf(db, actor.id);
  return account === null ? refused(refusal('unauthenticated')) : ok(account);
};
