import type { PlannedRow } from '../domain/notifications/plan.ts';

/** How long a claim keeps others from a row, ms: until then it has been sent, or who claimed it has crashed. */
const claimMs = 10 * 60_000;

const keptMs = 180 * 86_400_000;

/** A row of the ledger on its way in: what was planned, under an id. */
export type NewRow = PlannedRow & { readonly id: string; readonly insteadOf: string | null };

/** Gives planned rows their ids. */
export const numbered = (rows: readonly PlannedRow[], insteadOf: string | null = null): NewRow[] =>
  rows.map((row) => ({ ...row, id: `n_${crypto.randomUUID()}`, insteadOf }));

const columns: readonly (readonly [column: string, value: string])[] = [
  ['id', "value ->> '$.id'"],
  ['subject_id', "value ->> '$.subjectId'"],
  ['version', "value ->> '$.version'"],
  ['kind', "value ->> '$.kind'"],
  ['offset_minutes', "value ->> '$.offsetMinutes'"],
  ['channel', "value ->> '$.channel'"],
  ['recipient_id', "value ->> '$.recipientId'"],
  ['audience', "value ->> '$.audience'"],
  ['starts_at_ms', "value ->> '$.startsAtMs'"],
  ['ends_at_ms', "value ->> '$.endsAtMs'"],
  ['time_zone', "value ->> '$.timeZone'"],
  ['doctor_id', "value ->> '$.doctorId'"],
  ['clinic_id', "value ->> '$.clinicId'"],
  ['mode', "value ->> '$.mode'"],
  ['previous_starts_at_ms', "value ->> '$.previousStartsAtMs'"],
  ['previous_time_zone', "value ->> '$.previousTimeZone'"],
  ['caused_at_ms', "value ->> '$.causedAtMs'"],
  ['caused_by', "value ->> '$.causedBy'"],
  ['due_at_ms', "value ->> '$.dueAtMs'"],
  ['state', "CASE WHEN value ->> '$.reason' IS NULL THEN 'scheduled' ELSE 'suppressed' END"],
  ['reason', "value ->> '$.reason'"],
  ['next_at_ms', "CASE WHEN value ->> '$.reason' IS NULL THEN value ->> '$.dueAtMs' END"],
  ['settled_at_ms', "CASE WHEN value ->> '$.reason' IS NULL THEN NULL ELSE ?2 END"],
  ['instead_of', "value ->> '$.insteadOf'"],
  ['created_at_ms', '?2'],
];

/**
 * Rows enter once: by their key, and a reminder by the time it is for as well, so that whoever was reminded of a time is
 * not reminded of it again because the appointment went elsewhere and came back, or changed in another way.
 */
const insertSql = (condition: string): string => `
  INSERT INTO notifications (${columns.map(([column]) => column).join(', ')})
  SELECT ${columns.map(([, value]) => value).join(', ')} FROM json_each(?1) AS planned
  WHERE ${condition} AND NOT EXISTS (
    SELECT 1 FROM notifications AS known
    WHERE planned.value ->> '$.kind' = 'reminder' AND planned.value ->> '$.insteadOf' IS NULL
      AND known.subject_id = planned.value ->> '$.subjectId' AND known.kind = 'reminder'
      AND known.offset_minutes = planned.value ->> '$.offsetMinutes'
      AND known.recipient_id = planned.value ->> '$.recipientId'
      AND known.starts_at_ms = planned.value ->> '$.startsAtMs'
      AND (known.channel = 'in_app') = (planned.value ->> '$.channel' = 'in_app')
      AND known.state <> 'suppressed')
  ON CONFLICT DO NOTHING`;

const ofIntent = insertSql('EXISTS (SELECT 1 FROM notification_intents WHERE id = ?3)');
const always = insertSql('true');

/** Enters what follows from an intent, unless somebody else was faster with it. */
export const enterFor = (
  d1: D1Database,
  intentId: number,
  rows: readonly NewRow[],
  nowMs: number,
): D1PreparedStatement => d1.prepare(ofIntent).bind(JSON.stringify(rows), nowMs, intentId);

