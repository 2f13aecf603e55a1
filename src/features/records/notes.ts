import type { z } from '@hono/zod-openapi';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { violatedUnique } from '../../db/constraint.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { appointments, healthRecords, noteVersions, visits } from '../../db/schema.ts';
import { may, type Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { whyNotBegun } from '../../domain/visits/begun.ts';
import { itsVisit } from '../../patients/called.ts';
import { namesOf } from '../../patients/names.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { entryAudit, mayStillWrite, newRecordId, type RecordRow } from './entries.ts';
import type { amendmentSchema, noteSchema } from './entry-schema.ts';
import { type NoteVersionRow, type NoteWords, versionPlace, versionView } from './note-words.ts';

/** The first and forty-nine amendments. */
const maxVersions = 50;

/** An appointment as far as notes of it go. */
export type Visit = Pick<
  typeof appointments.$inferSelect,
  'id' | 'patientId' | 'doctorId' | 'startsAtMs' | 'status' | 'clinicId'
> & { readonly isCalledIn: boolean };

/** The visit of an appointment's id, by D1; `null` when there is none. */
const visitOf = async (db: Database, id: string): Promise<Visit | null> => {
  const { patientId, doctorId, startsAtMs, status, clinicId } = appointments;
  const [row] = await db
    .select({ id: appointments.id, patientId, doctorId, startsAtMs, status, clinicId, calledAtMs: visits.calledAtMs })
    .from(appointments)
    .leftJoin(visits, itsVisit)
    .where(eq(appointments.id, id));
  return row === undefined ? null : { ...row, isCalledIn: row.calledAtMs !== null };
};

/** A note with its versions, the newest first. */
export interface Note {
  readonly row: RecordRow;
  readonly versions: readonly NoteVersionRow[];
}

/** What D1 is asked for the note of a visit: statements that may stand in a batch with others. */
export const noteStatements = (db: Database, appointmentId: string) => {
  const isIt = and(eq(healthRecords.appointmentId, appointmentId), sql`${healthRecords.kind} = 'note'`);
  const { id } = healthRecords;
  return [
    db.select().from(healthRecords).where(isIt),
    db
      .select()
      .from(noteVersions)
      .where(inArray(noteVersions.recordId, db.select({ id }).from(healthRecords).where(isIt)))
      .orderBy(desc(noteVersions.version)),
  ] as const;
};

/** The note in what {@link noteStatements} found; `null` while there is none. */
export const noteIn = ([[row], versions]: readonly [readonly RecordRow[], readonly NoteVersionRow[]]): Note | null =>
  row === undefined ? null : { row, versions };

/** The note of a visit; `null` while there is none. */
export const noteOf = async (db: Database, appointmentId: string): Promise<Note | null> =>
  noteIn(await db.batch(noteStatements(db, appointmentId)));

const sealedVersion = async (
  { sealFor }: Sealing,
  row: Pick<RecordRow, 'id' | 'patientId'>,
  version: number,
  words: NoteWords,
  reason: string | null,
  nowMs: number,
): Promise<NoteVersionRow> => ({
  recordId: row.id,
  version,
  patientId: row.patientId,
  content: await sealFor(row.patientId, versionPlace(row.id, version, 'content'), JSON.stringify(words)),
  reason: await sealFor(row.patientId, versionPlace(row.id, version, 'reason'), reason),
  writtenAtMs: nowMs,
});

const mayWrite = (visit: Visit | null, doctor: Principal): visit is Visit =>
  visit !== null && may(doctor, 'note.write', { doctorId: visit.doctorId });

/**
 * Writes the note of a visit: by its doctor alone, once it has begun. Refuses with `not_found`, `invalid_transition` (the
 * visit was not agreed on, or did not take place), `too_early`, `note_exists` and `too_many_items`. Throws `person_erased`.
 */
export const writeNote = async (
  db: Database,
  sealing: Sealing,
  appointmentId: string,
  words: NoteWords,
  doctor: Principal,
  nowMs: number,
): Promise<Result<Note, Refusal>> => {
  const visit = await visitOf(db, appointmentId);
  if (!mayWrite(visit, doctor)) return refused(refusal('not_found'));
  const notBegun = whyNotBegun(visit, nowMs);
  if (notBegun !== null) return refused(notBegun);
  const { patientId, startsAtMs } = visit;
  const row: RecordRow = {
    id: newRecordId(),
    ...{ patientId, appointmentId, kind: 'note', atMs: startsAtMs, recordedAtMs: nowMs },
    ...{ authorId: doctor.id, authorRole: 'doctor', content: null, withdrawnAtMs: null },
  };
  const version = await sealedVersion(sealing, row, 1, words, null, nowMs);
  try {
    await db.batch([
      guard(db, mayStillWrite(patientId, nowMs)),
      db.insert(healthRecords).values(row),
      db.insert(noteVersions).values(version),
      entryAudit(db, 'note.written', row, doctor, nowMs, { appointmentId, version: 1 }),
    ]);
  } catch (error) {
    if (violatedUnique(error) !== null) return refused(refusal('note_exists'));
    if (guardFailed(error)) return refused(refusal('too_many_items'));
    throw error;
  }
  return ok({ row, versions: [version] });
};

type Amendment = z.output<typeof amendmentSchema>;

/**
 * Amends the note of a visit: by its doctor alone, as a new version with a reason. What was there stays readable, and
 * diagnoses stay unless others are given.
 * Refuses with `not_found`, `too_many_items`, and `version_conflict` when it was amended meanwhile. Throws `person_erased`.
 */
export const amendNote = async (
  db: Database,
  sealing: Sealing,
  appointmentId: string,
  { reason, amends, text, diagnoses }: Amendment,
  doctor: Principal,
  nowMs: number,
): Promise<Result<Note, Refusal>> => {
  const visit = await visitOf(db, appointmentId);
  const note = mayWrite(visit, doctor) ? await noteOf(db, appointmentId) : null;
  // Where an appointment went to another doctor, the note is still of who wrote it.
  if (note === null || note.row.authorId !== doctor.id) return refused(refusal('not_found'));
  const { row, versions } = note;
  if (versions.length >= maxVersions) return refused(refusal('too_many_items', `At most ${maxVersions} versions.`));
  const [newest] = versions;
  const last = newest?.version ?? 0;
  if (newest === undefined || amends !== last) return refused(refusal('version_conflict'));
  const words = { text, diagnoses: diagnoses ?? (await versionView(sealing, newest)).diagnoses };
  const version = await sealedVersion(sealing, row, last + 1, words, reason, nowMs);
  try {
    await db.batch([
      guard(
        db,
        sql`(select max(version) from note_versions where record_id = ${row.id}) = ${last}
          and not exists (select 1 from data_keys where subject_id = ${row.patientId} and destroyed_at_ms is not null)`,
      ),
      db.insert(noteVersions).values(version),
      entryAudit(db, 'note.amended', row, doctor, nowMs, { appointmentId, version: last + 1 }),
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('version_conflict'));
  }
  return ok({ row, versions: [version, ...versions] });
};

/** A note as the API shows it. */
export const noteView = async (
  db: Database,
  sealing: Sealing,
  { row, versions }: Note,
): Promise<z.input<typeof noteSchema>> => ({
  id: row.id,
  appointmentId: row.appointmentId ?? '',
  patientId: row.patientId,
  doctorId: row.authorId,
  doctorName: (await namesOf(db, [row.authorId])).get(row.authorId) ?? null,
  versions: await Promise.all(versions.map((version) => versionView(sealing, version))),
});
