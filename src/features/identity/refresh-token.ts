import { and, eq, gt, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, refreshTokens } from '../../db/schema.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import type { Account } from './account.ts';

const refreshTokenTtlMs = 30 * 86_400_000;
const tokenBytes = 32;

/** A refresh token as it goes out, once, and as it is stored. */
interface FreshToken {
  readonly value: string;
  readonly hash: string;
}

const freshToken = async (): Promise<FreshToken> => {
  const value = toBase64Url(crypto.getRandomValues(new Uint8Array(tokenBytes)));
  return { value, hash: await hashOf(value) };
};

// 256 random bits need no slow hash: nobody can guess one from its SHA-256.
const hashOf = async (token: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))));

/** Starts a session for an account: its id, its first refresh token, and the statement that stores it. */
export const startSession = async (db: Database, accountId: string, nowMs: number) => {
  const { value, hash } = await freshToken();
  const sessionId = crypto.randomUUID();
  const statement = db
    .insert(refreshTokens)
    .values({ hash, accountId, sessionId, createdAtMs: nowMs, expiresAtMs: nowMs + refreshTokenTtlMs });
  return { sessionId, refreshToken: value, statement };
};

/**
 * Exchanges a refresh token for its successor, once. A second exchange of the same token means that two parties have
 * it, one of them a thief: the whole session ends (RFC 9700 section 4.14.2). `null` for a token that is not good.
 */
export const rotate = async (
  db: Database,
  presented: string,
  nowMs: number,
): Promise<{ account: Account; sessionId: string; refreshToken: string } | null> => {
  const hash = await hashOf(presented);
  const successor = await freshToken();
  const good = and(
    eq(refreshTokens.hash, hash),
    isNull(refreshTokens.usedAtMs),
    isNull(refreshTokens.revokedAtMs),
    gt(refreshTokens.expiresAtMs, nowMs),
  );
  const used = db
    .select({ sessionId: refreshTokens.sessionId })
    .from(refreshTokens)
    .where(and(eq(refreshTokens.hash, hash), isNotNull(refreshTokens.usedAtMs)));
  // One transaction: of two exchanges at once, the second finds the token used and ends the session.
  const [, issued, , owners] = await db.batch([
    db
      .update(refreshTokens)
      .set({ revokedAtMs: nowMs })
      .where(and(inArray(refreshTokens.sessionId, used), isNull(refreshTokens.revokedAtMs))),
    db
      .insert(refreshTokens)
      .select(
        db
          .select({
            hash: sql<string>`${successor.hash}`.as('hash'),
            accountId: refreshTokens.accountId,
            sessionId: refreshTokens.sessionId,
            createdAtMs: sql<number>`${nowMs}`.as('created_at_ms'),
            expiresAtMs: sql<number>`${nowMs + refreshTokenTtlMs}`.as('expires_at_ms'),
            usedAtMs: sql<null>`null`.as('used_at_ms'),
            revokedAtMs: sql<null>`null`.as('revoked_at_ms'),
          })
          .from(refreshTokens)
          .where(good),
      )
      .returning({ sessionId: refreshTokens.sessionId }),
    db.update(refreshTokens).set({ usedAtMs: nowMs }).where(good),
    db
      .select({ account: accounts })
      .from(refreshTokens)
      .innerJoin(accounts, eq(accounts.id, refreshTokens.accountId))
      .where(eq(refreshTokens.hash, hash)),
  ]);
  const [token] = issued;
  const [owner] = owners;
  if (token === undefined || owner === undefined) return null;
  return { account: owner.account, sessionId: token.sessionId, refreshToken: successor.value };
};

/** Ends the session of a refresh token, whatever state the token is in. Says nothing of whether there was one. */
export const endSession = async (db: Database, presented: string, nowMs: number): Promise<void> => {
  const session = db
    .select({ sessionId: refreshTokens.sessionId })
    .from(refreshTokens)
    .where(eq(refreshTokens.hash, await hashOf(presented)));
  await db
    .update(refreshTokens)
    .set({ revokedAtMs: nowMs })
    .where(and(inArray(refreshTokens.sessionId, session), isNull(refreshTokens.revokedAtMs)));
};

/** Deletes refresh tokens that ran out over a day ago. For the daily cron. */
export const forgetOldSessions = async (db: Database, nowMs: number): Promise<void> => {
  await db.delete(refreshTokens).where(lt(refreshTokens.expiresAtMs, nowMs - 86_400_000));
};
