import { eq } from 'drizzle-orm';
import { foldedName } from '../domain/search-terms.ts';
import type { Database } from './client.ts';
import { specializations } from './schema.ts';

/** The listed name of a specialization, whatever its case, accents and spaces; `null` when it is not in the list. */
export const listedSpecialization = async (db: Database, given: string): Promise<string | null> =>
  (
    await db
      .select({ name: specializations.name })
      .from(specializations)
      .where(eq(specializations.foldedName, foldedName(given)))
  )[0]?.name ?? null;
