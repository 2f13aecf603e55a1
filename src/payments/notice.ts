/**
 * The least notice, ms, at which the patient's side moved a paid appointment (?1) since it was paid (?2); `null` when they
 * never did. To move what the schedule no longer offered was not their choice.
 */
export const leastNoticeSql = `
  SELECT min((
    SELECT CASE WHEN b.data ->> '$.outsideSchedule' THEN NULL ELSE b.data ->> '$.startsAtMs' - m.at_ms END
    FROM audit_events b WHERE b.subject_id = m.subject_id AND b.data ->> '$.startsAtMs' IS NOT NULL
      AND b.data ->> '$.version' < m.data ->> '$.version'
    ORDER BY b.data ->> '$.version' DESC LIMIT 1))
  FROM audit_events m WHERE m.subject_id = ?1 AND m.at_ms >= ?2 AND m.actor_role = 'patient'
    AND m.action IN ('rescheduled', 'moved_out')`;

/**
 * Whether the newest move of a paid appointment (?1) since it was paid (?2) was the practice's, from a time that the
 * schedule no longer offered: 1 or 0. Then the patient has a time that they never chose, and cancelling is not their doing.
 */
export const isDisplacedSql = `
  SELECT coalesce((SELECT m.actor_role <> 'patient' AND coalesce((
    SELECT b.data ->> '$.outsideSchedule' FROM audit_events b
    WHERE b.subject_id = m.subject_id AND b.data ->> '$.startsAtMs' IS NOT NULL
      AND b.data ->> '$.version' < m.data ->> '$.version'
    ORDER BY b.data ->> '$.version' DESC LIMIT 1), 0)
  FROM audit_events m WHERE m.subject_id = ?1 AND m.at_ms >= ?2 AND m.action IN ('rescheduled', 'moved_out')
  ORDER BY m.data ->> '$.version' DESC LIMIT 1), 0)`;

/** What moves of a paid appointment mean for what cancelling it gives back. */
export interface Moved {
  readonly leastNoticeMs: number | null;
  readonly isDisplaced: boolean;
}

/** As {@link leastNoticeSql} and {@link isDisplacedSql}, of a payment. */
export const movedSince = async (
  d1: D1Database,
  { appointmentId, capturedAtMs }: { readonly appointmentId: string; readonly capturedAtMs: number },
): Promise<Moved> => {
  const row = await d1
    .prepare(`SELECT (${leastNoticeSql}) AS ms, (${isDisplacedSql}) AS displaced`)
    .bind(appointmentId, capturedAtMs)
    .first<{ ms: number | null; displaced: number }>();
  return { leastNoticeMs: row?.ms ?? null, isDisplaced: row?.displaced === 1 };
};
