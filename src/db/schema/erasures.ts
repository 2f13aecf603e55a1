import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Erasures of people, from their beginning on. A crash leaves one where the next minute goes on with it. */
export const erasures = sqliteTable(
  'erasures',
  {
    /** Whose: of an account, or of a dependant alone, who has none. */
    accountId: text('account_id').primaryKey(),
    /** Who asked for it. */
    actorId: text('actor_id').notNull(),
    actorRole: text('actor_role').notNull(),
    /** `started`: sessions end, appointments are cancelled; `shredded`: late appointments are looked for; `done`. */
    step: text('step', { enum: ['started', 'shredded', 'done'] }).notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    /** When it is gone on with; `null` once it is done. */
    dueAtMs: integer('due_at_ms'),
    doneAtMs: integer('done_at_ms'),
  },
  (t) => [index('erasures_due').on(t.dueAtMs).where(sql`${t.dueAtMs} is not null`)],
);
