import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Mail, SMS and push to a person: owed from the transaction that made them until a transport has taken them. */
export const messages = sqliteTable(
  'messages',
  {
    id: text('id').primaryKey(),
    /** Whom it is about; `null` when the address belongs to no account. */
    accountId: text('account_id'),
    channel: text('channel', { enum: ['email', 'sms', 'push'] }).notNull(),
    /** What it is about, for operators: `password_reset`. Never a person's words. */
    kind: text('kind').notNull(),
    /** Sealed: address, subject and text. `null` once a transport that keeps nothing has taken it. */
    content: text('content'),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When it is looked at again if nobody has; `null` once it is sent or given up. */
    dueAtMs: integer('due_at_ms'),
    /** After this it is of no more use; `null` when it always is. */
    expiresAtMs: integer('expires_at_ms'),
    attempts: integer('attempts').notNull().default(0),
    sentAtMs: integer('sent_at_ms'),
    /** When the provider said that it had arrived; `null` where nobody says. */
    deliveredAtMs: integer('delivered_at_ms'),
    failedAtMs: integer('failed_at_ms'),
    /** Why the last attempt failed, as a fact: `recipient_refused`. Never a provider's words, which may quote a person's. */
    failure: text('failure'),
    /** What the provider calls it. */
    receipt: text('receipt'),
  },
  (t) => [
    index('messages_due').on(t.dueAtMs).where(sql`${t.dueAtMs} is not null`),
    index('messages_failed').on(t.failedAtMs, t.id).where(sql`${t.failedAtMs} is not null`),
    index('messages_by_age').on(t.createdAtMs, t.id),
    index('messages_by_account').on(t.accountId, t.createdAtMs),
  ],
);

/** Devices that people want to be told on: browsers by Web Push, applications by Firebase. */
export const pushSubscriptions = sqliteTable(
  'push_subscriptions',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    /**
     * The session that added it, and that it ends with: a trigger on `sessions` deletes it (migration 0047). `null` for
     * those from before this was kept, which end with the last session of the account.
     */
    sessionId: text('session_id'),
    /** Whose protocol it speaks. */
    service: text('service', { enum: ['web', 'fcm'] }).notNull(),
    /** What its owner calls the device. */
    name: text('name').notNull(),
    /** SHA-256 of the address, which is long and random: a device is there once, however often it registers. */
    addressHash: text('address_hash').notNull(),
    /** Sealed: the address and the keys of the device. */
    device: text('device').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When something was last taken for it. */
    lastUsedAtMs: integer('last_used_at_ms'),
  },
  (t) => [
    uniqueIndex('push_subscriptions_address').on(t.addressHash),
    index('push_subscriptions_by_account').on(t.accountId, t.createdAtMs),
    index('push_subscriptions_by_session').on(t.sessionId),
  ],
);
