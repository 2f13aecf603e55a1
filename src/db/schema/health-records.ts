import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** What patients have said of themselves: birth, blood group, allergies, medications, whom to call, insurance. */
export const patientProfiles = sqliteTable('patient_profiles', {
  patientId: text('patient_id').primaryKey(),
  /** JSON, sealed with the patient's key. */
  content: text('content').notNull(),
  revision: integer('revision').notNull(),
  updatedAtMs: integer('updated_at_ms').notNull(),
});

/** As what somebody wrote into a record. */
export const authorRoles = ['patient', 'guardian', 'doctor'] as const;
/** What an entry of a record is. */
export const recordKinds = ['history', 'vitals', 'note'] as const;

/**
 * Entries of patients' records, as they were written. Triggers refuse DELETE while the patient's key is there, and every
 * UPDATE but the one that marks an entry as withdrawn.
 */
export const healthRecords = sqliteTable(
  'health_records',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    kind: text('kind', { enum: recordKinds }).notNull(),
    /** When it was so, or was measured; of a visit note when the appointment began. */
    atMs: integer('at_ms').notNull(),
    recordedAtMs: integer('recorded_at_ms').notNull(),
    authorId: text('author_id').notNull(),
    authorRole: text('author_role', { enum: authorRoles }).notNull(),
    /** Of a visit note: the visit. */
    appointmentId: text('appointment_id'),
    /** JSON, sealed with the patient's key; `null` for a visit note, whose versions say it. */
    content: text('content'),
    /** When its author declared it a mistake; it stays and says so. */
    withdrawnAtMs: integer('withdrawn_at_ms'),
  },
  (t) => [
    index('health_records_by_patient').on(t.patientId, t.atMs, t.id),
    index('health_records_by_kind').on(t.patientId, t.kind, t.atMs, t.id),
    index('health_records_recorded').on(t.patientId, t.recordedAtMs),
    uniqueIndex('health_records_note').on(t.appointmentId).where(sql`${t.kind} = 'note'`),
  ],
);

/** Every version of every visit note, the first and each amendment. Triggers refuse UPDATE, and DELETE as above. */
export const noteVersions = sqliteTable(
  'note_versions',
  {
    recordId: text('record_id').notNull(),
    version: integer('version').notNull(),
    patientId: text('patient_id').notNull(),
    /** JSON: the words and the diagnoses, sealed with the patient's key. */
    content: text('content').notNull(),
    /** Why it was amended, sealed; `null` of the first version. */
    reason: text('reason'),
    writtenAtMs: integer('written_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.recordId, t.version] }),
    index('note_versions_by_patient').on(t.patientId, t.recordId, t.version),
  ],
);
