import { and, count, eq, isNotNull, isNull, lt } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import type { Database } from '../../db/client.ts';
import { authenticators, recoveryCodes } from '../../db/schema.ts';
import { sealedColumn } from '../../db/sealed-column.ts';
import type { Settings } from '../../env.ts';
import type { Account } from './account.ts';
import { keyedHash } from './keyed-hash.ts';

const secretBytes = 20;
const stepMs = 30_000;
/** Steps that a person's clock may be off, either way (RFC 6238 section 5.2). */
const drift = 1;
const codes = 10;
/** Crockford's base32 without letters that look like digits: 32 characters, 5 bits each. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const secretColumn = (settings: Settings) => sealedColumn(settings.dataKey, 'authenticators.secret');

/** The authenticator app of an account, confirmed or not; `null` when there is none. */
export const authenticatorOf = async (db: Database, accountId: string) =>
  (await db.select().from(authenticators).where(eq(authenticators.accountId, accountId)).limit(1))[0] ?? null;

/** A fresh secret for an app: as people type it, as a QR code holds it, and the statement that stores it. */
export const freshAuthenticator = async (db: Database, settings: Settings, account: Account, nowMs: number) => {
  const secret = new Secret({ size: secretBytes });
  const totp = new TOTP({ issuer: 'Daybook', label: account.email, secret });
  const row = {
    accountId: account.id,
    secret: await secretColumn(settings).seal(account.id, secret.base32),
    createdAtMs: nowMs,
    confirmedAtMs: null,
    lastStep: 0,
  };
  // One that is confirmed is never replaced: it has to be removed first.
  const statement = db
    .insert(authenticators)
    .values(row)
    .onConflictDoUpdate({ target: authenticators.accountId, set: row, setWhere: isNull(authenticators.confirmedAtMs) });
  return { secret: secret.base32, uri: totp.toString(), statement };
};

/**
 * Whether a code is the app's code of now, of the step before or of the one after, and of a later step than any that was
 * used: then it is used, and good no more. Of two uses at once, one succeeds.
 */
export const useCode = async (
  db: Database,
  settings: Settings,
  app: typeof authenticators.$inferSelect,
  code: string,
  nowMs: number,
): Promise<boolean> => {
  const secret = Secret.fromBase32(await secretColumn(settings).open(app.accountId, app.secret));
  const delta = new TOTP({ secret }).validate({ token: code, timestamp: nowMs, window: drift });
  if (delta === null) return false;
  const step = Math.floor(nowMs / stepMs) + delta;
  const used = await db
    .update(authenticators)
    .set({ lastStep: step })
    .where(and(eq(authenticators.accountId, app.accountId), lt(authenticators.lastStep, step)))
    .returning({ id: authenticators.accountId });
  return used.length > 0;
};

/** The statement that makes an app count from now on. */
export const confirmed = (db: Database, accountId: string, nowMs: number) =>
  db.update(authenticators).set({ confirmedAtMs: nowMs }).where(eq(authenticators.accountId, accountId));

/** The statements that take an app and its recovery codes away. */
export const removed = (db: Database, accountId: string) =>
  [
    db.delete(authenticators).where(eq(authenticators.accountId, accountId)),
    db.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId)),
  ] as const;

const hashOf = (settings: Settings, accountId: string, code: string) =>
  keyedHash(settings.dataKey, 'recovery code', accountId, code);

/** As people type them: any case, with or without the hyphen. */
const plain = (code: string): string => code.toUpperCase().replaceAll(/[\s-]/g, '');

const randomCode = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => letters[byte % letters.length]).join('');

/** Ten fresh recovery codes of 50 bits, shown once, and the statements that put them in place of any others. */
export const freshRecoveryCodes = async (db: Database, settings: Settings, accountId: string) => {
  const fresh = Array.from({ length: codes }, randomCode);
  const rows = await Promise.all(
    fresh.map(async (code) => ({ accountId, hash: await hashOf(settings, accountId, code) })),
  );
  return {
    codes: fresh.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`),
    statements: [
      db.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId)),
      db.insert(recoveryCodes).values(rows),
    ] as const,
  };
};

/** Uses a recovery code: `true` once for each. */
export const useRecoveryCode = async (
  db: Database,
  settings: Settings,
  accountId: string,
  code: string,
  nowMs: number,
): Promise<boolean> => {
  const used = await db
    .update(recoveryCodes)
    .set({ usedAtMs: nowMs })
    .where(
      and(
        eq(recoveryCodes.accountId, accountId),
        eq(recoveryCodes.hash, await hashOf(settings, accountId, plain(code))),
        isNull(recoveryCodes.usedAtMs),
      ),
    )
    .returning({ hash: recoveryCodes.hash });
  return used.length > 0;
};

/** How many recovery codes an account has left. */
export const recoveryCodesLeft = async (db: Database, accountId: string): Promise<number> => {
  const [row] = await db
    .select({ left: count() })
    .from(recoveryCodes)
    .where(and(eq(recoveryCodes.accountId, accountId), isNull(recoveryCodes.usedAtMs)));
  return row?.left ?? 0;
};

/** Whether an account has an app that counts. */
export const hasAuthenticator = async (db: Database, accountId: string): Promise<boolean> => {
  const rows = await db
    .select({ id: authenticators.accountId })
    .from(authenticators)
    .where(and(eq(authenticators.accountId, accountId), isNotNull(authenticators.confirmedAtMs)));
  return rows.length > 0;
};