/** Enters rows that follow from no intent. */
export const enter = (d1: D1Database, rows: readonly NewRow[], nowMs: number): D1PreparedStatement =>
  d1.prepare(always).bind(JSON.stringify(rows), nowMs);

/** Of the reminders that wait, those of older versions: they go on for the same time and doctor, or end as moved. */
const carrySql = `
  UPDATE OR IGNORE notifications SET
    version = CASE WHEN starts_at_ms = ?3 AND (audience = 'patient' OR recipient_id = ?4) THEN ?2 ELSE version END,
    state = CASE WHEN starts_at_ms = ?3 AND (audience = 'patient' OR recipient_id = ?4) THEN state ELSE 'suppressed' END,
    reason = CASE WHEN starts_at_ms = ?3 AND (audience = 'patient' OR recipient_id = ?4) THEN reason ELSE 'moved' END,
    next_at_ms = CASE WHEN starts_at_ms = ?3 AND (audience = 'patient' OR recipient_id = ?4) THEN next_at_ms END,
    settled_at_ms = CASE WHEN starts_at_ms = ?3 AND (audience = 'patient' OR recipient_id = ?4) THEN NULL ELSE ?5 END
  WHERE subject_id = ?1 AND version < ?2 AND kind = 'reminder' AND state IN ('scheduled', 'claimed')
    AND EXISTS (SELECT 1 FROM notification_intents WHERE id = ?6)`;

/** Brings the reminders that wait for an appointment to what it is now. */
export const carryReminders = (
  d1: D1Database,
  intentId: number,
  now: { readonly id: string; readonly version: number; readonly startsAtMs: number; readonly doctorId: string },
  nowMs: number,
): D1PreparedStatement => d1.prepare(carrySql).bind(now.id, now.version, now.startsAtMs, now.doctorId, nowMs, intentId);

const dropSql = `
  UPDATE notifications SET state = 'suppressed', reason = ?3, next_at_ms = NULL, settled_at_ms = ?4
  WHERE subject_id = ?1 AND version < ?2 AND kind = 'reminder' AND state IN ('scheduled', 'claimed')`;

/** Ends the reminders that wait for an appointment, of versions older than one. */
export const dropReminders = (
  d1: D1Database,
  appointmentId: string,
  version: number,
  reason: 'moved' | 'cancelled',
  nowMs: number,
): D1PreparedStatement => d1.prepare(dropSql).bind(appointmentId, version, reason, nowMs);

const claimSql = `
  UPDATE notifications SET state = 'claimed', claims = claims + 1, next_at_ms = ?2
  WHERE id IN (
    SELECT id FROM notifications WHERE next_at_ms <= ?1 AND state IN ('scheduled', 'claimed')
    ORDER BY next_at_ms LIMIT ?3)
  RETURNING id`;

/** Claims what is due, and what a claim has lapsed on; each row for one asker. Gives their ids. */
export const claimDue = async (d1: D1Database, limit: number, nowMs: number): Promise<string[]> => {
  const { results } = await d1
    .prepare(claimSql)
    .bind(nowMs, nowMs + claimMs, limit)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
};

/** Deletes what came to rest half a year ago. For the weekly cron; gives how many rows. */
export const forgetOldNotifications = async (d1: D1Database, nowMs: number): Promise<number> => {
  const { meta } = await d1
    .prepare('DELETE FROM notifications WHERE created_at_ms < ?1 AND next_at_ms IS NULL')
    .bind(nowMs - keptMs)
    .run();
  return meta.changes;
};

const claimTheseSql = `
  UPDATE notifications SET state = 'claimed', claims = claims + 1, next_at_ms = ?2
  WHERE id IN (SELECT value FROM json_each(?3)) AND state = 'scheduled' AND next_at_ms <= ?1
  RETURNING id`;

/** Claims those of these rows that are due and that nobody has claimed. Gives their ids. */
export const claimThese = async (d1: D1Database, ids: readonly string[], nowMs: number): Promise<string[]> => {
  if (ids.length === 0) return [];
  const { results } = await d1
    .prepare(claimTheseSql)
    .bind(nowMs, nowMs + claimMs, JSON.stringify(ids))
    .all<{ id: string }>();
  return results.map(({ id }) => id);
};
