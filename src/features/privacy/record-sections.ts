import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { documentShares, healthRecords, noteVersions, patientDocuments, patientProfiles } from '../../db/schema.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { after, few, iso, type Pages, pageRows, pages } from './pages.ts';

const said = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

/**
 * What is known of the health of people, with every word opened. Of documents what they are and to whom they are given: the
 * files themselves are downloaded one by one.
 */
export const recordSections = (
  db: Database,
  { openFor }: Pick<Sealing, 'openFor'>,
  subjectIds: readonly string[],
): Readonly<Record<'profiles' | 'records' | 'visitNotes' | 'documents' | 'documentShares', Pages>> => ({
  profiles: few(
    () =>
      db
        .select()
        .from(patientProfiles)
        .where(inArray(patientProfiles.patientId, listOf(subjectIds))),
    async ({ patientId, content, updatedAtMs }) => ({
      patientId,
      profile: said(
        await openFor(patientId, { table: 'patient_profiles', row: patientId, column: 'content' }, content),
      ),
      updatedAt: iso(updatedAtMs),
    }),
  ),
  records: ofEach(subjectIds, (patientId) =>
    pages(
      (last: typeof healthRecords.$inferSelect | null) =>
        db
          .select()
          .from(healthRecords)
          .where(
            and(
              eq(healthRecords.patientId, patientId),
              after(last, (row) => sql`(${healthRecords.atMs}, ${healthRecords.id}) > (${row.atMs}, ${row.id})`),
            ),
          )
          .orderBy(asc(healthRecords.atMs), asc(healthRecords.id))
          .limit(pageRows),
      async ({ id, kind, atMs, recordedAtMs, authorId, authorRole, appointmentId, content, withdrawnAtMs }) => ({
        ...{ id, patientId, kind, authorId, saidBy: authorRole, appointmentId },
        at: iso(atMs),
        recordedAt: iso(recordedAtMs),
        withdrawnAt: iso(withdrawnAtMs),
        said: said(await openFor(patientId, { table: 'health_records', row: id, column: 'content' }, content)),
      }),
    ),
  ),
  /** Every version of the notes among the records. */
  visitNotes: ofEach(subjectIds, (patientId) =>
    pages(
      (last: typeof noteVersions.$inferSelect | null) =>
        db
          .select()
          .from(noteVersions)
          .where(
            and(
              eq(noteVersions.patientId, patientId),
              after(
                last,
                (row) => sql`(${noteVersions.recordId}, ${noteVersions.version}) > (${row.recordId}, ${row.version})`,
              ),
            ),
          )
          .orderBy(asc(noteVersions.recordId), asc(noteVersions.version))
          .limit(pageRows),
      async ({ recordId, version, content, reason, writtenAtMs }) => {
        const place = (column: 'content' | 'reason') => ({
          table: 'note_versions',
          row: `${recordId}/${version}`,
          column,
        });
        return {
          ...{ recordId, version, writtenAt: iso(writtenAtMs) },
          said: said(await openFor(patientId, place('content'), content)),
          reason: await openFor(patientId, place('reason'), reason),
        };
      },
    ),
  ),
  documents: ofEach(subjectIds, (patientId) =>
    few(
      () =>
        db
          .select()
          .from(patientDocuments)
          .where(and(eq(patientDocuments.patientId, patientId), isNull(patientDocuments.deletedAtMs))),
      async ({ id, name, mediaType, bytes, appointmentId, createdAtMs }) => ({
        ...{ id, patientId, mediaType, bytes, appointmentId, uploadedAt: iso(createdAtMs) },
        name: await openFor(patientId, { table: 'patient_documents', row: id, column: 'name' }, name),
      }),
    ),
  ),
  documentShares: ofEach(subjectIds, (patientId) =>
    few(
      () => db.select().from(documentShares).where(eq(documentShares.patientId, patientId)),
      ({ documentId, doctorId, sharedAtMs, endsAtMs }) => ({
        ...{ documentId, doctorId },
        sharedAt: iso(sharedAtMs),
        endsAt: iso(endsAtMs),
      }),
    ),
  ),
});

/** What there is of one person after the other: each walks an index of their own. */
const ofEach = (subjectIds: readonly string[], of: (patientId: string) => Pages): Pages =>
  async function* () {
    for (const id of subjectIds) yield* of(id)();
  };

/**
 * The statements that delete what is known of the health of people whose keys are destroyed, in a transaction in which
 * that came before. Files go with the sweep of the next minute; from the destruction of the key on they are noise.
 */
export const erasingRecords = (db: Database, subjectIds: readonly string[], nowMs: number) =>
  [
    db.delete(patientProfiles).where(inArray(patientProfiles.patientId, listOf(subjectIds))),
    db.delete(noteVersions).where(inArray(noteVersions.patientId, listOf(subjectIds))),
    db.delete(healthRecords).where(inArray(healthRecords.patientId, listOf(subjectIds))),
    db.delete(documentShares).where(inArray(documentShares.patientId, listOf(subjectIds))),
    db
      .update(patientDocuments)
      .set({ deletedAtMs: nowMs })
      .where(inArray(patientDocuments.patientId, listOf(subjectIds))),
  ] as const;
