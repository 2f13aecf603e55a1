import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { doctorId } from './doctors.ts';

/** Who has come to an appointment, and was called in. Counts for the time that it was for, and for no other. */
export const visits = sqliteTable(
  'visits',
  {
    appointmentId: text('appointment_id').primaryKey(),
    doctorId: text('doctor_id').notNull(),
    /** The doctor-day. */
    date: text('date').notNull(),
    startsAtMs: integer('starts_at_ms').notNull(),
    checkedInAtMs: integer('checked_in_at_ms').notNull(),
    calledAtMs: integer('called_at_ms'),
  },
  (t) => [index('visits_by_day').on(t.doctorId, t.date)],
);

/** How late a doctor is on a day. */
export const doctorDelays = sqliteTable(
  'doctor_delays',
  {
    doctorId: doctorId(),
    date: text('date').notNull(),
    minutes: integer('minutes').notNull(),
    saidAtMs: integer('said_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.doctorId, t.date] })],
);

/** Visits that a doctor proposes after one. Whether it was booked is not stored: appointments say it. */
export const followUps = sqliteTable(
  'follow_ups',
  {
    id: text('id').primaryKey(),
    /** The visit that it follows. */
    appointmentId: text('appointment_id').notNull(),
    doctorId: doctorId(),
    patientId: text('patient_id').notNull(),
    /** Local dates of the doctor's zone, both included. */
    from: text('from_date').notNull(),
    to: text('to_date').notNull(),
    /** The doctor's words to the patient, sealed. */
    note: text('note'),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When the patient declined it, or the doctor took it back. */
    endedAtMs: integer('ended_at_ms'),
  },
  (t) => [
    uniqueIndex('follow_ups_of_visit').on(t.appointmentId).where(sql`${t.endedAtMs} is null`),
    index('follow_ups_by_patient').on(t.patientId, t.createdAtMs, t.id),
    index('follow_ups_by_doctor').on(t.doctorId, t.createdAtMs, t.id),
  ],
);
