import { inArray } from 'drizzle-orm';
import { type CryptoKey, importJWK } from 'jose';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { prescriptionKeys } from '../../db/schema.ts';

/** The public halves of keys that have signed prescriptions and may sign nothing more, by `kid`, in one query. */
export const keysBefore = async (db: Database, kids: readonly string[]): Promise<ReadonlyMap<string, CryptoKey>> => {
  const wanted = [...new Set(kids)];
  if (wanted.length === 0) return new Map();
  const rows = await db
    .select({ kid: prescriptionKeys.kid, jwk: prescriptionKeys.jwk })
    .from(prescriptionKeys)
    .where(inArray(prescriptionKeys.kid, listOf(wanted)));
  const imported = rows.map(async ({ kid, jwk }): Promise<[string, CryptoKey][]> => {
    try {
      return [[kid, (await importJWK(JSON.parse(jwk), 'ES256')) as CryptoKey]];
    } catch {
      // What it signed is not authentic; what others signed is.
      return [];
    }
  });
  return new Map((await Promise.all(imported)).flat());
};
