import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, clinicStaff, dataKeys, dependants } from '../../db/schema.ts';
import { maxFacts, type Principal, principalOf } from '../../domain/access.ts';

/** What an access token says of its holder. */
export interface Holder extends Principal {
  /** The patient's own data key, wrapped by the master key; `null` for an account that has none. */
  readonly dataKey: string | null;
}

/** Everything that an access token says of an account, read at signing; `null` when there is no such account. */
export const factsOf = async (db: Database, accountId: string): Promise<Holder | null> => {
  const [row] = await db
    .select({
      id: accounts.id,
      role: accounts.role,
      permissions: accounts.adminPermissions,
      clinicIds: sql<string>`(select json_group_array(clinic_id) from (select clinic_id from ${clinicStaff}
        where account_id = ${accounts.id} order by clinic_id limit ${maxFacts}))`,
      dependantIds: sql<string>`(select json_group_array(id) from (select id from ${dependants}
        where guardian_id = ${accounts.id} and removed_at_ms is null order by created_at_ms, id limit ${maxFacts}))`,
      dataKey: dataKeys.wrapped,
    })
    .from(accounts)
    .leftJoin(dataKeys, eq(dataKeys.subjectId, accounts.id))
    .where(eq(accounts.id, accountId))
    .limit(1);
  if (row === undefined) return null;
  const { id, role, permissions, clinicIds, dependantIds, dataKey } = row;
  // A role that was changed leaves what belonged to the one before without effect.
  const facts = {
    permissions: role === 'admin' ? (permissions ?? []) : [],
    clinicIds: role === 'staff' ? JSON.parse(clinicIds) : [],
    dependantIds: role === 'patient' ? JSON.parse(dependantIds) : [],
  };
  return { ...principalOf({ id, role, ...facts }), dataKey };
};
