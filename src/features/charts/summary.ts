import type { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { appointments } from '../../db/schema.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { may } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { recordOf } from '../../patients/relation.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { readerOf } from '../documents/readable.ts';
import { broughtTo, documentView } from '../documents/rows.ts';
import { openedAll, prescribedAt } from '../prescriptions/stored.ts';
import { prescriptionView } from '../prescriptions/view.ts';
import { noteIn, noteStatements, noteView } from '../records/notes.ts';
import { followUpOfVisit, followUpView } from '../visits/follow-up-view.ts';
import type { summarySchema } from './schema.ts';

/**
 * What there is to a visit, for who may read the patient's record, recorded as one look: the documents that were brought,
 * its note, what was prescribed from it, and the visit that was proposed to follow. All of it is one question to D1.
 * Refuses with `not_found`.
 */
export const summaryOf = async (
  c: Context<AppEnv>,
  appointmentId: string,
  nowMs: number,
): Promise<Result<z.input<typeof summarySchema>, Refusal>> => {
  const [principal, db, sealing] = [c.get('principal'), database(c.env.DB), sealingOf(c)];
  // D1 is moments behind: of what was booked just now, the day itself says whose it is.
  const live = await doctorDays(c.env).get(appointmentId);
  const { id, patientId: of, doctorId } = appointments;
  const [[kept], files, noted, versions, prescribed, [proposal]] = await db.batch([
    db.select({ patientId: of, doctorId }).from(appointments).where(eq(id, appointmentId)),
    broughtTo(db, appointmentId),
    ...noteStatements(db, appointmentId),
    prescribedAt(db, appointmentId),
    followUpOfVisit(db, appointmentId),
  ]);
  const visit = live?.ok ? live.value : kept;
  if (visit === undefined) return refused(live === null || live.ok ? refusal('not_found') : live.refusal);
  const { patientId } = visit;
  const record = await recordOf(db, principal, patientId, nowMs);
  if (!may(principal, 'record.read', record)) return refused(refusal('not_found'));
  const look = { action: 'visit_summary.read', patientIds: [patientId], subjectId: appointmentId };
  await auditRead(c, { ...look, ...reasonFor(principal, record) });
  const note = noteIn([noted, versions]);
  const reader = readerOf(principal, record);
  const brought = files.filter((row) => row.patientId === patientId);
  const documents = reader === null || reader.id === visit.doctorId ? brought : [];
  const followUp = proposal !== undefined && may(principal, 'follow_up.read', proposal) ? proposal : null;
  await sealing.load([patientId]);
  const [shownNote, prescriptions, shownFollowUp] = await Promise.all([
    note === null ? null : noteView(db, sealing, note),
    openedAll(db, c.get('settings'), sealing, prescribed),
    followUp === null ? null : followUpView(db, sealing, followUp, nowMs),
  ]);
  return ok({
    ...{ appointmentId, patientId, note: shownNote, followUp: shownFollowUp },
    documents: await Promise.all(documents.map((row) => documentView(sealing, row))),
    prescriptions: prescriptions.map((one) => prescriptionView(one, nowMs)),
  });
};
