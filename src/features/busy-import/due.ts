import { and, asc, eq, lte } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { accounts, calendarSources, doctors } from '../../db/schema.ts';

/** How often those of doctors who are deactivated are looked at. */
const restMs = 3_600_000;
const failingEveryMs = 15 * 60_000;
const sourcesARun = 1_000;

/** What reading a calendar came to: as before, changed, or not readable. */
export type Outcome = 'same' | 'changed' | 'failing';

/** A calendar that is due, and what of its doctor decides about it. */
export interface Due {
  readonly source: typeof calendarSources.$inferSelect;
  readonly doctor: { readonly timeZone: string; readonly bookingWindowDays: number };
  readonly account: { readonly email: string; readonly deactivatedAtMs: number | null };
}

/** The calendars that are due, the longest overdue first. */
export const dueSources = (db: Database, nowMs: number): Promise<Due[]> =>
  db
    .select({
      source: calendarSources,
      doctor: { timeZone: doctors.timeZone, bookingWindowDays: doctors.bookingWindowDays },
      account: { email: accounts.email, deactivatedAtMs: accounts.deactivatedAtMs },
    })
    .from(calendarSources)
    .innerJoin(doctors, eq(doctors.id, calendarSources.doctorId))
    .innerJoin(accounts, eq(accounts.id, calendarSources.doctorId))
    .where(lte(calendarSources.dueAtMs, nowMs))
    .orderBy(asc(calendarSources.dueAtMs))
    .limit(sourcesARun);

/** Whether nobody reads a calendar for now: its doctor is deactivated. */
export const isResting = ({ account }: Pick<Due, 'account'>): boolean => account.deactivatedAtMs !== null;

/** Takes a calendar for this run, by moving on when it is due; `null` when another run has it. */
export const claim = async (db: Database, { source, ...rest }: Due, nowMs: number): Promise<Due | null> => {
  const everyMs = isResting(rest) ? restMs : source.failingSinceMs === null ? source.everyMs : failingEveryMs;
  const dueAtMs = nowMs + everyMs;
  const [taken] = await db
    .update(calendarSources)
    .set({ dueAtMs })
    .where(and(eq(calendarSources.id, source.id), eq(calendarSources.dueAtMs, source.dueAtMs)))
    .returning({ id: calendarSources.id });
  return taken === undefined ? null : { ...rest, source: { ...source, dueAtMs } };
};

/** Changes what is kept of a calendar, unless it was removed or another run has it by now. */
export const stillOurs = (db: Database, { source }: Due, set: Partial<typeof calendarSources.$inferInsert>) =>
  db
    .update(calendarSources)
    .set(set)
    .where(and(eq(calendarSources.id, source.id), eq(calendarSources.dueAtMs, source.dueAtMs)));
