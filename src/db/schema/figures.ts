import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { doctorId } from './doctors.ts';

/** What is counted of appointments. Every figure can be added up. */
const figures = () => ({
  /** Agreed on by both sides, whatever became of them. */
  booked: integer('booked').notNull().default(0),
  completed: integer('completed').notNull().default(0),
  noShows: integer('no_shows').notNull().default(0),
  cancelledByPatient: integer('cancelled_by_patient').notNull().default(0),
  /** By the doctor, staff or an admin. */
  cancelledByPractice: integer('cancelled_by_practice').notNull().default(0),
  /** Holds and requests whose time ran out. */
  expired: integer('expired').notNull().default(0),
  rejected: integer('rejected').notNull().default(0),
  /** Of the completed: those of patients whom the doctor had not seen before, and of others. */
  newPatients: integer('new_patients').notNull().default(0),
  returningPatients: integer('returning_patients').notNull().default(0),
  /** From the booking to the start, summed over what was booked. */
  leadMinutes: integer('lead_minutes').notNull().default(0),
  /** Seats that were taken and, of days of which is known what was offered, of those. */
  taken: integer('taken').notNull().default(0),
  filled: integer('filled').notNull().default(0),
  offered: integer('offered').notNull().default(0),
  /** Minor units of `currency`. */
  incomeMinor: integer('income_minor').notNull().default(0),
  /** Reviews of these visits that are shown, and the sum of their stars. */
  reviews: integer('reviews').notNull().default(0),
  stars: integer('stars').notNull().default(0),
});

/**
 * What came of a doctor-day, for each clinic (`''`: none) and currency. Computed from `appointments` whenever the day has
 * changed, but for `offered`: that is written ahead of the day, for schedules forget what they were.
 */
export const dailyFigures = sqliteTable(
  'daily_figures',
  {
    doctorId: doctorId(),
    date: text('date').notNull(),
    clinicId: text('clinic_id').notNull(),
    currency: text('currency').notNull(),
    ...figures(),
  },
  (t) => [
    primaryKey({ columns: [t.doctorId, t.date, t.clinicId, t.currency] }),
    index('daily_figures_by_clinic').on(t.clinicId, t.date, t.doctorId).where(sql`${t.clinicId} <> ''`),
  ],
);

/** The sums of `daily_figures` by date: of a clinic, or (`'*'`) of all. Kept by triggers of the migrations. */
export const totalFigures = sqliteTable(
  'total_figures',
  {
    scope: text('scope').notNull(),
    date: text('date').notNull(),
    currency: text('currency').notNull(),
    ...figures(),
  },
  (t) => [primaryKey({ columns: [t.scope, t.date, t.currency] })],
);
