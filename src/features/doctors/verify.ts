import { eq, type SQL, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts, doctors } from '../../db/schema.ts';
import { announceScheduleChange, bumpSchedule } from '../../doctor-days/schedule-changes.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, type RefusalCode, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { settingsOf } from '../../env.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import type { DoctorRow } from './profile.ts';

/** What a review, or asking for one, makes of a doctor. */
interface Step {
  readonly action: 'doctor.submitted' | 'doctor.verified' | 'doctor.rejected';
  readonly from: readonly DoctorRow['verification'][];
  readonly set: Partial<DoctorRow>;
  /** Whether the doctor can be booked from now on, or no longer. */
  readonly concernsDays: boolean;
  readonly mail: { readonly kind: string; readonly subject: string; readonly text: string } | null;
  /** What must hold besides, when it is written. */
  readonly unless?: { readonly condition: SQL; readonly code: RefusalCode };
}

/** Asks for a review. Refuses with `not_found`, `already_submitted`, `already_verified`, `no_documents`. */
export const submitDoctor = (env: Env, id: string, actor: Principal, nowMs: number): Promise<Result<null, Refusal>> =>
  take(env, id, actor, nowMs, {
    action: 'doctor.submitted',
    from: ['unverified', 'rejected'],
    set: { submittedAtMs: nowMs, rejectedAtMs: null, rejectionReason: null },
    concernsDays: false,
    mail: null,
    unless: {
      condition: sql`not exists (select 1 from licence_documents
        where doctor_id = ${id} and stored_at_ms is not null and deleted_at_ms is null)`,
      code: 'no_documents',
    },
  });

/**
 * Verifies a doctor, who can be found and booked from then on, and tells the doctor. Refuses with `not_found`,
 * `already_verified`, and `not_submitted` for who was rejected and has not submitted anew. What an admin has seen on paper
 * counts: a new doctor may be verified without having submitted.
 */
export const verifyDoctor = (env: Env, id: string, actor: Principal, nowMs: number): Promise<Result<null, Refusal>> =>
  take(env, id, actor, nowMs, {
    action: 'doctor.verified',
    from: ['unverified', 'submitted'],
    set: { verifiedAtMs: nowMs, submittedAtMs: null, rejectedAtMs: null, rejectionReason: null },
    concernsDays: true,
    mail: {
      kind: 'doctor_verified',
      subject: 'Your licence has been verified',
      text: 'Your licence has been verified. From now on patients can find you and book you.',
    },
  });

/**
 * Rejects what a doctor submitted, or takes back a verification, and tells the doctor why. Appointments that stand go
 * on standing. Refuses with `not_found`, `not_submitted`.
 */
export const rejectDoctor = (
  env: Env,
  id: string,
  reason: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<null, Refusal>> =>
  take(env, id, actor, nowMs, {
    action: 'doctor.rejected',
    from: ['submitted', 'verified'],
    set: { verifiedAtMs: null, submittedAtMs: null, rejectedAtMs: nowMs, rejectionReason: reason },
    concernsDays: true,
    mail: {
      kind: 'doctor_rejected',
      subject: 'Your licence could not be verified',
      text: `Your licence could not be verified:\n\n${reason}\n\nYou can put this right in your profile and submit it again. Appointments that are booked already stand.`,
    },
  });

const refusedFrom: Readonly<Record<DoctorRow['verification'], RefusalCode>> = {
  unverified: 'not_submitted',
  rejected: 'not_submitted',
  submitted: 'already_submitted',
  verified: 'already_verified',
};

/** The state decides in the transaction: of two admins at once one is told that the other was first. */
const take = async (
  env: Env,
  id: string,
  actor: Principal,
  nowMs: number,
  step: Step,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  const [doctor] = await db
    .select({ before: doctors.verification, email: accounts.email })
    .from(doctors)
    .innerJoin(accounts, eq(accounts.id, doctors.id))
    .where(eq(doctors.id, id));
  if (doctor === undefined) return refused(refusal('not_found'));
  const { before, email } = doctor;
  if (!step.from.includes(before)) return refused(refusal(refusedFrom[before]));
  const told =
    step.mail === null
      ? null
      : await postMessage(
          db,
          settingsOf(env).dataKey,
          { ...step.mail, channel: 'email', accountId: id, to: email },
          nowMs,
        );
  const still = sql`exists (select 1 from doctors where id = ${id} and verification = ${before})`;
  try {
    await db.batch([
      guard(db, step.unless === undefined ? still : sql`${still} and not (${step.unless.condition})`),
      // A raised revision makes an edit that read the state before begin again.
      db
        .update(doctors)
        .set({ ...step.set, revision: sql`${doctors.revision} + 1` })
        .where(eq(doctors.id, id)),
      ...(step.concernsDays ? [bumpSchedule(db, id)] : []),
      ...(told === null ? [] : [told.statement]),
      auditStatement(db, {
        stream: `doctor:${id}`,
        actor,
        action: step.action,
        subjectId: id,
        data: { before },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal(await whyNot(db, id, step)));
  }
  if (step.concernsDays) await announceScheduleChange(env, id, nowMs);
  if (told !== null) await dispatch(env, told.id);
  return ok(null);
};

/** Why a step's guard did not hold: the state has changed meanwhile, or what must hold besides does not. */
const whyNot = async (db: Database, id: string, step: Step): Promise<RefusalCode> => {
  const [row] = await db.select({ now: doctors.verification }).from(doctors).where(eq(doctors.id, id));
  if (row === undefined || step.from.includes(row.now)) return step.unless?.code ?? 'version_conflict';
  return refusedFrom[row.now];
};
