import { inArray, isNull } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { dataKeys } from '../db/schema.ts';
import { freshDataKey, type KeyRing } from './key-ring.ts';

/** A person's data key as D1 has it: wrapped, or destroyed for good (`null`). */
export type StoredKey = string | null;

/** A fresh data key for a person: how it is wrapped, and the statement that stores it unless the person has one. */
const newDataKey = async (db: Database, ring: KeyRing, subjectId: string, nowMs: number) => {
  const wrapped = await ring.wrap(subjectId, freshDataKey());
  const row = { subjectId, wrapped, masterId: ring.current, createdAtMs: nowMs };
  return { wrapped, statement: db.insert(dataKeys).values(row).onConflictDoNothing() };
};

/** The data keys of people, in one query; those who never had one are missing. */
export const dataKeysOf = async (db: Database, subjectIds: readonly string[]): Promise<Map<string, StoredKey>> => {
  const rows = await db
    .select({ subjectId: dataKeys.subjectId, wrapped: dataKeys.wrapped })
    .from(dataKeys)
    .where(inArray(dataKeys.subjectId, listOf(subjectIds)));
  return new Map(rows.map(({ subjectId, wrapped }) => [subjectId, wrapped]));
};

/** The data key of a person, made now if there never was one. Of two requests at once, both get the same. */
export const dataKeyFor = async (db: Database, ring: KeyRing, subjectId: string, nowMs: number): Promise<StoredKey> => {
  const known = await dataKeysOf(db, [subjectId]);
  if (known.has(subjectId)) return known.get(subjectId) ?? null;
  const { statement } = await newDataKey(db, ring, subjectId, nowMs);
  await statement;
  return (await dataKeysOf(db, [subjectId])).get(subjectId) ?? null;
};

/**
 * The statement that destroys a person's data key. What was sealed with it is noise from then on, wherever it lies;
 * the row stays, so that no request on its way makes the person a new one.
 */
export const destroyDataKey = (db: Database, subjectId: string, nowMs: number) =>
  db
    .insert(dataKeys)
    .values({ subjectId, wrapped: null, masterId: null, createdAtMs: nowMs, destroyedAtMs: nowMs })
    .onConflictDoUpdate({
      target: dataKeys.subjectId,
      set: { wrapped: null, masterId: null, destroyedAtMs: nowMs },
      setWhere: isNull(dataKeys.destroyedAtMs),
    });
