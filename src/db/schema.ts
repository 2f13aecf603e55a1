import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

// All instants are integers in ms since the epoch (…AtMs). All dates are local dates, `YYYY-MM-DD`.

/** People who can sign in. */
export const accounts = sqliteTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    /** Folded: trimmed, lower case, NFC. */
    email: text('email').notNull(),
    passwordHash: text('password_hash').notNull(),
    fullName: text('full_name').notNull(),
    /** E.164. */
    phone: text('phone'),
    role: text('role', { enum: ['patient', 'doctor', 'admin'] }).notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [uniqueIndex('accounts_email').on(t.email), uniqueIndex('accounts_phone').on(t.phone)],
);

/** Refresh tokens, by the SHA-256 of their value. */
export const refreshTokens = sqliteTable(
  'refresh_tokens',
  {
    hash: text('hash').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** The session that the token belongs to; every rotation stays in it. */
    sessionId: text('session_id').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    /** When it was exchanged for its successor; a second exchange ends the session. */
    usedAtMs: integer('used_at_ms'),
    revokedAtMs: integer('revoked_at_ms'),
  },
  (t) => [index('refresh_tokens_session').on(t.sessionId), index('refresh_tokens_by_expiry').on(t.expiresAtMs)],
);

export const clinics = sqliteTable(
  'clinics',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    address: text('address').notNull(),
    city: text('city').notNull(),
    /** ISO 3166-1 alpha-2. */
    country: text('country').notNull(),
    timeZone: text('time_zone').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [index('clinics_by_name').on(t.name, t.id), index('clinics_by_city').on(sql`lower(${t.city})`)],
);

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
    specialization: text('specialization').notNull(),
    bio: text('bio').notNull().default(''),
    experienceYears: integer('experience_years').notNull().default(0),
    feeMinor: integer('fee_minor').notNull().default(0),
    currency: text('currency').notNull(),
    timeZone: text('time_zone').notNull(),
    approvalRequired: integer('approval_required', { mode: 'boolean' }).notNull().default(false),
    minimumNoticeMinutes: integer('minimum_notice_minutes').notNull().default(0),
    bookingWindowDays: integer('booking_window_days').notNull().default(60),
    verifiedAtMs: integer('verified_at_ms'),
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
    index('doctors_by_fee').on(t.feeMinor, t.id).where(sql`${t.verifiedAtMs} is not null`),
    index('doctors_by_experience').on(t.experienceYears, t.id).where(sql`${t.verifiedAtMs} is not null`),
    check('doctors_experience', sql`${t.experienceYears} between 0 and 60`),
    check('doctors_fee', sql`${t.feeMinor} >= 0`),
  ],
);

const doctorId = () =>
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

/** The folded words (see `searchTerms`) that search finds a doctor by. Written with every change of what they are from. */
export const doctorTerms = sqliteTable(
  'doctor_terms',
  {
    doctorId: doctorId(),
    term: text('term').notNull(),
  },
  (t) => [primaryKey({ columns: [t.doctorId, t.term] }), index('doctor_terms_by_term').on(t.term, t.doctorId)],
);

const slotShape = {
  start: text('start').notNull(),
  end: text('end').notNull(),
  slotMinutes: integer('slot_minutes').notNull(),
  bufferMinutes: integer('buffer_minutes').notNull(),
  capacity: integer('capacity').notNull(),
  mode: text('mode', { enum: ['in_person', 'video'] }).notNull(),
  clinicId: text('clinic_id').references(() => clinics.id),
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
    /** The last event of the object that this row reflects. */
    version: integer('version').notNull().default(0),
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
    index('doctor_days_ending').on(t.lastAvailableAtMs).where(sql`${t.remaining} > 0`),
  ],
);

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

/** One row for every change, in the order of its stream. Holds no patient's words. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    /** `day:<doctor>/<date>`, `doctor:<id>` or `account:<id>`. */
    stream: text('stream').notNull(),
    seq: integer('seq').notNull(),
    atMs: integer('at_ms').notNull(),
    actorId: text('actor_id'),
    actorRole: text('actor_role').notNull(),
    action: text('action').notNull(),
    subjectId: text('subject_id'),
    /** JSON: what changed, without a person's words. */
    data: text('data').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.stream, t.seq] }),
    index('audit_events_by_subject').on(t.subjectId, t.atMs, t.stream, t.seq),
    index('audit_events_by_time').on(t.atMs, t.stream, t.seq),
  ],
);

/** Answers to mutations that D1 decides, kept to be given again (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyRecords = sqliteTable(
  'idempotency_records',
  {
    principal: text('principal').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    /** `null` while in flight. The answer, sealed under a key that only a repeat of the same request can derive. */
    answer: text('answer'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.principal, t.key] }), index('idempotency_records_by_age').on(t.createdAtMs)],
);
