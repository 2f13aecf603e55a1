import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, refreshTokens, sessions } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import type { Settings } from '../../env.ts';
import type { Account } from './account.ts';
import { keyedHash } from './keyed-hash.ts';
import { sessionAudit } from './session-audit.ts';
import type { Sight } from './sight.ts';

const tokenBytes = 32;
/**
 * How long a used refresh token still gives its successor, ms: two tabs of one browser, or a client whose answer was
 * lost, ask twice. Longer would give a thief more time to be taken for one of them.
 */
const refreshGraceMs = 10_000;

// 256 random bits need no slow hash: nobody can guess one from its SHA-256.
const hashOf = async (token: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))));

/**
 * What follows a refresh token: always the same, so that it can be given twice without being kept, and known only to
 * who has both the token and the deployment's key.
 */
const successorOf = (settings: Settings, token: string): Promise<string> =>
  keyedHash(settings.dataKey, 'refresh successor', token);

/**
 * Starts a session for an account: its id, its first refresh token, and the statements of one transaction: `evicted`
 * first, which ends the oldest sessions so that there is room for one more, then `opened`, which opens none when the
 * account has another password by then or has been deactivated, then `stored` for the token.
 */
export const startSession = async (
  db: Database,
  settings: Settings,
  account: Pick<Account, 'id' | 'passwordHash'>,
  sight: Sight,
  nowMs: number,
) => {
  const refreshToken = toBase64Url(crypto.getRandomValues(new Uint8Array(tokenBytes)));
  const sessionId = newSessionId();
  const expiresAtMs = nowMs + settings.sessionMs;
  const opened = db.insert(sessions).select(
    db
      .select({
        id: sql<string>`${sessionId}`.as('id'),
        accountId: accounts.id,
        device: sql<string>`${sight.device}`.as('device'),
        place: sql<string>`${sight.place}`.as('place'),
        createdAtMs: sql<number>`${nowMs}`.as('created_at_ms'),
        lastSeenAtMs: sql<number>`${nowMs}`.as('last_seen_at_ms'),
        expiresAtMs: sql<number>`${expiresAtMs}`.as('expires_at_ms'),
        endedAtMs: sql<null>`null`.as('ended_at_ms'),
        endedBy: sql<null>`null`.as('ended_by'),
      })
      .from(accounts)
      .where(
        and(
          eq(accounts.id, account.id),
          eq(accounts.passwordHash, account.passwordHash),
          isNull(accounts.deactivatedAtMs),
        ),
      ),
  );
  const stored = db.insert(refreshTokens).values({
    hash: await hashOf(refreshToken),
    accountId: account.id,
    sessionId,
    createdAtMs: nowMs,
    expiresAtMs: Math.min(nowMs + settings.sessionIdleMs, expiresAtMs),
  });
  const tooMany = sql`(select id from sessions where account_id = ${account.id} and ended_at_ms is null
    order by created_at_ms desc, id desc limit -1 offset ${settings.maxSessions - 1})`;
  const evicted = db
    .update(sessions)
    .set({ endedAtMs: nowMs, endedBy: 'limit' })
    .where(sql`${sessions.id} in ${tooMany}`)
    .returning({ id: sessions.id });
  return { sessionId, refreshToken, evicted, opened, stored };
};

const sessionIdBytes = 12;
const newSessionId = (): string => `e_${toBase64Url(crypto.getRandomValues(new Uint8Array(sessionIdBytes)))}`;

/** What became of a refresh token that was presented. */
export type Rotation =
  | { readonly kind: 'good'; readonly account: Account; readonly sessionId: string; readonly refreshToken: string }
  /** It was used before: two parties have it, one of them a thief. Its session has ended with this. */
  | { readonly kind: 'reused'; readonly accountId: string; readonly sessionId: string }
  | { readonly kind: 'refused' };

/**
 * Exchanges a refresh token for its successor. Within {@link refreshGraceMs} of the first exchange a second one gives
 * the same successor, as long as that was not used itself. After that it means that two parties have the token, one of
 * them a thief: the whole session ends (RFC 9700 section 4.14.2).
 *
 * @param onlySession refuses a token of any other session
 */
