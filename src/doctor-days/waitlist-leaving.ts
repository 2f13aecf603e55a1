import { announceWaitlistChange } from './waitlist-changes.ts';

const ofThem = `patient_id IN (SELECT value FROM json_each(?1)) AND state = 'active'`;

const bump = `
  INSERT INTO waitlists (doctor_id, version)
  SELECT doctor_id, 1 FROM waitlist_entries WHERE ${ofThem} GROUP BY doctor_id
  ON CONFLICT (doctor_id) DO UPDATE SET version = waitlists.version + 1`;

const quit = `
  UPDATE waitlist_entries SET state = 'left', closed_at_ms = ?2, owed = 1,
    version = (SELECT version FROM waitlists WHERE waitlists.doctor_id = waitlist_entries.doctor_id)
  WHERE ${ofThem} RETURNING id`;

/** Takes patients out of every line, as when they are erased or nobody acts for them any more. Idempotent. */
export const leaveEveryLine = async (env: Env, patientIds: readonly string[], nowMs: number): Promise<void> => {
  const json = JSON.stringify(patientIds);
  const [, left] = await env.DB.batch<{ id: string }>([
    env.DB.prepare(bump).bind(json),
    env.DB.prepare(quit).bind(json, nowMs),
  ]);
  const ids = (left?.results ?? []).map(({ id }) => id);
  if (ids.length > 0) await announceWaitlistChange(env, ids, nowMs);
};
