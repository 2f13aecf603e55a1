import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { doctorId } from './doctors.ts';

/** Absences whose patients are taken care of: one work list for a time off. */
export const absences = sqliteTable(
  'absences',
  {
    id: text('id').primaryKey(),
    doctorId: doctorId(),
    timeOffId: text('time_off_id').notNull(),
    /** Who does it, as the policy knows them: JSON of a principal. */
    actor: text('actor').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When the last of its items came to rest. */
    doneAtMs: integer('done_at_ms'),
  },
  (t) => [
    index('absences_by_doctor').on(t.doctorId, t.createdAtMs, t.id),
    index('absences_under_way').on(t.createdAtMs).where(sql`${t.doneAtMs} is null`),
  ],
);

/** What is done about one appointment in an absence. */
export const absenceItems = sqliteTable(
  'absence_items',
  {
    absenceId: text('absence_id')
      .notNull()
      .references(() => absences.id),
    appointmentId: text('appointment_id').notNull(),
    action: text('action', { enum: ['move', 'offer', 'cancel'] }).notNull(),
    /** Of a move: the slot to go to. */
    slotId: text('slot_id'),
    state: text('state', { enum: ['pending', 'moved', 'offered', 'cancelled', 'unresolved'] }).notNull(),
    /** Why it is unresolved: the code of a refusal. */
    why: text('why'),
    settledAtMs: integer('settled_at_ms'),
  },
  (t) => [primaryKey({ columns: [t.absenceId, t.appointmentId] })],
);
