import { asc, eq, gt, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { calendarFeeds } from '../../db/schema.ts';
import { auditStatement } from '../audit/record.ts';

const unusedMs = 365 * 86_400_000;
const feedsAPage = 500;

const usedAtMs = sql<number>`max(${calendarFeeds.createdAtMs}, coalesce(${calendarFeeds.rotatedAtMs}, 0),
  coalesce(${calendarFeeds.lastFetchedAtMs}, 0))`;

/**
 * Revokes feeds that no program has fetched for a year, nor was their address made since: an address that still opens and
 * that nobody uses is a key that lies about. Gives their number. A weekly job.
 */
export const forgetUnusedFeeds = async (env: Env, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  let forgotten = 0;
  for (let after = ''; ; ) {
    const rows = await db
      .select({ id: calendarFeeds.id, accountId: calendarFeeds.accountId, usedAtMs })
      .from(calendarFeeds)
      .where(gt(calendarFeeds.id, after))
      .orderBy(asc(calendarFeeds.id))
      .limit(feedsAPage);
    for (const { id, accountId } of rows.filter((row) => row.usedAtMs < nowMs - unusedMs)) {
      if (await revoke(db, id, accountId, nowMs)) forgotten += 1;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < feedsAPage) return forgotten;
    after = last.id;
  }
};

/** Revokes one, unless it was used or revoked meanwhile. */
const revoke = async (db: Database, id: string, accountId: string, nowMs: number): Promise<boolean> => {
  const stillUnused = sql`exists (select 1 from ${calendarFeeds} where ${calendarFeeds.id} = ${id}
    and ${usedAtMs} < ${nowMs - unusedMs})`;
  try {
    await db.batch([
      guard(db, stillUnused),
      db.delete(calendarFeeds).where(eq(calendarFeeds.id, id)),
      auditStatement(db, {
        stream: `account:${accountId}`,
        actor: null,
        action: 'calendar_feed.forgotten',
        subjectId: id,
        data: {},
        atMs: nowMs,
      }),
    ]);
    return true;
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return false;
  }
};
