import { eq, inArray, sql } from 'drizzle-orm';
import { searchTerms } from '../domain/search-terms.ts';
import type { Database } from './client.ts';
import { clinics, doctorClinics, doctorLanguages, doctorTerms } from './schema.ts';

/** A list as one bound parameter, for `in`: D1 takes at most 100 parameters a statement. */
export const listOf = (values: readonly string[]) => sql`(select value from json_each(${JSON.stringify(values)}))`;

/** Whether every one of these clinics exists. */
export const clinicsExist = async (db: Database, clinicIds: readonly string[]): Promise<boolean> => {
  const ids = [...new Set(clinicIds)];
  if (ids.length === 0) return true;
  const rows = await db
    .select({ id: clinics.id })
    .from(clinics)
    .where(inArray(clinics.id, listOf(ids)));
  return rows.length === ids.length;
};

/** The languages of a doctor, in the doctor's order. */
export const languagesOf = async (db: Database, doctorId: string): Promise<string[]> => {
  const rows = await db
    .select({ language: doctorLanguages.language })
    .from(doctorLanguages)
    .where(eq(doctorLanguages.doctorId, doctorId))
    .orderBy(doctorLanguages.place);
  return rows.map(({ language }) => language);
};

/** Where a word stands in a profile, as `doctor_terms.field` says it. */
const [inName, inBio] = [0, 1];

/**
 * Statements that make a doctor's clinics, languages and search words what they now are. They belong into the batch of
 * every change of the name, the bio, the clinics or the languages.
 */
export const listingStatements = (
  db: Database,
  doctor: {
    readonly id: string;
    readonly fullName: string;
    readonly bio: string;
    readonly clinicIds: readonly string[];
    readonly languages: readonly string[];
  },
) => {
  const named = searchTerms(doctor.fullName);
  const terms = [
    ...named.map((term) => [term, inName]),
    ...searchTerms(doctor.bio)
      .filter((term) => !named.includes(term))
      .map((term) => [term, inBio]),
  ];
  return [
    db.delete(doctorClinics).where(eq(doctorClinics.doctorId, doctor.id)),
    db
      .insert(doctorClinics)
      .select(
        sql`select ${doctor.id} as doctor_id, value as clinic_id from json_each(${JSON.stringify([...new Set(doctor.clinicIds)])})`,
      ),
    db.delete(doctorLanguages).where(eq(doctorLanguages.doctorId, doctor.id)),
    db
      .insert(doctorLanguages)
      .select(
        sql`select ${doctor.id} as doctor_id, value as language, key as place from json_each(${JSON.stringify([...new Set(doctor.languages)])})`,
      ),
    db.delete(doctorTerms).where(eq(doctorTerms.doctorId, doctor.id)),
    db
      .insert(doctorTerms)
      .select(
        sql`select ${doctor.id} as doctor_id, value ->> 0 as term, value ->> 1 as field from json_each(${JSON.stringify(terms)})`,
      ),
  ] as const;
};
