import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

/** Sessions: each is one sign-in on one device, and the family of all refresh tokens that came of it. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** Browser and system, or the program's name, read from the user agent; `null` when it says nothing known. */
    device: text('device'),
    /** City and country of the newest refresh, as the platform tells them; `null` on a local server. */
    place: text('place'),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When it was last refreshed. */
    lastSeenAtMs: integer('last_seen_at_ms').notNull(),
    /** The absolute end: no refresh goes beyond it. */
    expiresAtMs: integer('expires_at_ms').notNull(),
    endedAtMs: integer('ended_at_ms'),
    /** Why it ended: `logout`, `reuse`, `limit`, and so on. */
    endedBy: text('ended_by'),
  },
  (t) => [
    index('sessions_live').on(t.accountId, t.createdAtMs, t.id).where(sql`${t.endedAtMs} is null`),
    index('sessions_by_account').on(t.accountId, t.id),
    index('sessions_by_expiry').on(t.expiresAtMs),
  ],
);

/**
 * What guards may not have been told yet: a session that has ended, or an account whose tokens say what is no longer
 * true. Triggers write it with whatever change it follows from.
 */
export const endings = sqliteTable(
  'endings',
  {
    /** The id of the account or of the session. */
    subject: text('subject').primaryKey(),
    /** Whose it is: it names the guard. */
    accountId: text('account_id').notNull(),
    /** Of an account, what was issued up to then has ended. */
    atMs: integer('at_ms').notNull(),
  },
  (t) => [index('endings_by_time').on(t.atMs)],
);
