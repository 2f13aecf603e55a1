import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * One row for every change, every sign-in event and every read of patient data, in the order of its stream. Holds no
 * patient's words. Triggers refuse UPDATE and DELETE, mark the stream for the sealer, and index reads by patient.
 */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    /** `day:<doctor>/<date>`, `doctor:<id>`, `account:<id>` or `clinic:<id>`. */
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
    index('audit_events_by_actor').on(t.actorId, t.atMs, t.stream, t.seq),
    index('audit_events_by_action').on(t.action, t.atMs, t.stream, t.seq),
  ],
);

/**
 * The hash chain: for each row of a stream the hash of it and of all before it. A table of its own, because rows of the
 * audit are never updated. Doctor-days write theirs with the row, the sealer writes those of all other streams.
 */
export const auditSeals = sqliteTable(
  'audit_seals',
  {
    stream: text('stream').notNull(),
    seq: integer('seq').notNull(),
    /** SHA-256 in hex; see `domain/audit-chain.ts`. */
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.stream, t.seq] })],
);

/** Streams with rows that wait for the sealer; a trigger fills it. */
export const auditUnsealed = sqliteTable('audit_unsealed', { stream: text('stream').primaryKey() });

/** Who looked at a patient's data, by patient: a trigger writes it from the rows of reads, and nothing else does. */
export const recordAccesses = sqliteTable(
  'record_accesses',
  {
    patientId: text('patient_id').notNull(),
    atMs: integer('at_ms').notNull(),
    stream: text('stream').notNull(),
    seq: integer('seq').notNull(),
  },
  (t) => [primaryKey({ columns: [t.patientId, t.atMs, t.stream, t.seq] })],
);
