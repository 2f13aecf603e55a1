import { sql } from 'drizzle-orm';
import { type Database, database } from '../db/client.ts';
import { waitlistEntries, waitlists } from '../db/schema.ts';
import type { WaitingList } from '../domain/doctor-day/waiting.ts';
import type { DayKey } from '../domain/ids.ts';

/**
 * The statements that read who waits for a day, first joined first, to put at the end of a larger batch;
 * {@link waitingOf} takes their answers.
 */
export const waitingStatements = (db: Database, { doctorId, date }: DayKey) =>
  [
    db.select({ version: waitlists.version }).from(waitlists).where(sql`${waitlists.doctorId} = ${doctorId}`),
    db
      .select({
        id: waitlistEntries.id,
        patientId: waitlistEntries.patientId,
        part: waitlistEntries.part,
        mode: waitlistEntries.mode,
        joinedAtMs: waitlistEntries.joinedAtMs,
      })
      .from(waitlistEntries)
      .where(
        sql`${waitlistEntries.doctorId} = ${doctorId} and ${waitlistEntries.state} = 'active'
          and ${waitlistEntries.from} <= ${date} and ${waitlistEntries.to} >= ${date}`,
      )
      .orderBy(waitlistEntries.joinedAtMs, waitlistEntries.id),
  ] as const;

/** Who waits, from the answers to {@link waitingStatements}. */
export const waitingOf = ([versions, entries]: readonly [
  readonly { readonly version: number }[],
  WaitingList['entries'],
]): WaitingList => ({ version: versions[0]?.version ?? 0, entries });

/** Who waits for a day now. */
export const loadWaiting = async (d1: D1Database, day: DayKey): Promise<WaitingList> => {
  const db = database(d1);
  return waitingOf(await db.batch(waitingStatements(db, day)));
};
