import { eq, inArray, sql } from 'drizzle-orm';
import { searchTerms } from '../domain/search-terms.ts';
import type { Database } from './client.ts';
import { clinics, doctorClinics, doctorTerms } from './schema.ts';

/** A list as one bound parameter, for `in`: D1 takes at most 100 parameters a statement. */
export const listOf = (values: readonly string[]) => sql`(select value from json_each(${JSON.stringify(values)}))`;

/** The cities of clinics by id; `null` when one of them does not exist. */
export const citiesOfClinics = async (db: Database, clinicIds: readonly string[]): Promise<string[] | null> => {
  const ids = [...new Set(clinicIds)];
  if (ids.length === 0) return [];
  const rows = await db
    .select({ city: clinics.city })
    .from(clinics)
    .where(inArray(clinics.id, listOf(ids)));
  return rows.length === ids.length ? rows.map((row) => row.city) : null;
};

/**
 * Statements that make a doctor's clinics and search words what they now are. They belong into the batch of every
 * change of the name, the specialization or the clinics.
 */
export const listingStatements = (
  db: Database,
  doctor: {
    readonly id: string;
    readonly fullName: string;
    readonly specialization: string;
    readonly clinicIds: readonly string[];
    readonly cities: readonly string[];
  },
) => {
  const terms = searchTerms(doctor.fullName, doctor.specialization, ...doctor.cities);
  return [
    db.delete(doctorClinics).where(eq(doctorClinics.doctorId, doctor.id)),
    db
      .insert(doctorClinics)
      .select(
        sql`select ${doctor.id} as doctor_id, value as clinic_id from json_each(${JSON.stringify([...new Set(doctor.clinicIds)])})`,
      ),
    db.delete(doctorTerms).where(eq(doctorTerms.doctorId, doctor.id)),
    db
      .insert(doctorTerms)
      .select(sql`select ${doctor.id} as doctor_id, value as term from json_each(${JSON.stringify(terms)})`),
  ] as const;
};
