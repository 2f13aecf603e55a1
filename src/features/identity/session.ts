import type { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { sessions } from '../../db/schema.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { securityEvent } from '../../http/security-event.ts';
import { auditStatement } from '../audit/record.ts';
import { accessTokenTtlSeconds, signAccessToken } from './access-token.ts';
import type { Account } from './account.ts';
import {
  clearSessionCookies,
  isByCookie,
  refreshTokenIn,
  requireCsrfToken,
  requireCsrfTokenOf,
  requireOwnPage,
  setSessionCookies,
  wantsCookies,
} from './cookies.ts';
import { endSession, sessionsEnded } from './endings.ts';
import { holderOf } from './facts.ts';
import { rotate, sessionOfToken, startSession } from './refresh-token.ts';
import type { sessionSchema, userSchema } from './schema.ts';
import { sightOf } from './sight.ts';

/** An account as its owner sees it. */
export const userOf = (account: Account): z.input<typeof userSchema> => ({
  id: account.id,
  email: account.email,
  fullName: account.fullName,
  emailVerified: account.emailVerifiedAtMs !== null,
  phone: account.phone,
  phoneVerified: account.phone !== null && account.phoneVerifiedAtMs !== null,
  role: account.role,
  createdAt: new Date(account.createdAtMs).toISOString(),
});

/** The answer of signing in: tokens for a client that keeps them, or none for a browser that got them as cookies. */
type SessionAnswer = z.input<typeof sessionSchema>;
type Statement = Parameters<Database['batch']>[0][number];

/**
 * Signs in an account that has proved who it is: opens a session, ends the oldest beyond what an account may have, and
 * gives the answer, or sets cookies where the client asked for them. Refuses with `invalid_credentials` when the account
 * was deactivated, or got another password meanwhile, and with `cross_site`.
 *
 * @param also further statements of the same transaction, for example that a code was used
 */
export const signIn = async (
  c: Context<AppEnv>,
  account: Account,
  nowMs: number,
  also: readonly Statement[] = [],
): Promise<Result<SessionAnswer, Refusal>> => {
  if (wantsCookies(c)) requireOwnPage(c);
  const db = database(c.env.DB);
  const { opened, stored, evicted, ...session } = await startSession(db, c.get('settings'), account, sightOf(c), nowMs);
  const started = auditStatement(db, {
    stream: `account:${account.id}`,
    actor: account,
    action: 'session.started',
    subjectId: account.id,
    data: { sessionId: session.sessionId },
    atMs: nowMs,
  });
  try {
    const [gone] = await db.batch([evicted, opened, guard(db, isOpen(session.sessionId)), stored, started, ...also]);
    const ids = gone.map(({ id }) => id);
    await sessionsEnded(c.env, account.id, ids, nowMs);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('invalid_credentials'));
    throw error;
  }
  return ok(await answerOf(c, account, session, wantsCookies(c), nowMs));
};

/**
 * Refreshes a session by its refresh token, from the body or from its cookie. Refuses with `unauthenticated` for a token
 * that is not good, whatever is wrong with it, and with `cross_site`.
 */
export const refreshSession = async (
  c: Context<AppEnv>,
  given: string | undefined,
  nowMs: number,
): Promise<Result<SessionAnswer, Refusal>> => {
  const inCookies = isByCookie(c, given);
  if (inCookies) requireOwnPage(c);
  const presented = inCookies ? refreshTokenIn(c) : given;
  if (presented === undefined) return refused(refusal('unauthenticated', 'There is no refresh token: sign in again.'));
  const only = inCookies ? await requireCsrfToken(c) : null;
  const db = database(c.env.DB);
  const rotation = await rotate(db, c.get('settings'), presented, sightOf(c), nowMs, only);
  if (rotation.kind === 'reused') {
    securityEvent(c, 'token.reuse', { accountId: rotation.accountId, sessionId: rotation.sessionId });
    await sessionsEnded(c.env, rotation.accountId, [rotation.sessionId], nowMs);
  }
  if (rotation.kind !== 'good')
    return refused(refusal('unauthenticated', 'This refresh token is not good any more: sign in again.'));
  return ok(await answerOf(c, rotation.account, rotation, inCookies, nowMs));
};

/** Ends the session of a refresh token, and its access tokens with it. Says nothing of whether there was one. */
export const logOut = async (c: Context<AppEnv>, given: string | undefined): Promise<void> => {
  const inCookies = isByCookie(c, given);
  if (inCookies) requireOwnPage(c);
  const presented = inCookies ? refreshTokenIn(c) : given;
  const session = presented === undefined ? null : await sessionOfToken(database(c.env.DB), presented);
  if (session !== null) {
    if (inCookies) await requireCsrfTokenOf(c, session.sessionId);
    await endSession(c.env, session.account.id, session.sessionId, 'logout', session.account);
  }
  if (inCookies) clearSessionCookies(c);
};

/**
 * The token is dated to before its facts are read: a change of them that is committed later ends every token that does
 * not know of it.
 */
const answerOf = async (
  c: Context<AppEnv>,
  account: Account,
  { sessionId, refreshToken }: { readonly sessionId: string; readonly refreshToken: string },
  inCookies: boolean,
  nowMs: number,
): Promise<SessionAnswer> => {
  const facts = await holderOf(database(c.env.DB), c.get('settings'), account.id, nowMs);
  const accessToken = await signAccessToken(c.get('settings'), facts ?? account, sessionId, nowMs);
  const common = { user: userOf(account), expiresIn: accessTokenTtlSeconds };
  if (!inCookies) return { ...common, accessToken, refreshToken };
  return { ...common, csrfToken: await setSessionCookies(c, { sessionId, accessToken, refreshToken }) };
};

const isOpen = (sessionId: string) => sql`exists (select 1 from ${sessions} where ${sessions.id} = ${sessionId})`;
