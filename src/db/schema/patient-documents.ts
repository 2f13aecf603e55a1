import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** What patients keep of their own. The files are in R2, each sealed with a key of its own, under a name of chance. */
export const patientDocuments = sqliteTable(
  'patient_documents',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    /** The appointment that it was brought to, if any. */
    appointmentId: text('appointment_id'),
    /** The key of the object in R2: random, and never shown. */
    objectKey: text('object_key').notNull(),
    /** What the patient calls it, sealed with the patient's key. */
    name: text('name').notNull(),
    /** The key that the file is sealed with, sealed with the patient's key. */
    fileKey: text('file_key').notNull(),
    mediaType: text('media_type', { enum: ['application/pdf', 'image/jpeg', 'image/png'] }).notNull(),
    /** Of the file as it was sent. */
    bytes: integer('bytes').notNull(),
    /** A keyed hash of the file, so that the same one again is the same document; `null` until all of it has arrived. */
    fingerprint: text('fingerprint'),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When R2 held all of it; `null` while it is on its way, and for ever when that broke off. */
    storedAtMs: integer('stored_at_ms'),
    /** From then on it is gone for everybody; the row stays until R2 has let go of the file. */
    deletedAtMs: integer('deleted_at_ms'),
  },
  (t) => [
    index('patient_documents_by_patient').on(t.patientId, t.createdAtMs, t.id),
    uniqueIndex('patient_documents_once').on(t.patientId, t.fingerprint).where(sql`${t.deletedAtMs} is null`),
    index('patient_documents_by_appointment').on(t.appointmentId).where(sql`${t.appointmentId} is not null`),
    index('patient_documents_deleted').on(t.deletedAtMs).where(sql`${t.deletedAtMs} is not null`),
    index('patient_documents_unfinished').on(t.createdAtMs).where(sql`${t.storedAtMs} is null`),
  ],
);

/** To which doctors patients have given documents to read, and until when. */
export const documentShares = sqliteTable(
  'document_shares',
  {
    documentId: text('document_id').notNull(),
    doctorId: text('doctor_id').notNull(),
    patientId: text('patient_id').notNull(),
    sharedAtMs: integer('shared_at_ms').notNull(),
    /** At that instant it ends. */
    endsAtMs: integer('ends_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.documentId, t.doctorId] }),
    index('document_shares_by_doctor').on(t.doctorId, t.patientId, t.endsAtMs),
    index('document_shares_by_patient').on(t.patientId),
    index('document_shares_ended').on(t.endsAtMs),
  ],
);
