import { inArray } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { accounts, clinics, dependants } from '../db/schema.ts';

type Ids = readonly (string | null)[];

/** What D1 is asked for names: one statement, which may stand in a batch with others. */
export const nameRows = (db: Database, ids: Ids) => {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  return unionAll(
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
};

/** Names by id, of what {@link nameRows} found. */
export const namesIn = (rows: Awaited<ReturnType<typeof nameRows>>): ReadonlyMap<string, string> =>
  new Map(rows.map(({ id, name }) => [id, name]));

/** The names of patients with and without a login, doctors and clinics, by id, in one query; unknown ids are missing. */
export const namesOf = async (db: Database, ids: Ids): Promise<ReadonlyMap<string, string>> =>
  ids.every((id) => id === null) ? new Map() : namesIn(await nameRows(db, ids));
