import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Queue messages that were given up: ids and dates only, as everything on a queue. */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    /** The id that the queue gave the message. */
    id: text('id').primaryKey(),
    /** The queue that the message was made for, by the name of its dead-letter queue. */
    queue: text('queue').notNull(),
    /** The message as it was sent, JSON. */
    body: text('body').notNull(),
    diedAtMs: integer('died_at_ms').notNull(),
    /** When it was sent again; if it dies again it comes back as another letter. */
    retriedAtMs: integer('retried_at_ms'),
  },
  (t) => [
    index('dead_letters_waiting').on(t.diedAtMs, t.id).where(sql`${t.retriedAtMs} is null`),
    index('dead_letters_by_time').on(t.diedAtMs, t.id),
  ],
);
