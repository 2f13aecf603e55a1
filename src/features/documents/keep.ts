import { and, asc, eq, gt, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { appointments, doctors, documentShares, notifications, patientDocuments } from '../../db/schema.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import type { Identity } from '../../domain/access.ts';
import { isOn } from '../../domain/notifications/preferences.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { preferencesOf } from '../../notifications/preferences.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { type DocumentRow, documentAudit, documentPlace } from './rows.ts';
import type { DocumentEdit } from './schema.ts';
import { discard } from './upload.ts';

const maxShares = 20;
const maxShareMs = 366 * 86_400_000;
/** An upload that has not ended by then never will. */
const uploadTtlMs = 15 * 60_000;
const sweptAtOnce = 100;

export type ShareRow = typeof documentShares.$inferSelect;

/**
 * Names a document anew, or brings it to an appointment of its patient; what the edit leaves out stays. Refuses with
 * `invalid_request` for an appointment that is not the patient's, `temporarily_unavailable` while its day does not answer.
 */
export const editDocument = async (
  env: Env,
  sealing: Sealing,
  row: DocumentRow,
  edit: DocumentEdit,
  actor: Identity,
  nowMs: number,
): Promise<Result<DocumentRow, Refusal>> => {
  const db = database(env.DB);
  const { id, patientId } = row;
  if (typeof edit.appointmentId === 'string') {
    const own = await isAppointmentOf(env, patientId, edit.appointmentId);
    if (!own.ok) return own;
    if (!own.value) {
      const errors = [{ path: 'appointmentId', message: 'is no appointment of the patient' }];
      return refused(refusal('invalid_request', undefined, { errors }));
    }
  }
  const name =
    edit.name === undefined ? row.name : await sealing.sealFor(patientId, documentPlace(id, 'name'), edit.name);
  const { appointmentId = row.appointmentId } = edit;
  await db.batch([
    db.update(patientDocuments).set({ name, appointmentId }).where(eq(patientDocuments.id, id)),
    documentAudit(db, 'changed', row, actor, nowMs, { fields: Object.keys(edit) }),
  ]);
  return ok({ ...row, name, appointmentId });
};

/** Whether an appointment is a patient's: by its day, for D1 hears of a hold a moment later; by D1 once that is history. */
const isAppointmentOf = async (env: Env, patientId: string, id: string): Promise<Result<boolean, Refusal>> => {
  const live = await doctorDays(env).get(id);
  if (live !== null) return live.ok ? ok(live.value.patientId === patientId) : live;
  const [own] = await database(env.DB)
    .select({ id: appointments.id })
    .from(appointments)
    .where(and(eq(appointments.id, id), eq(appointments.patientId, patientId)));
  return ok(own !== undefined);
};

/** Deletes a document: at once for everybody, and from the bucket right after. */
export const removeDocument = async (env: Env, row: DocumentRow, actor: Identity, nowMs: number): Promise<void> => {
  const db = database(env.DB);
  await db.batch([
    db.update(patientDocuments).set({ deletedAtMs: nowMs }).where(eq(patientDocuments.id, row.id)),
    db.delete(documentShares).where(eq(documentShares.documentId, row.id)),
    documentAudit(db, 'deleted', row, actor, nowMs),
  ]);
  await discard(env, db, row);
};

/** To whom a document is given now, the first to end first. */
export const sharesOf = (db: Database, documentId: string, nowMs: number): Promise<ShareRow[]> =>
  db
    .select()
    .from(documentShares)
    .where(and(eq(documentShares.documentId, documentId), gt(documentShares.endsAtMs, nowMs)))
    .orderBy(asc(documentShares.endsAtMs), asc(documentShares.doctorId));

/**
 * Gives a document to a verified doctor for a time; again, for another time. Refuses with `invalid_request` for an end
 * that has come or is more than a year ahead, `unknown_doctor`, `too_many_items`.
 */
export const share = async (
  db: Database,
  row: DocumentRow,
  doctorId: string,
  endsAtMs: number,
  actor: Identity,
  nowMs: number,
): Promise<Result<ShareRow, Refusal>> => {
  if (endsAtMs <= nowMs || endsAtMs > nowMs + maxShareMs) {
    const errors = [{ path: 'endsAt', message: 'must lie ahead, by at most a year' }];
    return refused(refusal('invalid_request', undefined, { errors }));
  }
  const [doctor] = await db
    .select({ verifiedAtMs: doctors.verifiedAtMs })
    .from(doctors)
    .where(eq(doctors.id, doctorId));
  if ((doctor?.verifiedAtMs ?? null) === null) return refused(refusal('unknown_doctor'));
  const told = await toldRow(db, row, doctorId, endsAtMs, nowMs);
  const given: ShareRow = { documentId: row.id, doctorId, patientId: row.patientId, sharedAtMs: nowMs, endsAtMs };
  try {
    await db.batch([
      guard(
        db,
        sql`(select count(*) from document_shares where document_id = ${row.id} and doctor_id <> ${doctorId}
            and ends_at_ms > ${nowMs}) < ${maxShares}
          and exists (select 1 from patient_documents where id = ${row.id} and deleted_at_ms is null)`,
      ),
      db
        .insert(documentShares)
        .values(given)
        .onConflictDoUpdate({
          target: [documentShares.documentId, documentShares.doctorId],
          set: { sharedAtMs: nowMs, endsAtMs },
        }),
      documentAudit(db, 'shared', row, actor, nowMs, { doctorId, endsAtMs }),
      ...told,
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('too_many_items', `A document is given to at most ${maxShares} doctors.`));
  }
  return ok(given);
};

/** That the doctor is told, in the list in the app, unless they want no such news: as the ledger has what was told. */
const toldRow = async (db: Database, { id }: DocumentRow, doctorId: string, endsAtMs: number, nowMs: number) => {
  const preferences = (await preferencesOf(db, [doctorId])).get(doctorId);
  const kind = 'document_shared';
  if (preferences !== undefined && !isOn(preferences, kind, 'doctor', 'in_app')) return [];
  const times = { causedAtMs: nowMs, dueAtMs: nowMs, createdAtMs: nowMs, sentAtMs: nowMs, settledAtMs: nowMs };
  return [
    db
      .insert(notifications)
      .values({
        ...{ id: `n_${crypto.randomUUID()}`, subjectId: id, version: nowMs, kind, offsetMinutes: 0, channel: 'in_app' },
        ...{ recipientId: doctorId, audience: 'doctor', startsAtMs: endsAtMs, state: 'delivered', causedBy: 'patient' },
        ...times,
      })
      .onConflictDoNothing(),
  ];
};

/** Takes a document back from a doctor, at once. Refuses with `not_found`. */
export const unshare = async (
  db: Database,
  row: DocumentRow,
  doctorId: string,
  actor: Identity,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const given = await sharesOf(db, row.id, nowMs);
  if (!given.some((one) => one.doctorId === doctorId)) return refused(refusal('not_found'));
  await db.batch([
    db.delete(documentShares).where(and(eq(documentShares.documentId, row.id), eq(documentShares.doctorId, doctorId))),
    documentAudit(db, 'unshared', row, actor, nowMs, { doctorId }),
  ]);
  return ok(null);
};

/**
 * Lets the bucket go of files that were deleted, are of somebody erased, or never arrived whole, and forgets shares that
 * have ended. Gives the number of files. A job of every minute.
 */
export const sweepPatientDocuments = async (env: Env, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  const { createdAtMs, deletedAtMs, storedAtMs } = patientDocuments;
  const rows = await db
    .select({ id: patientDocuments.id, objectKey: patientDocuments.objectKey })
    .from(patientDocuments)
    // One that is still arriving is let go of by its upload, or once that can no more be under way.
    .where(
      or(
        and(lte(deletedAtMs, nowMs), or(sql`${storedAtMs} is not null`, lt(createdAtMs, nowMs - uploadTtlMs))),
        and(isNull(storedAtMs), lt(createdAtMs, nowMs - uploadTtlMs)),
      ),
    )
    .limit(sweptAtOnce);
  for (const row of rows) await discard(env, db, row);
  await db.delete(documentShares).where(lte(documentShares.endsAtMs, nowMs));
  return rows.length;
};
