import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { accounts, dependants } from '../db/schema.ts';

/** Somebody who can be a patient, and whom to tell of what concerns them. */
export interface Patient {
  readonly id: string;
  /** The account that answers for them: their own, or their guardian's. */
  readonly accountId: string;
  readonly email: string;
}

/**
 * A patient by id, with or without a login; `null` for anybody else: staff, doctors and admins, accounts that were
 * deactivated, dependants whom their guardian has removed, and ids of nobody.
 */
export const patientOf = async (db: Database, id: string): Promise<Patient | null> => {
  const [[own], [dependant]] = await db.batch([
    db
      .select({ id: accounts.id, email: accounts.email })
      .from(accounts)
      .where(and(eq(accounts.id, id), eq(accounts.role, 'patient'), isNull(accounts.deactivatedAtMs))),
    db
      .select({ id: dependants.id, accountId: dependants.guardianId, email: accounts.email })
      .from(dependants)
      .innerJoin(accounts, eq(accounts.id, dependants.guardianId))
      .where(and(eq(dependants.id, id), isNull(dependants.removedAtMs))),
  ]);
  return own === undefined ? (dependant ?? null) : { ...own, accountId: own.id };
};
