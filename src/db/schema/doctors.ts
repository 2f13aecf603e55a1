import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { genders } from '../../domain/genders.ts';
import { accounts } from './accounts.ts';
import { clinics } from './places.ts';

/** How far the verification of a doctor has come. */
export const verificationStates = ['unverified', 'submitted', 'verified', 'rejected'] as const;

/** A doctor's profile and booking settings. The id is the id of the doctor's account. */
export const doctors = sqliteTable(
  'doctors',
  {
    id: text('id')
      .primaryKey()
      .references(() => accounts.id),
    /** A copy of the account's name, so that search needs no join. */
    fullName: text('full_name').notNull(),
    licenseNumber: text('license_number').notNull(),
    /** The name of a row of `specializations`. */
    specialization: text('specialization').notNull(),
    gender: text('gender', { enum: genders }).notNull().default('undisclosed'),
    bio: text('bio').notNull().default(''),
    experienceYears: integer('experience_years').notNull().default(0),
    feeMinor: integer('fee_minor').notNull().default(0),
    /** Of visits by video; `null` where they cost the same. */
    videoFeeMinor: integer('video_fee_minor'),
    currency: text('currency').notNull(),
    timeZone: text('time_zone').notNull(),
    approvalRequired: integer('approval_required', { mode: 'boolean' }).notNull().default(false),
    /** A patient's own confirmation needs the fee to be paid. */
    paymentRequired: integer('payment_required', { mode: 'boolean' }).notNull().default(false),
    minimumNoticeMinutes: integer('minimum_notice_minutes').notNull().default(0),
    bookingWindowDays: integer('booking_window_days').notNull().default(60),
    /** When an admin verified the licence; `null` keeps the doctor out of search and booking. */
    verifiedAtMs: integer('verified_at_ms'),
    /** When the doctor asked for a review that is still to come. */
    submittedAtMs: integer('submitted_at_ms'),
    /** When a review was last refused, and why, in the admin's words to the doctor. */
    rejectedAtMs: integer('rejected_at_ms'),
    rejectionReason: text('rejection_reason'),
    /** What the instants above come to. Never stored, so it cannot contradict them. */
    verification: text('verification', { enum: verificationStates })
      .notNull()
      .generatedAlwaysAs(
        sql`case when verified_at_ms is not null then 'verified' when submitted_at_ms is not null then 'submitted'
          when rejected_at_ms is not null then 'rejected' else 'unverified' end`,
        { mode: 'virtual' },
      ),
    /** Since when it is so. */
    verificationSinceMs: integer('verification_since_ms')
      .notNull()
      .generatedAlwaysAs(sql`coalesce(verified_at_ms, submitted_at_ms, rejected_at_ms, created_at_ms)`, {
        mode: 'virtual',
      }),
    /** The reviews that are shown: how many, and the sum of their stars. Written in the batch of each review. */
    ratingCount: integer('rating_count').notNull().default(0),
    ratingSum: integer('rating_sum').notNull().default(0),
    /** What they come to (see `src/domain/rating.ts`), in thousandths of a star; `null` without reviews. Never stored. */
    ratingBayesMilli: integer('rating_bayes_milli').generatedAlwaysAs(
      sql`case when rating_count > 0 then (1000 * (rating_sum + 40) + (rating_count + 10) / 2) / (rating_count + 10) end`,
      { mode: 'virtual' },
    ),
    /** Rises with every change that a doctor-day must learn of: profile, rules, sessions, time off. */
    scheduleVersion: integer('schedule_version').notNull().default(1),
    /** Rises with every change of the profile, so that of two edits at once one is made again. */
    revision: integer('revision').notNull().default(1),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [
    uniqueIndex('doctors_license_number').on(t.licenseNumber),
    index('doctors_by_name').on(sql`${t.fullName} collate nocase`, t.id).where(sql`${t.verifiedAtMs} is not null`),
    index('doctors_by_specialization')
      .on(sql`lower(${t.specialization})`, sql`${t.fullName} collate nocase`, t.id)
      .where(sql`${t.verifiedAtMs} is not null`),
    index('doctors_unverified_by_specialization')
      .on(sql`lower(${t.specialization})`)
      .where(sql`${t.verifiedAtMs} is null`),
    index('doctors_by_fee').on(t.feeMinor, t.id).where(sql`${t.verifiedAtMs} is not null`),
    index('doctors_by_currency').on(t.currency, t.feeMinor, t.id).where(sql`${t.verifiedAtMs} is not null`),
    index('doctors_by_experience').on(t.experienceYears, t.id).where(sql`${t.verifiedAtMs} is not null`),
    // Doctors without reviews count as 0: an order by rating, and a cursor in it, has a place for everybody.
    index('doctors_by_rating')
      .on(sql`case when ${t.ratingBayesMilli} is null then 0 else ${t.ratingBayesMilli} end`, t.id)
      .where(sql`${t.verifiedAtMs} is not null`),
    index('doctors_by_gender').on(t.gender, t.id).where(sql`${t.verifiedAtMs} is not null`),
    index('doctors_by_verification').on(t.verification, t.verificationSinceMs, t.id),
    check('doctors_experience', sql`${t.experienceYears} between 0 and 60`),
    check('doctors_fee', sql`${t.feeMinor} >= 0`),
  ],
);

/** The column that ties a row to its doctor. */
export const doctorId = () =>
  text('doctor_id')
    .notNull()
    .references(() => doctors.id);

export const doctorClinics = sqliteTable(
  'doctor_clinics',
  {
    doctorId: doctorId(),
    clinicId: text('clinic_id')
      .notNull()
      .references(() => clinics.id),
  },
  (t) => [
    primaryKey({ columns: [t.doctorId, t.clinicId] }),
    index('doctor_clinics_by_clinic').on(t.clinicId, t.doctorId),
  ],
);

/** The languages that a doctor speaks with patients: primary tags of BCP 47, in the doctor's order. */
export const doctorLanguages = sqliteTable(
  'doctor_languages',
  {
    doctorId: doctorId(),
    language: text('language').notNull(),
    place: integer('place').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.doctorId, t.language] }),
    index('doctor_languages_by_language').on(t.language, t.doctorId),
  ],
);

/**
 * The folded words (see `searchTerms`) of a doctor's own that search finds them by; words of specializations and clinics
 * are theirs. Written with every change of what they are from.
 */
export const doctorTerms = sqliteTable(
  'doctor_terms',
  {
    doctorId: doctorId(),
    term: text('term').notNull(),
    /** Where the word stands: 0 in the name, 1 in the bio only. */
    field: integer('field').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.doctorId, t.term] }), index('doctor_terms_by_term').on(t.term, t.doctorId, t.field)],
);