export const rotate = async (
  db: Database,
  settings: Settings,
  presented: string,
  sight: Sight,
  nowMs: number,
  onlySession: string | null = null,
): Promise<Rotation> => {
  const hash = await hashOf(presented);
  const successor = await successorOf(settings, presented);
  const successorHash = await hashOf(successor);
  const family = db.select({ id: refreshTokens.sessionId }).from(refreshTokens).where(eq(refreshTokens.hash, hash));
  const isLive = and(
    sql`${sessions.id} = ${family}`,
    onlySession === null ? undefined : eq(sessions.id, onlySession),
    isNull(sessions.endedAtMs),
    gt(sessions.expiresAtMs, nowMs),
  );
  const live = db.select({ id: sessions.id }).from(sessions).where(isLive);
  const good = and(
    eq(refreshTokens.hash, hash),
    isNull(refreshTokens.usedAtMs),
    gt(refreshTokens.expiresAtMs, nowMs),
    sql`exists ${live}`,
    sql`exists (select 1 from ${accounts} where ${accounts.id} = ${refreshTokens.accountId} and ${accounts.deactivatedAtMs} is null)`,
  );
  const copied = sql`exists (select 1 from refresh_tokens old where old.hash = ${hash} and old.used_at_ms is not null
    and (old.used_at_ms <= ${nowMs - refreshGraceMs} or exists
      (select 1 from refresh_tokens next where next.hash = ${successorHash} and next.used_at_ms is not null)))`;
  // One transaction: of two exchanges at once, the second finds the token used, and the successor there.
  const refreshed = and(isLive, sql`exists (select 1 from ${refreshTokens} where ${good})`);
  const [, reused, , , , , found] = await db.batch([
    sessionAudit(db, 'session.ended', 'reuse', and(isLive, copied), nowMs),
    db
      .update(sessions)
      .set({ endedAtMs: nowMs, endedBy: 'reuse' })
      .where(and(isLive, copied))
      .returning({ id: sessions.id, accountId: sessions.accountId }),
    db.insert(refreshTokens).select(
      db
        .select({
          hash: sql<string>`${successorHash}`.as('hash'),
          accountId: refreshTokens.accountId,
          sessionId: refreshTokens.sessionId,
          createdAtMs: sql<number>`${nowMs}`.as('created_at_ms'),
          expiresAtMs: sql<number>`min(${nowMs + settings.sessionIdleMs}, (select expires_at_ms from sessions where
            id = ${refreshTokens.sessionId}))`.as('expires_at_ms'),
          usedAtMs: sql<null>`null`.as('used_at_ms'),
        })
        .from(refreshTokens)
        .where(good),
    ),
    sessionAudit(db, 'session.refreshed', null, refreshed, nowMs),
    db.update(sessions).set({ lastSeenAtMs: nowMs, device: sight.device, place: sight.place }).where(refreshed),
    db.update(refreshTokens).set({ usedAtMs: nowMs }).where(good),
    db
      // Named apart: D1 gives the rows of a batch by the names of their columns.
      .select({ account: accounts, sessionId: sql<string>`${sessions.id}`.as('found_session_id') })
      .from(refreshTokens)
      .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
      .innerJoin(accounts, eq(accounts.id, refreshTokens.accountId))
      // Used just now or by whoever asked a moment ago: either way its successor is there.
      .where(and(eq(refreshTokens.hash, hash), sql`${refreshTokens.usedAtMs} is not null`, isLive)),
  ]);
  const [copy] = reused;
  if (copy !== undefined) return { kind: 'reused', accountId: copy.accountId, sessionId: copy.id };
  const [owner] = found;
  if (owner === undefined || owner.account.deactivatedAtMs !== null) return { kind: 'refused' };
  return { kind: 'good', ...owner, refreshToken: successor };
};

/** The live session of a refresh token, whatever state the token is in; `null` when there is none. */
export const sessionOfToken = async (
  db: Database,
  presented: string,
): Promise<{ readonly sessionId: string; readonly account: Identity } | null> => {
  const [found] = await db
    .select({ sessionId: sessions.id, account: { id: accounts.id, role: accounts.role } })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(refreshTokens.hash, await hashOf(presented)), isNull(sessions.endedAtMs)));
  return found ?? null;
};

/** Deletes refresh tokens and sessions that ran out over a day ago. A weekly job. */
export const forgetOldSessions = async (
  db: Database,
  nowMs: number,
): Promise<{ readonly tokens: number; readonly sessions: number }> => {
  const before = nowMs - 86_400_000;
  const tokens = await db.delete(refreshTokens).where(lt(refreshTokens.expiresAtMs, before));
  const ended = await db.delete(sessions).where(lt(sessions.expiresAtMs, before));
  return { tokens: tokens.meta.changes, sessions: ended.meta.changes };
};
