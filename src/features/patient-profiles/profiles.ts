import type { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { patientProfiles } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { type Item, normalisedName, type PatientProfile } from '../../domain/patient-profile.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { profileOf, profilePlace, type StoredProfile } from '../../patients/profile.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { auditStatement } from '../audit/record.ts';
import type { ProfileEdit, profileSchema } from './schema.ts';

/** A profile as the API shows it: all of it, or what the front desk needs. */
export const profileView = (
  patientId: string,
  { profile, revision, updatedAtMs }: StoredProfile,
  all: boolean,
): z.input<typeof profileSchema> => {
  const { birthDate, sex, emergencyContact, insurance, ...health } = profile;
  return {
    patientId,
    ...{ birthDate, sex, emergencyContact, insurance },
    ...(all ? healthView(health) : {}),
    revision,
    updatedAt: updatedAtMs === null ? null : new Date(updatedAtMs).toISOString(),
  };
};

const healthView = (health: Pick<PatientProfile, 'bloodGroup' | 'allergies' | 'conditions' | 'medications'>) => ({
  bloodGroup: health.bloodGroup,
  allergies: health.allergies.map(coded),
  conditions: health.conditions.map(coded),
  medications: health.medications.map(coded),
});

const coded = <T extends Item>(item: T) => ({ ...item, code: normalisedName(item.name) });

/**
 * Changes what is said of a patient; what the edit leaves out stays. Refuses with `version_conflict` unless it is still
 * the revision that was expected (`null`: any), and with `invalid_request` for a birth that is to come. Throws
 * `person_erased`.
 */
export const editProfile = async (
  db: Database,
  sealing: Sealing,
  patientId: string,
  edit: ProfileEdit,
  expected: number | null,
  actor: Identity,
  nowMs: number,
): Promise<Result<StoredProfile, Refusal>> => {
  // Somewhere it may be tomorrow already.
  if (edit.birthDate && edit.birthDate > addDays(utcDate(nowMs), 1)) {
    const errors = [{ path: 'birthDate', message: 'must not be to come' }];
    return refused(refusal('invalid_request', undefined, { errors }));
  }
  const before = await profileOf(db, sealing, patientId);
  if (expected !== null && expected !== before.revision) return refused(refusal('version_conflict'));
  const profile = { ...before.profile, ...edit } as PatientProfile;
  const revision = before.revision + 1;
  const content = await sealing.sealFor(patientId, profilePlace(patientId), JSON.stringify(profile));
  const row = { patientId, content, revision, updatedAtMs: nowMs };
  try {
    await db.batch([
      guard(
        db,
        sql`coalesce((select revision from patient_profiles where patient_id = ${patientId}), 0) = ${before.revision}
          and not exists (select 1 from data_keys where subject_id = ${patientId} and destroyed_at_ms is not null)`,
      ),
      db.insert(patientProfiles).values(row).onConflictDoUpdate({ target: patientProfiles.patientId, set: row }),
      auditStatement(db, {
        stream: `account:${actor.id}`,
        actor,
        action: 'profile.changed',
        subjectId: patientId,
        data: { fields: Object.keys(edit), revision },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('version_conflict'));
  }
  return ok({ profile, revision, updatedAtMs: nowMs });
};
