import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, authenticators, clinicStaff, dataKeys, dependants, passkeys } from '../../db/schema.ts';
import { maxFacts, type Principal, principalOf } from '../../domain/access.ts';
import type { Settings } from '../../env.ts';
import { dataKeyFor } from '../../sealing/data-keys.ts';
import { keyRing } from '../../sealing/key-ring.ts';

/** What an access token says of its holder. */
export interface Holder extends Principal {
  /** The patient's own data key, wrapped by the master key; `null` for an account that has none. */
  readonly dataKey: string | null;
  /** Whether the owner has proved to read mail to the account's address. */
  readonly isVerified: boolean;
  /** Whether there is an authenticator app that counts, or a passkey. */
  readonly hasSecondFactor: boolean;
}

/** Everything that an access token says of an account, read at signing; `null` when there is no such account. */
const factsOf = async (db: Database, accountId: string): Promise<Holder | null> => {
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
      emailVerifiedAtMs: accounts.emailVerifiedAtMs,
      secondFactors: sql<number>`(select count(*) from ${authenticators} where account_id = ${accounts.id}
        and confirmed_at_ms is not null) + (select count(*) from ${passkeys} where account_id = ${accounts.id})`,
    })
    .from(accounts)
    .leftJoin(dataKeys, eq(dataKeys.subjectId, accounts.id))
    .where(eq(accounts.id, accountId))
    .limit(1);
  if (row === undefined) return null;
  const { id, role, permissions, clinicIds, dependantIds, dataKey, emailVerifiedAtMs, secondFactors } = row;
  // A role that was changed leaves what belonged to the one before without effect.
  const facts = {
    permissions: role === 'admin' ? (permissions ?? []) : [],
    clinicIds: role === 'staff' ? JSON.parse(clinicIds) : [],
    dependantIds: role === 'patient' ? JSON.parse(dependantIds) : [],
  };
  return {
    ...principalOf({ id, role, ...facts }),
    dataKey,
    isVerified: emailVerifiedAtMs !== null,
    hasSecondFactor: secondFactors > 0,
  };
};

/** As {@link factsOf}, for signing: a patient who has no data key yet gets one, so that booking needs no query for it. */
export const holderOf = async (
  db: Database,
  settings: Settings,
  accountId: string,
  nowMs: number,
): Promise<Holder | null> => {
  const facts = await factsOf(db, accountId);
  if (facts === null || facts.role !== 'patient' || facts.dataKey !== null) return facts;
  return { ...facts, dataKey: await dataKeyFor(db, await keyRing(settings.masterKeys), accountId, nowMs) };
};
