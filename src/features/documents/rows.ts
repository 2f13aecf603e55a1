import type { z } from '@hono/zod-openapi';
import { and, desc, eq, gt, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { appointments, doctors, documentShares, patientDocuments } from '../../db/schema.ts';
import type { Identity, Principal, Resource } from '../../domain/access.ts';
import { recordOf } from '../../patients/relation.ts';
import type { Place } from '../../sealing/sealed-text.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { auditStatement } from '../audit/record.ts';
import type { documentSchema } from './schema.ts';

/** How many documents a patient may have. */
export const maxDocuments = 200;

export type DocumentRow = typeof patientDocuments.$inferSelect;

/** Where what is sealed of a document stands. */
export const documentPlace = (id: string, column: 'name' | 'fileKey'): Place => ({
  table: 'patient_documents',
  row: id,
  column,
});

/** Documents that are whole and not deleted. */
export const isThere = and(isNotNull(patientDocuments.storedAtMs), isNull(patientDocuments.deletedAtMs));

/** One document; `null` when there is none of this id. */
export const documentOf = async (db: Database, id: string): Promise<DocumentRow | null> =>
  (
    await db
      .select()
      .from(patientDocuments)
      .where(and(isThere, eq(patientDocuments.id, id)))
  )[0] ?? null;

/** A document as the API shows it. */
export const documentView = async (
  { openFor }: Sealing,
  { id, patientId, name, mediaType, bytes, appointmentId, createdAtMs }: DocumentRow,
): Promise<z.input<typeof documentSchema>> => ({
  ...{ id, patientId, mediaType, bytes, appointmentId },
  name: await openFor(patientId, documentPlace(id, 'name'), name),
  uploadedAt: new Date(createdAtMs).toISOString(),
});

/** A doctor who lists what there is for them. */
export interface DoctorReader {
  readonly id: string;
  /** Whether they treat the patient, and so read what was brought to them. */
  readonly treats: boolean;
}

/** What a doctor was given for a time that is not over, or was brought while they treat the patient. */
const givenTo = ({ id, treats }: DoctorReader, nowMs: number): SQL | undefined =>
  or(
    sql`exists (select 1 from ${documentShares} where ${documentShares.documentId} = ${patientDocuments.id}
      and ${documentShares.doctorId} = ${id} and ${documentShares.endsAtMs} > ${nowMs}
      and exists (select 1 from ${doctors} where ${doctors.id} = ${id} and ${doctors.verifiedAtMs} is not null))`,
    treats
      ? sql`exists (select 1 from ${appointments} where ${appointments.id} = ${patientDocuments.appointmentId}
          and ${appointments.doctorId} = ${id} and ${appointments.patientId} = ${patientDocuments.patientId})`
      : undefined,
  );

/**
 * A document as the policy asks for it: how the principal stands to it. A doctor to whom it was brought reads it while
 * treating the patient, one to whom it was given until that ends.
 */
export const documentResource = async (
  db: Database,
  principal: Principal,
  row: DocumentRow,
  nowMs: number,
): Promise<Resource> => {
  const record = await recordOf(db, principal, row.patientId, nowMs);
  if (principal.role !== 'doctor') return record;
  const isBrought = record.treatedBy !== undefined && (await isBroughtTo(db, principal.id, row));
  const isGiven = isBrought || (await isSharedWith(db, principal.id, row.id, nowMs));
  return { ...record, sharedWith: isGiven ? [principal.id] : [] };
};

const isBroughtTo = async (db: Database, doctorId: string, row: DocumentRow): Promise<boolean> => {
  if (row.appointmentId === null) return false;
  const { id, patientId } = appointments;
  const [found] = await db
    .select({ id })
    .from(appointments)
    .where(and(eq(id, row.appointmentId), eq(patientId, row.patientId), eq(appointments.doctorId, doctorId)));
  return found !== undefined;
};

/** A share counts while its doctor is verified: what was given to a doctor is not for who turned out to be none. */
const verified = and(eq(doctors.id, documentShares.doctorId), isNotNull(doctors.verifiedAtMs));

const isSharedWith = async (db: Database, doctorId: string, documentId: string, nowMs: number): Promise<boolean> => {
  const [share] = await db
    .select({ endsAtMs: documentShares.endsAtMs })
    .from(documentShares)
    .innerJoin(doctors, verified)
    .where(and(eq(documentShares.documentId, documentId), eq(documentShares.doctorId, doctorId)));
  return share !== undefined && share.endsAtMs > nowMs;
};

/** Whether a doctor was given anything of a patient. */
export const hasShares = async (db: Database, doctorId: string, patientId: string, nowMs: number): Promise<boolean> => {
  const { doctorId: to, patientId: of, endsAtMs, documentId } = documentShares;
  const [share] = await db
    .select({ documentId })
    .from(documentShares)
    .innerJoin(doctors, verified)
    .where(and(eq(to, doctorId), eq(of, patientId), gt(endsAtMs, nowMs)))
    .limit(1);
  return share !== undefined;
};

/** One more than a page of a patient's documents, the newest first; of those that a doctor was given, if one is named. */
export const documentPage = (
  db: Database,
  patientId: string,
  doctor: DoctorReader | null,
  after: { readonly createdAtMs: number; readonly id: string } | null,
  limit: number,
  nowMs: number,
) =>
  db
    .select()
    .from(patientDocuments)
    .where(
      and(
        isThere,
        eq(patientDocuments.patientId, patientId),
        doctor === null ? undefined : givenTo(doctor, nowMs),
        after === null
          ? undefined
          : sql`(${patientDocuments.createdAtMs}, ${patientDocuments.id}) < (${after.createdAtMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(patientDocuments.createdAtMs), desc(patientDocuments.id))
    .limit(limit + 1);

/** What was brought to a visit, the newest first. */
export const broughtTo = (db: Database, appointmentId: string) =>
  db
    .select()
    .from(patientDocuments)
    .where(and(isThere, eq(patientDocuments.appointmentId, appointmentId)))
    .orderBy(desc(patientDocuments.createdAtMs), desc(patientDocuments.id))
    .limit(maxDocuments);

/** The statement that records what somebody did with a document. */
export const documentAudit = (
  db: Database,
  action: string,
  { id, patientId }: Pick<DocumentRow, 'id' | 'patientId'>,
  actor: Identity,
  atMs: number,
  data: Readonly<Record<string, unknown>> = {},
) =>
  auditStatement(db, {
    stream: `account:${actor.id}`,
    actor,
    action: `patient_document.${action}`,
    subjectId: id,
    data: { patientId, ...data },
    atMs,
  });
