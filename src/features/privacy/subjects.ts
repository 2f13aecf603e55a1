import { asc, eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, dependants } from '../../db/schema.ts';
import type { Role } from '../../domain/access.ts';

/**
 * Whose data goes with an account: the holder's own, and that of dependants, who have no account of their own. Those
 * whom the guardian has removed count as well: nobody else could ask for their data.
 */
export const subjectsOf = async (db: Database, accountId: string): Promise<string[]> => {
  const rows = await db
    .select({ id: dependants.id })
    .from(dependants)
    .where(eq(dependants.guardianId, accountId))
    .orderBy(asc(dependants.id));
  return [accountId, ...rows.map(({ id }) => id)];
};

/** As what somebody is known who may be erased: by the role of the account; dependants as patients; `null` for nobody. */
export const roleOfSubject = async (db: Database, id: string): Promise<Role | null> => {
  const [[account], [dependant]] = await db.batch([
    db.select({ role: accounts.role }).from(accounts).where(eq(accounts.id, id)),
    db.select({ id: dependants.id }).from(dependants).where(eq(dependants.id, id)),
  ]);
  return account?.role ?? (dependant === undefined ? null : 'patient');
};
