import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';
import { clinics } from './places.ts';

/** Who works at which clinics. */
export const clinicStaff = sqliteTable(
  'clinic_staff',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    clinicId: text('clinic_id')
      .notNull()
      .references(() => clinics.id),
    addedAtMs: integer('added_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.clinicId] }),
    index('clinic_staff_by_clinic').on(t.clinicId, t.addedAtMs, t.accountId),
  ],
);

/** Patients without a login, for whom a guardian books. Their ids are of the same kind as those of accounts. */
export const dependants = sqliteTable(
  'dependants',
  {
    id: text('id').primaryKey(),
    guardianId: text('guardian_id')
      .notNull()
      .references(() => accounts.id),
    fullName: text('full_name').notNull(),
    /** Local date, `YYYY-MM-DD`. */
    birthDate: text('birth_date').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** From then on the guardian acts for them no more; past appointments keep their name. */
    removedAtMs: integer('removed_at_ms'),
  },
  (t) => [
    index('dependants_by_guardian').on(t.guardianId, t.createdAtMs, t.id).where(sql`${t.removedAtMs} is null`),
    index('dependants_of_guardian').on(t.guardianId, t.id),
  ],
);

/**
 * The words of the names of accounts and dependants, so that people are found by any of them: lower case where ASCII has
 * it, cut at blanks and hyphens. `name-words.ts` writes those of new accounts, triggers (migration 0044) all others.
 */
export const nameWords = sqliteTable(
  'name_words',
  {
    word: text('word').notNull(),
    /** Of an account or a dependant. */
    personId: text('person_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.word, t.personId] }), index('name_words_of').on(t.personId)],
);

/** Looks of doctors into records of patients with whom they have no relation: who, whose, why, until when. */
export const breakGlass = sqliteTable(
  'break_glass',
  {
    id: text('id').primaryKey(),
    doctorId: text('doctor_id')
      .notNull()
      .references(() => accounts.id),
    patientId: text('patient_id').notNull(),
    /** Sealed. */
    reason: text('reason').notNull(),
    openedAtMs: integer('opened_at_ms').notNull(),
    endsAtMs: integer('ends_at_ms').notNull(),
  },
  (t) => [
    index('break_glass_open').on(t.doctorId, t.patientId, t.endsAtMs),
    index('break_glass_by_doctor').on(t.doctorId, t.openedAtMs),
    index('break_glass_by_time').on(t.openedAtMs, t.id),
    index('break_glass_by_patient').on(t.patientId, t.openedAtMs),
  ],
);
