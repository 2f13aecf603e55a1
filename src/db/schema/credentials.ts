import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

const accountId = () =>
  text('account_id')
    .notNull()
    .references(() => accounts.id);

/**
 * Secrets that were given to somebody to be brought back once, soon, in few tries: codes, links, the step between a
 * password and a second factor.
 */
export const challenges = sqliteTable(
  'challenges',
  {
    /** The SHA-256 of the token that was given out; of a code, a random id. */
    id: text('id').primaryKey(),
    kind: text('kind', { enum: ['register', 'email', 'phone', 'reset', 'second_factor', 'passkey'] }).notNull(),
    /** `null` for who has no account yet. */
    accountId: text('account_id'),
    /** A keyed hash of whom it was sent to, so that nobody is sent too many. */
    subject: text('subject').notNull(),
    /** A keyed hash of the code; `null` where the token itself is the secret. */
    codeHash: text('code_hash'),
    /** Sealed: what it is about, for example a phone number. */
    payload: text('payload'),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    triesLeft: integer('tries_left').notNull(),
    usedAtMs: integer('used_at_ms'),
  },
  (t) => [
    index('challenges_by_subject').on(t.subject, t.kind, t.createdAtMs),
    index('challenges_by_account').on(t.accountId, t.kind, t.createdAtMs),
    index('challenges_by_expiry').on(t.expiresAtMs),
  ],
);

/** A person's authenticator app (RFC 6238). */
export const authenticators = sqliteTable('authenticators', {
  accountId: accountId().primaryKey(),
  /** Sealed. */
  secret: text('secret').notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
  /** `null` until the first code of it was right; until then it asks for nothing. */
  confirmedAtMs: integer('confirmed_at_ms'),
  /** The last time step whose code was used: no code is good twice. */
  lastStep: integer('last_step').notNull().default(0),
});

/** Codes that stand in for an authenticator app, by their keyed hash. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  { accountId: accountId(), hash: text('hash').notNull(), usedAtMs: integer('used_at_ms') },
  (t) => [primaryKey({ columns: [t.accountId, t.hash] })],
);

/** Passkeys: WebAuthn credentials that sign a person in. Public keys only. */
export const passkeys = sqliteTable(
  'passkeys',
  {
    /** The credential id, base64url. */
    id: text('id').primaryKey(),
    accountId: accountId(),
    name: text('name').notNull(),
    /** COSE, base64url. */
    publicKey: text('public_key').notNull(),
    counter: integer('counter').notNull(),
    transports: text('transports', { mode: 'json' }).$type<readonly string[]>().notNull(),
    /** Whether its provider keeps a copy, so that a lost device does not lose it. */
    backedUp: integer('backed_up', { mode: 'boolean' }).notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    lastUsedAtMs: integer('last_used_at_ms'),
  },
  (t) => [index('passkeys_by_account').on(t.accountId, t.createdAtMs, t.id)],
);
