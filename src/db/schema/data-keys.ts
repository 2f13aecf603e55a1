import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The keys that a person's words are sealed with, one a person. Destroying it makes every one of the words unreadable. */
export const dataKeys = sqliteTable(
  'data_keys',
  {
    /** Whose words: an account's id. Not a foreign key: somebody may have words before, and outlive, an account. */
    subjectId: text('subject_id').primaryKey(),
    /** The key, wrapped by a master key; `null` once it is destroyed. Never made again for the same person. */
    wrapped: text('wrapped'),
    /** The id of the master key that wraps it. */
    masterId: text('master_id'),
    createdAtMs: integer('created_at_ms').notNull(),
    destroyedAtMs: integer('destroyed_at_ms'),
  },
  (t) => [
    // What is left to do while the master key is being replaced.
    index('data_keys_by_master').on(t.masterId, t.subjectId).where(sql`${t.masterId} is not null`),
  ],
);
