import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Who waits for a seat with a doctor. What is over is kept: it says who was served before whom. */
export const waitlistEntries = sqliteTable(
  'waitlist_entries',
  {
    id: text('id').primaryKey(),
    doctorId: text('doctor_id').notNull(),
    patientId: text('patient_id').notNull(),
    /** Local dates of the doctor, both included. */
    from: text('from_date').notNull(),
    to: text('to_date').notNull(),
    part: text('part', { enum: ['any', 'morning', 'afternoon', 'evening'] }).notNull(),
    /** `null` for either. */
    mode: text('mode', { enum: ['in_person', 'video'] }),
    joinedAtMs: integer('joined_at_ms').notNull(),
    /** `taken`: an offer was booked; `left` by their wish; `ended`: the dates are over. */
    state: text('state', { enum: ['active', 'taken', 'left', 'ended'] }).notNull(),
    closedAtMs: integer('closed_at_ms'),
    /** The version of the doctor's waitlist with which it last changed. */
    version: integer('version').notNull(),
    /** Some opened day of its dates may not know of that change yet. */
    owed: integer('owed', { mode: 'boolean' }).notNull(),
  },
  (t) => [
    // A doctor's line: who waits, first joined first.
    index('waitlist_line').on(t.doctorId, t.joinedAtMs, t.id).where(sql`${t.state} = 'active'`),
    index('waitlist_by_doctor').on(t.doctorId, t.joinedAtMs, t.id),
    index('waitlist_by_patient').on(t.patientId, t.joinedAtMs, t.id),
    index('waitlist_by_time').on(t.joinedAtMs, t.id),
    index('waitlist_over').on(t.to).where(sql`${t.state} = 'active'`),
    index('waitlist_owed').on(t.id).where(sql`${t.owed} = 1`),
  ],
);

/** How often a doctor's waitlist has changed; no row until it first does. */
export const waitlists = sqliteTable('waitlists', {
  doctorId: text('doctor_id').primaryKey(),
  version: integer('version').notNull(),
});
