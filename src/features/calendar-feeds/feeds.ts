import { and, asc, eq, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { accounts, calendarFeeds, type FeedKind, type FeedPrivacy } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { settingsOf } from '../../env.ts';
import { dispatch, postMessage } from '../../messages/message.ts';
import { auditStatement } from '../audit/record.ts';
import { feedOpened } from '../identity/notices.ts';
import { newToken, tokenHash } from './address.ts';

/** More than somebody has programs that show calendars. */
export const maxFeeds = 10;

export type Feed = typeof calendarFeeds.$inferSelect;

/** A feed with its token, which is nowhere after this. */
export interface OpenedFeed {
  readonly feed: Feed;
  readonly token: string;
}

/** What the owner chooses. */
export interface FeedWish {
  readonly label: string;
  readonly privacy: FeedPrivacy;
  readonly showFree: boolean;
}

const own = (ownerId: string, id: string) => and(eq(calendarFeeds.id, id), eq(calendarFeeds.accountId, ownerId));

const entry = (owner: Identity, action: string, id: string, atMs: number, data: Record<string, unknown> = {}) => ({
  stream: `account:${owner.id}`,
  actor: owner,
  action: `calendar_feed.${action}`,
  subjectId: id,
  data,
  atMs,
});

/** The feeds of an account, first made first. */
export const feedsOf = (db: Database, accountId: string): Promise<Feed[]> =>
  db
    .select()
    .from(calendarFeeds)
    .where(eq(calendarFeeds.accountId, accountId))
    .orderBy(asc(calendarFeeds.createdAtMs), asc(calendarFeeds.id));

/** Opens a feed of one's own appointments. Refuses with `too_many_items`, `forbidden` for free time of who has none. */
export const openFeed = async (
  env: Env,
  owner: Identity,
  { label, privacy, showFree }: FeedWish,
  nowMs: number,
): Promise<Result<OpenedFeed, Refusal>> => {
  const kind: FeedKind = owner.role === 'doctor' ? 'doctor' : 'patient';
  if (showFree && kind !== 'doctor')
    return refused(
      refusal('invalid_request', undefined, { errors: [{ path: 'showFree', message: 'is for doctors only' }] }),
    );
  const db = database(env.DB);
  const told = await notice(env, owner.id, label, nowMs);
  if (told === null) return refused(refusal('not_found'));
  const token = newToken(kind);
  const feed: Feed = {
    id: `cf_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`,
    tokenHash: await tokenHash(token),
    accountId: owner.id,
    ...{ kind, label, privacy, showsFree: showFree },
    createdAtMs: nowMs,
    rotatedAtMs: null,
    lastFetchedAtMs: null,
    recordedThroughMs: 0,
  };
  try {
    await db.batch([
      guard(db, sql`(select count(*) from calendar_feeds where account_id = ${owner.id}) < ${maxFeeds}`),
      db.insert(calendarFeeds).values(feed),
      auditStatement(db, entry(owner, 'opened', feed.id, nowMs, { privacy, showFree })),
      told.statement,
    ]);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('too_many_items', `There are at most ${maxFeeds} feeds.`));
  }
  await dispatch(env, told.id);
  return ok({ feed, token });
};

/** Gives a feed another address; the one before is good no more. Refuses with `not_found`. */
export const rotateFeed = async (
  env: Env,
  owner: Identity,
  id: string,
  nowMs: number,
): Promise<Result<OpenedFeed, Refusal>> => {
  const db = database(env.DB);
  const [before] = await db
    .select({ kind: calendarFeeds.kind, label: calendarFeeds.label })
    .from(calendarFeeds)
    .where(own(owner.id, id));
  const told = before === undefined ? null : await notice(env, owner.id, before.label, nowMs);
  if (before === undefined || told === null) return refused(refusal('not_found'));
  const token = newToken(before.kind);
  const fresh = { tokenHash: await tokenHash(token), rotatedAtMs: nowMs, lastFetchedAtMs: null };
  const statements = [
    guard(db, stillThere(owner.id, id)),
    db.update(calendarFeeds).set(fresh).where(own(owner.id, id)).returning(),
    auditStatement(db, entry(owner, 'rotated', id, nowMs)),
    told.statement,
  ] as const;
  try {
    const [, [feed]] = await db.batch(statements);
    await dispatch(env, told.id);
    return feed === undefined ? refused(refusal('not_found')) : ok({ feed, token });
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('not_found'));
  }
};

/** Ends a feed: from now on there is nothing at its address. Refuses with `not_found`. */
export const revokeFeed = async (
  env: Env,
  owner: Identity,
  id: string,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  try {
    await db.batch([
      guard(db, stillThere(owner.id, id)),
      db.delete(calendarFeeds).where(own(owner.id, id)),
      auditStatement(db, entry(owner, 'revoked', id, nowMs)),
    ]);
    return ok(null);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('not_found'));
  }
};

/** The mail that tells an owner of a new address; `null` for an account that is gone. */
const notice = async (env: Env, ownerId: string, label: string, nowMs: number) => {
  const db = database(env.DB);
  const [owner] = await db.select().from(accounts).where(eq(accounts.id, ownerId));
  return owner === undefined ? null : postMessage(db, settingsOf(env).dataKey, feedOpened(owner, label), nowMs);
};

const stillThere = (ownerId: string, id: string) =>
  sql`exists (select 1 from ${calendarFeeds} where ${own(ownerId, id)})`;
