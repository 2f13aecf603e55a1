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

/** As {@link leastNoticeSql}, of a payment. */
export const leastNoticeOf = async (
  d1: D1Database,
  { appointmentId, capturedAtMs }: { readonly appointmentId: string; readonly capturedAtMs: number },
): Promise<number | null> => {
  const row = await d1
    .prepare(`SELECT (${leastNoticeSql}) AS ms`)
    .bind(appointmentId, capturedAtMs)
    .first<{ ms: number | null }>();
  return row?.ms ?? null;
};
