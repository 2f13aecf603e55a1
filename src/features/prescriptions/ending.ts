import { and, eq, lt, lte, or, sql } from 'drizzle-orm';
import { guard, guardFailed } from '../../db/guard.ts';
import { prescriptions } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { stateAt } from '../../domain/prescription.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { auditStatement } from '../audit/record.ts';
import { sameText } from '../identity/keyed-hash.ts';
import { type Opened, opened, placeIn, prescriptionOf, type Row } from './stored.ts';
import type { Means } from './write.ts';

const hourMs = 3_600_000;
/** Of 8 digits: who tries all year long finds one of two thousand codes. */
const maxTries = 5;

/** Whether a prescription is still active when the batch runs: of two who end it, one does. */
const stillActive = (id: string, nowMs: number) =>
  sql`exists (select 1 from ${prescriptions} where ${prescriptions.id} = ${id} and ${prescriptions.dispensedAtMs} is null
    and ${prescriptions.cancelledAtMs} is null and ${prescriptions.validUntilMs} > ${nowMs})`;

const notActive = (row: Row, nowMs: number): Refusal =>
  refusal('prescription_not_active', undefined, { state: stateAt(row, nowMs) });

/** Reads again what became of a prescription, by whoever ended it. */
const asItIs = async ({ db, settings, sealing }: Means, id: string): Promise<Opened | null> => {
  const row = await prescriptionOf(db, id);
  return row === null ? null : opened(db, settings, sealing, row);
};

/** Cancels a prescription, with a reason that patient and pharmacy may ask for. Refuses with `prescription_not_active`. */
export const cancelPrescription = async (
  means: Means,
  doctor: Identity,
  row: Row,
  reason: string,
  nowMs: number,
): Promise<Result<Opened, Refusal>> => {
  const { db, sealing } = means;
  const sealed = await sealing.sealFor(row.patientId, placeIn(row.id, 'cancel_reason'), reason);
  try {
    await db.batch([
      guard(db, stillActive(row.id, nowMs)),
      db.update(prescriptions).set({ cancelledAtMs: nowMs, cancelReason: sealed }).where(eq(prescriptions.id, row.id)),
      auditStatement(db, {
        stream: `account:${doctor.id}`,
        actor: doctor,
        action: 'prescription.cancelled',
        subjectId: row.id,
        data: { patientId: row.patientId },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(notActive((await prescriptionOf(db, row.id)) ?? row, nowMs));
  }
  const now = await asItIs(means, row.id);
  return now === null ? refused(refusal('person_erased')) : ok(now);
};

/**
 * Marks a prescription as dispensed, for whoever has the paper: its address and the code beside it. Once; of two at the
 * same moment one does. Refuses with `wrong_code`, with `rate_limited` after five tries within an hour, and with
 * `prescription_not_active`. Who holds the paper acts for the patient, and the audit says so.
 */
export const dispense = async (
  means: Means,
  { row, code }: Opened,
  given: { readonly code: string; readonly pharmacy: string },
  nowMs: number,
): Promise<Result<Opened, Refusal>> => {
  const { db, sealing } = means;
  const { id, patientId } = row;
  // A try is counted before it is looked at: of many at the same moment no more than these are.
  if (!(await mayTry(means, id, nowMs))) return refused(tooMany((await prescriptionOf(db, id)) ?? row, nowMs));
  if (!sameText(given.code, code)) return refused(refusal('wrong_code'));
  if (stateAt(row, nowMs) !== 'active') return refused(notActive(row, nowMs));
  const dispensedBy = await sealing.sealFor(patientId, placeIn(id, 'dispensed_by'), given.pharmacy);
  try {
    await db.batch([
      guard(db, stillActive(id, nowMs)),
      db.update(prescriptions).set({ dispensedAtMs: nowMs, dispensedBy }).where(eq(prescriptions.id, id)),
      auditStatement(db, {
        stream: `account:${patientId}`,
        actor: { id: patientId, role: 'patient' },
        action: 'prescription.dispensed',
        subjectId: id,
        data: { patientId, byPaper: true },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(notActive((await prescriptionOf(db, id)) ?? row, nowMs));
  }
  const now = await asItIs(means, id);
  return now === null ? refused(refusal('not_found')) : ok(now);
};

/** Counts a try; `false` when there were as many within the hour as there may be. */
const mayTry = async ({ db }: Means, id: string, nowMs: number): Promise<boolean> => {
  const since = nowMs - hourMs;
  const [counted] = await db
    .update(prescriptions)
    .set({
      codeTries: sql`case when ${prescriptions.triesSinceMs} > ${since} then ${prescriptions.codeTries} + 1 else 1 end`,
      triesSinceMs: sql`case when ${prescriptions.triesSinceMs} > ${since} then ${prescriptions.triesSinceMs} else ${nowMs} end`,
    })
    .where(
      and(eq(prescriptions.id, id), or(lte(prescriptions.triesSinceMs, since), lt(prescriptions.codeTries, maxTries))),
    )
    .returning({ id: prescriptions.id });
  return counted !== undefined;
};

const tooMany = ({ triesSinceMs }: Row, nowMs: number): Refusal =>
  refusal('rate_limited', undefined, { retryAfterSeconds: Math.ceil((triesSinceMs + hourMs - nowMs) / 1000) });
