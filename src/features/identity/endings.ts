import { and, eq, inArray, isNull, lte, ne, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { endings, sessions } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import type { Ending } from '../../domain/ended-tokens.ts';
import { auditStatement } from '../audit/record.ts';
import { tellGuards } from './guard.ts';

/** Why sessions end before their time. */
export type EndedBy =
  | 'logout'
  | 'owner'
  | 'reuse'
  | 'limit'
  | 'password_changed'
  | 'password_reset'
  | 'role_changed'
  | 'deactivated'
  | 'erased';

const retoldAtOnce = 100;

/**
 * Ends the access tokens that an account has now, at once and everywhere; its sessions go on, and the next refresh gives
 * a token that says what is true then. Call it once a change of what tokens say is committed: of role, permissions,
 * clinics, dependants. What guards could not be told is told again every minute; triggers of D1 owe it to them from the
 * commit on, so that a crash in between costs a minute and no more.
 *
 * A token is issued "at" the instant before its facts were read, so none that says what was true before the change can
 * have been issued after it.
 */
export const endTokens = async (env: Env, accountId: string): Promise<void> => {
  const nowMs = Date.now();
  await database(env.DB)
    .insert(endings)
    .values({ subject: accountId, accountId, atMs: nowMs })
    .onConflictDoUpdate({ target: endings.subject, set: { atMs: nowMs } });
  await settle(env, accountId, [{ subject: accountId, issuedUntilMs: nowMs }], nowMs);
};

/**
 * The statements that end sessions of an account, all but one if it is named, for the batch of what they end with. The
 * result of the first, after the batch, is for {@link sessionsEnded}.
 */
export const endingStatements = (
  db: Database,
  ended: {
    readonly accountId: string;
    /** Ends this session only. */
    readonly only?: string;
    /** Ends all others. */
    readonly except?: string;
    readonly by: EndedBy;
    readonly actor: Identity | null;
  },
  nowMs: number,
) => {
  const chosen = and(
    eq(sessions.accountId, ended.accountId),
    isNull(sessions.endedAtMs),
    ended.only === undefined ? undefined : eq(sessions.id, ended.only),
    ended.except === undefined ? undefined : ne(sessions.id, ended.except),
  );
  return [
    db.update(sessions).set({ endedAtMs: nowMs, endedBy: ended.by }).where(chosen).returning({ id: sessions.id }),
    auditStatement(db, {
      stream: `account:${ended.accountId}`,
      actor: ended.actor,
      action: ended.only === undefined ? 'sessions.ended' : 'session.ended',
      subjectId: ended.accountId,
      data: { by: ended.by },
      atMs: nowMs,
    }),
  ] as const;
};

/** Tells the guards of sessions that have ended in D1, so that their access tokens are good no more. */
export const sessionsEnded = async (
  env: Env,
  accountId: string,
  sessionIds: readonly string[],
  nowMs: number,
): Promise<void> => {
  if (sessionIds.length === 0) return;
  const told = sessionIds.map((subject): Ending => ({ subject, issuedUntilMs: null }));
  await settle(env, accountId, told, nowMs);
};

/**
 * Ends one live session of an account, its refresh and its access tokens, at once. `false` when the account has no such
 * session.
 */
export const endSession = async (
  env: Env,
  accountId: string,
  sessionId: string,
  by: EndedBy,
  actor: Identity | null,
): Promise<boolean> => {
  const db = database(env.DB);
  const nowMs = Date.now();
  const [live] = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.accountId, accountId), isNull(sessions.endedAtMs)));
  if (live === undefined) return false;
  const [ended] = await db.batch(endingStatements(db, { accountId, only: sessionId, by, actor }, nowMs));
  await sessionsEnded(
    env,
    accountId,
    ended.map(({ id }) => id),
    nowMs,
  );
  return true;
};

/**
 * Ends every session of an account, at once: nobody refreshes any of them, and no access token of the account is good
 * any more. With `except`, that session goes on, and its access tokens do.
 */
export const endAllSessions = async (
  env: Env,
  accountId: string,
  by: EndedBy,
  actor: Identity | null,
  except?: string,
): Promise<void> => {
  const db = database(env.DB);
  const nowMs = Date.now();
  const spared = except === undefined ? {} : { except };
  const [ended] = await db.batch(endingStatements(db, { accountId, by, actor, ...spared }, nowMs));
  await sessionsEnded(
    env,
    accountId,
    ended.map(({ id }) => id),
    nowMs,
  );
  if (except === undefined) await endTokens(env, accountId);
};

/** Tells guards what they could not be told before; gives the number of what was tried. A job of every minute. */
export const retellEndings = async (env: Env, nowMs: number): Promise<number> => {
  const due = await database(env.DB)
    .select({ subject: endings.subject, accountId: endings.accountId, atMs: endings.atMs })
    .from(endings)
    .where(lte(endings.atMs, nowMs))
    .orderBy(endings.atMs)
    .limit(retoldAtOnce);
  for (const { subject, accountId, atMs } of due) {
    await settle(env, accountId, [{ subject, issuedUntilMs: subject === accountId ? atMs : null }], atMs);
  }
  return due.length;
};

const settle = async (env: Env, accountId: string, ended: readonly Ending[], nowMs: number): Promise<void> => {
  if (!(await tellGuards(env, accountId, ended))) return;
  const subjects = JSON.stringify(ended.map(({ subject }) => subject));
  await database(env.DB)
    .delete(endings)
    .where(and(inArray(endings.subject, sql`(select value from json_each(${subjects}))`), lte(endings.atMs, nowMs)));
};
