import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { guard } from '../../db/guard.ts';
import { accounts } from '../../db/schema.ts';
import type { Account } from './account.ts';
import { hashPassword } from './password.ts';

/**
 * The statements that give an account another password, unless somebody else has done so since it was read: then the
 * batch they stand in fails by its guard.
 */
export const setPassword = (db: Database, { id, passwordHash }: Account, password: string) =>
  [
    guard(db, sql`exists (select 1 from accounts where id = ${id} and password_hash = ${passwordHash})`),
    db
      .update(accounts)
      .set({ passwordHash: hashPassword(password) })
      .where(and(eq(accounts.id, id), eq(accounts.passwordHash, passwordHash))),
  ] as const;
