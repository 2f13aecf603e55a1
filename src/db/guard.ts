import { type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';

/**
 * A statement that makes its batch fail, and so undoes the whole batch, unless a condition holds when it runs. For
 * changes that rest on something read before: {@link guardFailed} tells that failure from others.
 */
export const guard = (db: Database, condition: SQL) =>
  // SQLite has no way to raise an error outside a trigger; reading text that is no JSON is one.
  db.select({ held: sql`json(case when ${condition} then '1' else 'guard' end)` }).from(sql`(select 1)`);

/** Whether a batch failed because of its {@link guard}. */
export const guardFailed = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes('malformed JSON')) return true;
  }
  return false;
};
