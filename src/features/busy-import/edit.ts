import { and, eq, inArray, sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { insertRows } from '../../db/insert-rows.ts';
import { busyDays, type calendarSources } from '../../db/schema.ts';
import { announceScheduleChange, bumpSchedule } from '../../doctor-days/schedule-changes.ts';
import { auditStatement } from '../audit/record.ts';
import { type Due, stillOurs } from './due.ts';
import type { Difference } from './rows.ts';

/**
 * Changes the busy times of a calendar, and what is kept of it, all or nothing. If a date is planned otherwise then, this
 * is one edit of the doctor's schedule. Gives whether it was; nothing happens to a calendar that was removed meanwhile,
 * or that a later run has taken.
 */
export const edit = async (
  env: Env,
  due: Due,
  { gone, come, changes }: Difference,
  set: Partial<typeof calendarSources.$inferInsert>,
  nowMs: number,
): Promise<boolean> => {
  const db = database(env.DB);
  const { id, doctorId, dueAtMs } = due.source;
  const ofSource = and(eq(busyDays.doctorId, doctorId), eq(busyDays.sourceId, id));
  const rows = [
    guard(db, sql`exists (select 1 from calendar_sources where id = ${id} and due_at_ms = ${dueAtMs})`),
    db.delete(busyDays).where(and(ofSource, inArray(busyDays.date, listOf(gone)))),
    insertRows(db, busyDays, come),
    stillOurs(db, due, set),
  ] as const;
  const entry = { stream: `doctor:${doctorId}`, actor: null, action: 'busy_times.changed', subjectId: id };
  const recorded = auditStatement(db, { ...entry, data: { dates: changes }, atMs: nowMs });
  try {
    if (changes === 0) await db.batch(rows);
    else await db.batch([...rows, bumpSchedule(db, doctorId), recorded]);
  } catch (error) {
    if (guardFailed(error)) return false;
    throw error;
  }
  if (changes > 0) await announceScheduleChange(env, doctorId, nowMs);
  return changes > 0;
};
