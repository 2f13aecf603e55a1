import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { doctorId } from './doctors.ts';

/**
 * What was said of a visit. Triggers of the migrations keep `doctors.rating_count` and `rating_sum` to the rows that are
 * shown, those neither hidden nor withdrawn, whatever writes here.
 */
export const reviews = sqliteTable(
  'reviews',
  {
    id: text('id').primaryKey(),
    appointmentId: text('appointment_id').notNull(),
    doctorId: doctorId(),
    patientId: text('patient_id').notNull(),
    /** The account that wrote it: the patient's, or a guardian's. */
    authorId: text('author_id').notNull(),
    /** Counts the doctor's reviews: where it stands in lists, without saying when it was written. */
    number: integer('number').notNull(),
    stars: integer('stars').notNull(),
    /** Public, and so not sealed. Empty once withdrawn. */
    text: text('text').notNull(),
    /** Whether readers see the author's first name and initial. */
    showsName: integer('shows_name', { mode: 'boolean' }).notNull(),
    /** The local date of the visit. */
    visitedOn: text('visited_on').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    editedAtMs: integer('edited_at_ms'),
    /** What the doctor answers. */
    reply: text('reply'),
    repliedAtMs: integer('replied_at_ms'),
    hiddenAtMs: integer('hidden_at_ms'),
    /** Why an admin hid it, in words for the author. */
    hiddenReason: text('hidden_reason'),
    withdrawnAtMs: integer('withdrawn_at_ms'),
  },
  (t) => {
    const shown = sql`${t.hiddenAtMs} is null and ${t.withdrawnAtMs} is null`;
    return [
      uniqueIndex('reviews_by_appointment').on(t.appointmentId),
      uniqueIndex('reviews_by_number').on(t.doctorId, t.number),
      index('reviews_shown').on(t.doctorId, t.number).where(shown),
      index('reviews_by_stars').on(t.doctorId, t.stars, t.number).where(shown),
      index('reviews_by_day').on(t.doctorId, t.visitedOn),
      index('reviews_by_author').on(t.authorId, t.id),
      index('reviews_by_patient').on(t.patientId, t.id),
      index('reviews_by_age').on(t.createdAtMs, t.id),
      index('reviews_hidden').on(t.createdAtMs, t.id).where(sql`${t.hiddenAtMs} is not null`),
      check('reviews_stars', sql`${t.stars} between 1 and 5`),
    ];
  },
);
