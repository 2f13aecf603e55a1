import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { profileIn, profileStatements } from '../../patients/profile.ts';
import { recordOf } from '../../patients/relation.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { auditRead, reasonFor } from '../audit/read.ts';
import { readerOf } from '../documents/readable.ts';
import { documentPage, documentView } from '../documents/rows.ts';
import { profileView } from '../patient-profiles/profiles.ts';
import { openedAll, pageOf } from '../prescriptions/stored.ts';
import { prescriptionView } from '../prescriptions/view.ts';
import { entryViews, recordPage } from '../records/entries.ts';
import { noteIn, noteStatements, noteView } from '../records/notes.ts';
import { followUpOfVisit, followUpViews } from '../visits/follow-up-view.ts';
import { type chartSchema, latest } from './schema.ts';

/**
 * A patient's chart for who may read their record, recorded as one look: what they said of themselves, the latest of the
 * record, of prescriptions and of documents, and the note of a visit. All of it is one question to D1. Refuses with
 * `not_found`.
 */
export const chartOf = async (
  c: Context<AppEnv>,
  patientId: string,
  appointmentId: string | null,
  nowMs: number,
): Promise<Result<z.input<typeof chartSchema>, Refusal>> => {
  const [principal, db, sealing] = [c.get('principal'), database(c.env.DB), sealingOf(c)];
  const record = await recordOf(db, principal, patientId, nowMs);
  if (!may(principal, 'record.read', record)) return refused(refusal('not_found'));
  const look = { action: 'chart.read', patientIds: [patientId], subjectId: patientId };
  await auditRead(c, { ...look, ...reasonFor(principal, record) });
  const [[said, born, entries, prescribed, files, noted, versions, proposals]] = await Promise.all([
    db.batch([
      ...profileStatements(db, patientId),
      recordPage(db, patientId, {}, null, latest.entries),
      pageOf(db, patientId, null, latest.prescriptions),
      documentPage(db, patientId, readerOf(principal, record), null, latest.documents, nowMs),
      ...noteStatements(db, appointmentId ?? ''),
      followUpOfVisit(db, appointmentId ?? ''),
    ]),
    sealing.load([patientId]),
  ]);
  const note = noteIn([noted, versions]);
  // A visit of somebody else is not in this patient's chart.
  const proposed = proposals.filter((one) => one.patientId === patientId && may(principal, 'follow_up.read', one));
  const [profile, shown, prescriptions, documents, shownNote, [followUp = null]] = await Promise.all([
    profileIn(sealing, patientId, [said, born]),
    entryViews(db, sealing, entries.slice(0, latest.entries)),
    openedAll(db, c.get('settings'), sealing, prescribed.slice(0, latest.prescriptions)),
    Promise.all(files.slice(0, latest.documents).map((row) => documentView(sealing, row))),
    note?.row.patientId === patientId ? noteView(db, sealing, note) : null,
    followUpViews(sealing, proposed, nowMs),
  ]);
  return ok({
    patientId,
    profile: profileView(patientId, profile, true),
    entries: shown,
    prescriptions: prescriptions.map((one) => prescriptionView(one, nowMs)),
    documents,
    note: shownNote,
    followUp,
  });
};
