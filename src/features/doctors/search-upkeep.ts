import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';

/** Days retired at a time: what is left waits a minute. */
const maxDays = 2_000;

/**
 * Takes days whose last free slot has begun out of search, so that what has passed never lies between now and the
 * soonest free slot; gives their number. A job of every minute.
 */
export const retirePastDays = async (db: Database, nowMs: number): Promise<number> => {
  const { meta } = await db.run(sql`
    update doctor_days set remaining = 0
    where (doctor_id, date) in (
      select doctor_id, date from doctor_days indexed by doctor_days_ending
      where remaining > 0 and last_available_at_ms <= ${nowMs}
      order by last_available_at_ms limit ${maxDays})`);
  return meta.changes;
};
