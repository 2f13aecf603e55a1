import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { interactionSeverities } from '../../domain/interactions.ts';
import { accounts } from './accounts.ts';

/** What doctors prescribe. A row is never changed but by what ends it: dispensing or cancelling, of which one happens. */
export const prescriptions = sqliteTable(
  'prescriptions',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    doctorId: text('doctor_id')
      .notNull()
      .references(() => accounts.id),
    /** The visit that it is from. */
    appointmentId: text('appointment_id').notNull(),
    /** Sealed: the signed prescription, the token of its address and the code that dispenses it. */
    content: text('content').notNull(),
    /** SHA-256 of the token in the QR code. */
    tokenHash: text('token_hash').notNull(),
    issuedAtMs: integer('issued_at_ms').notNull(),
    validUntilMs: integer('valid_until_ms').notNull(),
    dispensedAtMs: integer('dispensed_at_ms'),
    /** Sealed: the name that the pharmacy gave. */
    dispensedBy: text('dispensed_by'),
    cancelledAtMs: integer('cancelled_at_ms'),
    /** Sealed. */
    cancelReason: text('cancel_reason'),
    /** Codes that were tried since an instant; they count for an hour. */
    codeTries: integer('code_tries').notNull().default(0),
    triesSinceMs: integer('tries_since_ms').notNull().default(0),
  },
  (t) => [
    uniqueIndex('prescriptions_token').on(t.tokenHash),
    index('prescriptions_by_patient').on(t.patientId, t.issuedAtMs, t.id),
    index('prescriptions_by_appointment').on(t.appointmentId),
    check('prescriptions_one_end', sql`${t.dispensedAtMs} is null or ${t.cancelledAtMs} is null`),
  ],
);

/** The public halves of the keys that signed prescriptions: a prescription outlives the key's turn to sign tokens. */
export const prescriptionKeys = sqliteTable('prescription_keys', {
  kid: text('kid').primaryKey(),
  /** A JSON Web Key (RFC 7517). */
  jwk: text('jwk').notNull(),
  firstUsedAtMs: integer('first_used_at_ms').notNull(),
});

/** What names of medicines mean: their ingredients, and the classes to which these belong. All by normalised names. */
export const drugNames = sqliteTable(
  'drug_names',
  {
    name: text('name').notNull(),
    concept: text('concept').notNull(),
    isClass: integer('is_class', { mode: 'boolean' }).notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.name, t.concept] })],
);

/** The sets of interactions that count, each in the version that was imported last. */
export const interactionSets = sqliteTable(
  'interaction_sets',
  {
    name: text('name').primaryKey(),
    version: text('version').notNull(),
    rows: integer('rows').notNull(),
    importedAtMs: integer('imported_at_ms').notNull(),
  },
  (t) => [uniqueIndex('interaction_sets_version').on(t.version)],
);

/** Pairs that do not go together, `a` before `b`. Rows of a version that no set has are being imported, or on their way out. */
export const drugInteractions = sqliteTable(
  'drug_interactions',
  {
    a: text('a').notNull(),
    b: text('b').notNull(),
    version: text('version').notNull(),
    severity: text('severity', { enum: interactionSeverities }).notNull(),
    text: text('text').notNull(),
    source: text('source'),
  },
  (t) => [
    primaryKey({ columns: [t.a, t.b, t.version] }),
    index('drug_interactions_by_version').on(t.version),
    check('drug_interactions_order', sql`${t.a} <= ${t.b}`),
  ],
);
