import { and, asc, eq, gt, isNull, lte, notExists, or } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { pushSubscriptions, sessions } from '../../db/schema.ts';

const devicesAPage = 500;

/**
 * Forgets devices whose session has run out for good: nobody ends such a session, so no trigger takes its devices. One
 * that merely lies unused keeps them: who opens Daybook once before a visit wants to be reminded of it weeks later. Those
 * from before sessions were kept go when no session of the account goes on. Gives their number. A nightly job.
 */
export const forgetStaleDevices = async (env: Env, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  const { id, accountId, sessionId } = pushSubscriptions;
  const goesOn = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      and(
        eq(sessions.accountId, accountId),
        or(isNull(sessionId), eq(sessions.id, sessionId)),
        isNull(sessions.endedAtMs),
        gt(sessions.expiresAtMs, nowMs),
      ),
    );
  let forgotten = 0;
  for (let after = ''; ; ) {
    const rows = await db
      .select({ id })
      .from(pushSubscriptions)
      .where(gt(id, after))
      .orderBy(asc(id))
      .limit(devicesAPage);
    const last = rows.at(-1);
    if (last === undefined) return forgotten;
    const { meta } = await db.delete(pushSubscriptions).where(and(gt(id, after), lte(id, last.id), notExists(goesOn)));
    forgotten += meta.changes;
    after = last.id;
  }
};
