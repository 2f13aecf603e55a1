import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { doctorId } from './doctors.ts';

/** What doctors prove their licences with. The files are in R2, under keys that say nothing of what they hold. */
export const licenceDocuments = sqliteTable(
  'licence_documents',
  {
    id: text('id').primaryKey(),
    doctorId: doctorId(),
    /** The key of the object in R2: random, and never shown. */
    objectKey: text('object_key').notNull(),
    mediaType: text('media_type', { enum: ['application/pdf', 'image/jpeg', 'image/png'] }).notNull(),
    bytes: integer('bytes').notNull(),
    /** SHA-256 in hexadecimal; `null` until the whole file has arrived. */
    sha256: text('sha256'),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When R2 held all of it; `null` while it is on its way, and for ever when that broke off. */
    storedAtMs: integer('stored_at_ms'),
    /** From then on it is gone for everybody; the row stays until R2 has let go of the file. */
    deletedAtMs: integer('deleted_at_ms'),
  },
  (t) => [
    index('licence_documents_by_doctor').on(t.doctorId, t.createdAtMs, t.id),
    uniqueIndex('licence_documents_once').on(t.doctorId, t.sha256).where(sql`${t.deletedAtMs} is null`),
    // What a crash may have left in R2: looked for every day.
    index('licence_documents_deleted').on(t.deletedAtMs).where(sql`${t.deletedAtMs} is not null`),
    index('licence_documents_unfinished').on(t.createdAtMs).where(sql`${t.storedAtMs} is null`),
  ],
);
