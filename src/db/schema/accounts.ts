import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { type Permission, roles } from '../../domain/access.ts';

/** People who can sign in. */
export const accounts = sqliteTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    /** Folded: trimmed, lower case, NFC. */
    email: text('email').notNull(),
    passwordHash: text('password_hash').notNull(),
    fullName: text('full_name').notNull(),
    /** E.164. */
    phone: text('phone'),
    role: text('role', { enum: roles }).notNull(),
    /** What an admin may do, as a JSON list; an admin without one may do nothing that asks a permission. */
    adminPermissions: text('permissions', { mode: 'json' }).$type<readonly Permission[]>(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When the owner proved to read mail to `email`, and messages to `phone`; `null` while nobody has. */
    emailVerifiedAtMs: integer('email_verified_at_ms'),
    phoneVerifiedAtMs: integer('phone_verified_at_ms'),
    /** From then on the account can neither sign in nor refresh. */
    deactivatedAtMs: integer('deactivated_at_ms'),
    /** The zone that the owner lives in, an IANA name; `null` where nothing was said. */
    timeZone: text('time_zone'),
  },
  (t) => [
    uniqueIndex('accounts_email').on(t.email),
    uniqueIndex('accounts_phone').on(t.phone),
    index('accounts_by_time').on(t.createdAtMs, t.id),
    index('accounts_by_role').on(t.role, t.createdAtMs, t.id),
    index('accounts_by_name').on(sql`${t.fullName} collate nocase`, t.id),
    index('accounts_deactivated').on(t.createdAtMs, t.id).where(sql`${t.deactivatedAtMs} is not null`),
  ],
);

/** Refresh tokens, by the SHA-256 of their value. */
export const refreshTokens = sqliteTable(
  'refresh_tokens',
  {
    hash: text('hash').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** The session that the token belongs to; every rotation stays in it. */
    sessionId: text('session_id').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    /** When it was first exchanged for its successor. */
    usedAtMs: integer('used_at_ms'),
  },
  (t) => [index('refresh_tokens_session').on(t.sessionId), index('refresh_tokens_by_expiry').on(t.expiresAtMs)],
);
