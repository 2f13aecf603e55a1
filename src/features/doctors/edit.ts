import { eq, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { clinicsExist, languagesOf, listingStatements } from '../../db/doctor-listing.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts, doctors } from '../../db/schema.ts';
import { listedSpecialization } from '../../db/specializations.ts';
import { announceScheduleChange, bumpSchedule } from '../../doctor-days/schedule-changes.ts';
import { may, type Principal } from '../../domain/access.ts';
import { type Refusal, type RefusalCode, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';
import { type DoctorRow, doctorOf } from './profile.ts';
import type { DoctorEdit } from './schema.ts';
import { type DayFreeze, freezeDays, notOpenedSince } from './zone-change.ts';

/** How often an edit is made again when something it rests on changed meanwhile. */
const maxAttempts = 4;

/**
 * Edits a doctor's profile: what the edit leaves out stays. A change of fee, of payment or of zone reaches the doctor's
 * opened days after the commit; the zone changes only while no opened day holds a live appointment. Refuses with
 * `not_found` (also for somebody else's profile), `forbidden` (a doctor's own licence number), `unknown_clinic`,
 * `unknown_specialization`, `license_number_taken`, `zone_change_blocked`, `version_conflict`, `temporarily_unavailable`.
 */
export const editDoctor = async (
  env: Env,
  id: string,
  edit: DoctorEdit,
  actor: Principal,
  nowMs: number,
): Promise<Result<DoctorRow, Refusal>> => {
  if (!may(actor, 'doctor.edit', { doctorId: id })) return refused(refusal('not_found'));
  if (edit.licenseNumber !== undefined && actor.role !== 'admin') {
    return refused(refusal('forbidden', 'Only an admin may change a licence number.'));
  }
  let why: RefusalCode = 'version_conflict';
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const outcome = await editOnce(env, id, edit, actor, nowMs);
    if (!('again' in outcome)) return outcome;
    why = outcome.again;
  }
  return refused(refusal(why));
};

const editOnce = async (
  env: Env,
  id: string,
  edit: DoctorEdit,
  actor: Principal,
  nowMs: number,
): Promise<Result<DoctorRow, Refusal> | { readonly again: RefusalCode }> => {
  const db = database(env.DB);
  const current = await doctorOf(db, id);
  if (current === null) return refused(refusal('not_found'));
  const clinicIds = edit.clinicIds ?? current.clinicIds;
  if (!(await clinicsExist(db, clinicIds))) return refused(refusal('unknown_clinic'));
  const languages = edit.languages ?? (await languagesOf(db, id));
  const { specialization: named } = edit;
  const specialization = named === undefined ? current.row.specialization : await listedSpecialization(db, named);
  if (specialization === null) return refused(refusal('unknown_specialization'));
  const columns = { ...columnsOf(edit, current.row), specialization, ...reviewOf(current.row, edit, nowMs) };
  const row = { ...current.row, ...columns };
  const movesZone = row.timeZone !== current.row.timeZone;
  const frozen = movesZone ? await freezeDays(env, current.row) : ok(null);
  if (!frozen.ok) return frozen;
  const freeze = frozen.value;
  try {
    await commit(db, current.row, row, {
      columns,
      clinicIds,
      languages,
      freeze,
      actor,
      nowMs,
      changed: Object.keys(edit),
    });
  } catch (error) {
    const licenseTaken = violatedUnique(error) === 'doctors.license_number';
    // After any other failure the change may have been made all the same: the days stay frozen until they learn of it.
    if (!guardFailed(error) && !licenseTaken) throw error;
    await freeze?.thaw();
    // Not because a zone is named, but because it would move: only then could days have been opened meanwhile.
    const again = { again: movesZone ? 'temporarily_unavailable' : 'version_conflict' } as const;
    return licenseTaken ? refused(refusal('license_number_taken')) : again;
  }
  if (concernsDays(current.row, row)) await announceScheduleChange(env, id, nowMs);
  return ok(row);
};

/** The columns that an edit sets. Others of the row may be changing at this moment and must not be written. */
const columnsOf = (
  { consultationFee, videoFeeAmount, clinicIds: _, languages: __, ...fields }: DoctorEdit,
  before: Pick<DoctorRow, 'currency'>,
): Partial<DoctorRow> => ({
  ...fields,
  // An amount in another currency would be another amount.
  ...(consultationFee === undefined || consultationFee.currency === before.currency ? {} : { videoFeeMinor: null }),
  ...(videoFeeAmount === undefined ? {} : { videoFeeMinor: videoFeeAmount }),
  ...(consultationFee === undefined ? {} : { feeMinor: consultationFee.amount, currency: consultationFee.currency }),
});

/** What was verified was a number and the name on it: with another of either, a verified doctor waits for a review. */
const reviewOf = (before: DoctorRow, edit: DoctorEdit, nowMs: number): Partial<DoctorRow> => {
  const { licenseNumber = before.licenseNumber, fullName = before.fullName } = edit;
  const isSame = licenseNumber === before.licenseNumber && fullName === before.fullName;
  return isSame || before.verifiedAtMs === null ? {} : { verifiedAtMs: null, submittedAtMs: nowMs };
};

/** Whether an edit changes anything that a doctor-day must learn of. */
const concernsDays = (before: DoctorRow, after: DoctorRow): boolean =>
  (before.verifiedAtMs === null) !== (after.verifiedAtMs === null) ||
  before.timeZone !== after.timeZone ||
  before.feeMinor !== after.feeMinor ||
  before.videoFeeMinor !== after.videoFeeMinor ||
  before.paymentRequired !== after.paymentRequired ||
  before.currency !== after.currency;

interface Change {
  readonly columns: Partial<DoctorRow>;
  readonly clinicIds: readonly string[];
  readonly languages: readonly string[];
  readonly freeze: DayFreeze | null;
  readonly actor: Principal;
  readonly nowMs: number;
  /** Names of the fields that the edit has, for the audit. */
  readonly changed: readonly string[];
}

/** Writes an edited profile in one transaction, which fails its guard when the profile or the opened days changed. */
const commit = async (db: Database, before: DoctorRow, after: DoctorRow, change: Change): Promise<void> => {
  const { id, revision } = before;
  await db.batch([
    guard(
      db,
      sql`exists (select 1 from doctors where id = ${id} and revision = ${revision})
        ${change.freeze === null ? sql`` : sql`and ${notOpenedSince(before, change.freeze)}`}`,
    ),
    db
      .update(doctors)
      .set({ ...change.columns, revision: revision + 1 })
      .where(eq(doctors.id, id)),
    db.update(accounts).set({ fullName: after.fullName }).where(eq(accounts.id, id)),
    ...listingStatements(db, { ...after, clinicIds: change.clinicIds, languages: change.languages }),
    ...(concernsDays(before, after) ? [bumpSchedule(db, id)] : []),
    auditStatement(db, {
      stream: `doctor:${id}`,
      actor: change.actor,
      action: 'doctor.edited',
      subjectId: id,
      data: {
        fields: change.changed,
        ...(before.verifiedAtMs !== null && after.verifiedAtMs === null ? { verification: 'submitted' } : {}),
      },
      atMs: change.nowMs,
    }),
  ]);
};
