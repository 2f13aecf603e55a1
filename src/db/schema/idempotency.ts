import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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
