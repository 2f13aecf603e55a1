import { eq, sql } from 'drizzle-orm';
import { searchTerms } from '../domain/search-terms.ts';
import type { Database } from './client.ts';
import { clinicTerms, locations } from './schema.ts';

/** The path of a location: the ids from its country on; `null` when there is no such location. */
export const pathOf = async (db: Database, locationId: string): Promise<string | null> =>
  (await db.select({ path: locations.path }).from(locations).where(eq(locations.id, locationId)))[0]?.path ?? null;

/** The ids of a path, the country's first. */
export const idsIn = (path: string): string[] => path.split('/').slice(0, -1);

/**
 * The statements that make a clinic's search words what they now are: of its name, its city, and of every name of where
 * it lies within its country. They belong into the batch of every change of these.
 */
export const clinicTermStatements = (
  db: Database,
  clinic: { readonly id: string; readonly name: string; readonly city: string; readonly path: string | null },
) => {
  const terms = JSON.stringify(searchTerms(clinic.name, clinic.city));
  const within = JSON.stringify(clinic.path === null ? [] : idsIn(clinic.path).slice(1));
  return [
    db.delete(clinicTerms).where(eq(clinicTerms.clinicId, clinic.id)),
    // Names of locations are folded already, with one space between their words: as JSON they are lists of words.
    db.insert(clinicTerms).select(sql`select ${clinic.id} as clinic_id, value as term from json_each(${terms})
      union select ${clinic.id}, w.value from json_each(${within}) l cross join location_names n on n.location_id = l.value,
        json_each('["' || replace(n.folded, ' ', '","') || '"]') w`),
  ] as const;
};
