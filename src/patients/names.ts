import { inArray } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { accounts, clinics, dependants } from '../db/schema.ts';

/** The names of patients with and without a login, doctors and clinics, by id, in one query; unknown ids are missing. */
export const namesOf = async (db: Database, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> => {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await unionAll(
    db
      .select({ id: accounts.id, name: accounts.fullName })
      .from(accounts)
      .where(inArray(accounts.id, listOf(wanted))),
    db
      .select({ id: dependants.id, name: dependants.fullName })
      .from(dependants)
      .where(inArray(dependants.id, listOf(wanted))),
    db
      .select({ id: clinics.id, name: clinics.name })
      .from(clinics)
      .where(inArray(clinics.id, listOf(wanted))),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
};
