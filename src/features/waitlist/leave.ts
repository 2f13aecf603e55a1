import { and, eq, sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { waitlistEntries } from '../../db/schema.ts';
import { announceWaitlistChange, bumpWaitlist, newVersion } from '../../doctor-days/waitlist-changes.ts';
import type { Principal } from '../../domain/access.ts';
import { auditStatement } from '../audit/record.ts';
import type { Entry } from './entries.ts';

/** Takes an entry out of its line, unless it is out of it already. Offers that live stay. */
export const leave = async (env: Env, actor: Principal, entry: Entry, nowMs: number): Promise<void> => {
  const db = database(env.DB);
  const { id, doctorId, patientId } = entry;
  const waits = and(eq(waitlistEntries.id, id), sql`${waitlistEntries.state} = 'active'`);
  try {
    await db.batch([
      guard(db, sql`exists (select 1 from ${waitlistEntries} where ${waits})`),
      bumpWaitlist(db, doctorId),
      db
        .update(waitlistEntries)
        .set({ state: 'left', closedAtMs: nowMs, owed: true, version: newVersion(doctorId) })
        .where(waits),
      auditStatement(db, {
        stream: `doctor:${doctorId}`,
        actor,
        action: 'waitlist.left',
        subjectId: id,
        data: { doctorId, patientId },
        atMs: nowMs,
      }),
    ]);
  } catch (error) {
    if (guardFailed(error)) return;
    throw error;
  }
  await announceWaitlistChange(env, [id], nowMs);
};
