import { and, inArray, isNull, lt } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { notifications } from '../db/schema.ts';

/** A year, and a month to ask about it. */
const keptMs = 400 * 86_400_000;
/** Rows that one statement deletes, and statements of one run: what is left is the next run's. */
const atOnce = 1_000;
const maxRounds = 50;

/** Deletes rows of the ledger that are over 400 days old and wait for nothing; gives how many. */
export const forgetNotifications = async (env: Env, nowMs: number): Promise<number> => {
  const db = database(env.DB);
  let deleted = 0;
  for (let round = 0; round < maxRounds; round += 1) {
    const old = db
      .select({ id: notifications.id })
      .from(notifications)
      .where(and(lt(notifications.createdAtMs, nowMs - keptMs), isNull(notifications.nextAtMs)))
      .orderBy(notifications.createdAtMs, notifications.id)
      .limit(atOnce);
    const gone = await db
      .delete(notifications)
      .where(inArray(notifications.id, old))
      .returning({ id: notifications.id });
    deleted += gone.length;
    if (gone.length < atOnce) break;
  }
  return deleted;
};
