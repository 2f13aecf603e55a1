import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { doctorId } from './doctors.ts';
import { clinics } from './places.ts';

const slotShape = {
  start: text('start').notNull(),
  end: text('end').notNull(),
  slotMinutes: integer('slot_minutes').notNull(),
  bufferMinutes: integer('buffer_minutes').notNull(),
  capacity: integer('capacity').notNull(),
  /** Seats beyond the capacity that are kept for emergencies. */
  emergencySeats: integer('emergency_seats').notNull().default(0),
  mode: text('mode', { enum: ['in_person', 'video'] }).notNull(),
  clinicId: text('clinic_id').references(() => clinics.id),
  /** Kinds of the clinic's rooms and devices that each slot needs, as a JSON array. */
  requires: text('requires', { mode: 'json' }).$type<string[]>().notNull().default([]),
};

export const weeklyRules = sqliteTable(
  'weekly_rules',
  {
    id: text('id').primaryKey(),
    doctorId: doctorId(),
    weekday: integer('weekday').notNull(),
    effectiveFrom: text('effective_from'),
    effectiveUntil: text('effective_until'),
    ...slotShape,
  },
  (t) => [index('weekly_rules_by_doctor').on(t.doctorId), index('weekly_rules_by_mode').on(t.mode, t.doctorId)],
);

export const extraSessions = sqliteTable(
  'extra_sessions',
  {
    id: text('id').primaryKey(),
    doctorId: doctorId(),
    date: text('date').notNull(),
    ...slotShape,
  },
  (t) => [
    index('extra_sessions_by_doctor').on(t.doctorId, t.date),
    index('extra_sessions_by_mode').on(t.mode, t.doctorId, t.date),
  ],
);

export const timeOff = sqliteTable(
  'time_off',
  {
    id: text('id').primaryKey(),
    doctorId: doctorId(),
    from: text('from_date').notNull(),
    to: text('to_date').notNull(),
    start: text('start'),
    end: text('end'),
    reason: text('reason').notNull().default(''),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [index('time_off_by_doctor').on(t.doctorId, t.from)],
);

/**
 * What is known of each doctor-day of the coming weeks: for search, and to find the days that an edit must reach.
 * An opened day's row is written by its Durable Object's projection; the others by the schedules feature.
 */
export const doctorDays = sqliteTable(
  'doctor_days',
  {
    doctorId: doctorId(),
    date: text('date').notNull(),
    /** When the day's object first stored something; `null` while nobody has booked. */
    openedAtMs: integer('opened_at_ms'),
    /** When the object deleted its storage; from then on D1 alone holds the day. */
    cleanedAtMs: integer('cleaned_at_ms'),
    /** The schedule that the numbers below were computed from. */
    scheduleVersion: integer('schedule_version').notNull(),
    /** The doctor's waitlist that the object knows. */
    waitlistVersion: integer('waitlist_version').notNull().default(0),
    /** The last event of the object that this row reflects. */
    version: integer('version').notNull().default(0),
    /** The `version` that `daily_figures` reflect; another one: they are to be computed anew. */
    figuresVersion: integer('figures_version').notNull().default(0),
    remaining: integer('remaining').notNull().default(0),
    firstAvailableAtMs: integer('first_available_at_ms'),
    lastAvailableAtMs: integer('last_available_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.doctorId, t.date] }),
    // Whom an edit must reach: walked every minute, so it holds no day that nobody has booked or that is over.
    index('doctor_days_open')
      .on(t.date, t.doctorId)
      .where(sql`${t.openedAtMs} is not null and ${t.cleanedAtMs} is null`),
    index('doctor_days_available').on(t.date, t.doctorId).where(sql`${t.remaining} > 0`),
    // Search by the soonest free slot walks this; it stays flat because days that have ended leave it (see below).
    index('doctor_days_soonest').on(t.firstAvailableAtMs, t.doctorId).where(sql`${t.remaining} > 0`),
    index('doctor_days_unfolded').on(t.date, t.doctorId).where(sql`${t.figuresVersion} <> ${t.version}`),
    index('doctor_days_ending').on(t.lastAvailableAtMs).where(sql`${t.remaining} > 0`),
  ],
);
