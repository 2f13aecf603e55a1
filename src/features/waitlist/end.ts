import { sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { yesterday } from '../../doctor-days/schedule-changes.ts';

/** Entries that one run ends. */
const maxARun = 1_000;

/** Ends entries whose dates are over wherever the doctor is. No day need hear of it. Gives how many there were. */
export const endPastEntries = async (env: Env, nowMs: number): Promise<number> => {
  const { meta } = await database(env.DB).run(sql`
    update waitlist_entries set state = 'ended', closed_at_ms = ${nowMs}, owed = 0 where id in (
      select id from waitlist_entries where state = 'active' and to_date < ${yesterday(nowMs)} limit ${maxARun})`);
  return meta.changes;
};
