import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { priorities } from '../../domain/schedule.ts';

/** Appointments as projected from the doctor-days. Never written by anything else. */
export const appointments = sqliteTable(
  'appointments',
  {
    id: text('id').primaryKey(),
    doctorId: text('doctor_id').notNull(),
    patientId: text('patient_id').notNull(),
    /** The doctor-day that holds it now. */
    date: text('date').notNull(),
    startsAtMs: integer('starts_at_ms').notNull(),
    endsAtMs: integer('ends_at_ms').notNull(),
    timeZone: text('time_zone').notNull(),
    /** Seat number within the slot while live; `null` once it is free again. */
    seat: integer('seat'),
    mode: text('mode', { enum: ['in_person', 'video'] }).notNull(),
    clinicId: text('clinic_id'),
    priority: text('priority', { enum: priorities }).notNull().default('routine'),
    status: text('status').notNull(),
    /** When a hold or a request for approval runs out. */
    expiresAtMs: integer('expires_at_ms'),
    outsideSchedule: integer('outside_schedule', { mode: 'boolean' }).notNull(),
    /** Sealed; opened only through the sealing interface. */
    reason: text('reason'),
    symptoms: text('symptoms'),
    statusReason: text('status_reason'),
    feeMinor: integer('fee_minor').notNull(),
    currency: text('currency').notNull(),
    /** The patient cannot confirm it unpaid. */
    paymentRequired: integer('payment_required', { mode: 'boolean' }).notNull().default(false),
    /** What was paid: all four or none. */
    paymentId: text('payment_id'),
    paidMinor: integer('paid_minor'),
    paidCurrency: text('paid_currency'),
    paidAtMs: integer('paid_at_ms'),
    /** When the hold was given more time to pay in. */
    extendedAtMs: integer('extended_at_ms'),
    /** The entry of the waitlist that it was offered to, if it began as an offer. */
    waitlistEntryId: text('waitlist_entry_id'),
    /** The rooms and devices that are held for it, as JSON; `null` where there are none. */
    reservation: text('reservation'),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    // The paired assertion of the seat rule: the object decides, D1 would still refuse a second holder.
    uniqueIndex('appointments_seat').on(t.doctorId, t.startsAtMs, t.seat).where(sql`${t.seat} is not null`),
    index('appointments_by_patient').on(t.patientId, t.startsAtMs, t.id),
    index('appointments_by_doctor').on(t.doctorId, t.startsAtMs, t.id),
    index('appointments_by_start').on(t.startsAtMs, t.id),
    index('appointments_by_clinic').on(t.clinicId, t.startsAtMs, t.id).where(sql`${t.clinicId} is not null`),
    index('appointments_outside_schedule').on(t.doctorId, t.startsAtMs, t.id).where(sql`${t.outsideSchedule} = 1`),
    // Holds that live, and those whose time is up and that their day has not swept yet.
    index('appointments_held').on(t.expiresAtMs).where(sql`${t.status} = 'pending'`),
    index('appointments_live_by_patient').on(t.patientId, t.startsAtMs, t.endsAtMs).where(sql`${t.seat} is not null`),
  ],
);

/** Rows that D1 refused; reported, never blocking the rest. */
export const projectionQuarantine = sqliteTable(
  'projection_quarantine',
  {
    appointmentId: text('appointment_id').notNull(),
    version: integer('version').notNull(),
    doctorId: text('doctor_id').notNull(),
    date: text('date').notNull(),
    why: text('why').notNull(),
    row: text('row').notNull(),
    atMs: integer('at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appointmentId, t.version] }), index('quarantine_by_day').on(t.doctorId, t.date)],
);
