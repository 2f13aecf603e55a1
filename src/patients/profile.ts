import { eq } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { dependants, patientProfiles } from '../db/schema.ts';
import { emptyProfile, type PatientProfile } from '../domain/patient-profile.ts';
import type { Place } from '../sealing/sealed-text.ts';
import type { Sealing } from '../sealing/sealing.ts';

/** Where what a patient has said of themselves stands. */
export const profilePlace = (patientId: string): Place => ({
  table: 'patient_profiles',
  row: patientId,
  column: 'content',
});

/** A profile as it was read. */
export interface StoredProfile {
  readonly profile: PatientProfile;
  /** 0 while nothing was ever said. */
  readonly revision: number;
  readonly updatedAtMs: number | null;
}

/** What D1 is asked for a profile: statements that may stand in a batch with others. */
export const profileStatements = (db: Database, patientId: string) =>
  [
    db.select().from(patientProfiles).where(eq(patientProfiles.patientId, patientId)),
    db.select({ birthDate: dependants.birthDate }).from(dependants).where(eq(dependants.id, patientId)),
  ] as const;

type ProfileStatements = ReturnType<typeof profileStatements>;

/**
 * What a patient, or their guardian, has said of them; an empty profile of who has said nothing, and of who was erased.
 * A dependant's birth date is the one that the guardian gave when adding them, unless the profile has another.
 *
 * @param rows what {@link profileStatements} found
 */
export const profileIn = async (
  { openFor }: Sealing,
  patientId: string,
  [[row], [dependant]]: readonly [Awaited<ProfileStatements[0]>, Awaited<ProfileStatements[1]>],
): Promise<StoredProfile> => {
  const text = row === undefined ? null : await openFor(patientId, profilePlace(patientId), row.content);
  const said: PatientProfile = text === null ? emptyProfile : { ...emptyProfile, ...JSON.parse(text) };
  return {
    profile: { ...said, birthDate: said.birthDate ?? dependant?.birthDate ?? null },
    revision: row?.revision ?? 0,
    updatedAtMs: row?.updatedAtMs ?? null,
  };
};

/** The profile of one patient, read by itself. */
export const profileOf = async (db: Database, sealing: Sealing, patientId: string): Promise<StoredProfile> =>
  profileIn(sealing, patientId, await db.batch(profileStatements(db, patientId)));
