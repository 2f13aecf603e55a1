import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Mail and SMS to a person: owed from the transaction that made them until a transport has taken them. */
export const messages = sqliteTable(
  'messages',
  {
    id: text('id').primaryKey(),
    /** Whom it is about; `null` when the address belongs to no account. */
    accountId: text('account_id'),
    channel: text('channel', { enum: ['email', 'sms'] }).notNull(),
    /** What it is about, for operators: `password_reset`. Never a person's words. */
    kind: text('kind').notNull(),
    /** Sealed: address, subject and text. `null` once a transport that keeps nothing has taken it. */
    content: text('content'),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When it is looked at again if nobody has; `null` once it is sent or given up. */
    dueAtMs: integer('due_at_ms'),
    attempts: integer('attempts').notNull().default(0),
    sentAtMs: integer('sent_at_ms'),
    failedAtMs: integer('failed_at_ms'),
  },
  (t) => [
    index('messages_due').on(t.dueAtMs).where(sql`${t.dueAtMs} is not null`),
    index('messages_failed').on(t.failedAtMs, t.id).where(sql`${t.failedAtMs} is not null`),
    index('messages_by_age').on(t.createdAtMs, t.id),
    index('messages_by_account').on(t.accountId, t.createdAtMs),
  ],
);
