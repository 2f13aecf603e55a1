import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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
