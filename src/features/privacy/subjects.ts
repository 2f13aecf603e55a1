import { asc, eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { dependants } from '../../db/schema.ts';

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
