import { eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts } from '../../db/schema.ts';
import { type Principal, principalOf } from '../../domain/access.ts';

/** What an access token says of its holder. */
export interface Holder extends Principal {
  /** The patient's own data key, wrapped by the master key; `null` for an account that has none. */
  readonly dataKey: string | null;
}

/** Everything that an access token says of an account, read at signing; `null` when there is no such account. */
export const factsOf = async (db: Database, accountId: string): Promise<Holder | null> => {
  const [row] = await db
    .select({ id: accounts.id, role: accounts.role })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .limit(1);
  return row === undefined ? null : { ...principalOf(row), dataKey: null };
};
