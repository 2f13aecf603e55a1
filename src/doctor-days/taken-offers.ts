import type { AuditRow } from '../../durable-objects/ports.ts';

/** The statement that takes entries of the waitlist out of the line: the version rises only if one was in it. */
const bump = `
  INSERT INTO waitlists (doctor_id, version)
  SELECT doctor_id, 1 FROM waitlist_entries
  WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'active' GROUP BY doctor_id
  ON CONFLICT (doctor_id) DO UPDATE SET version = waitlists.version + 1`;

const take = `
  UPDATE waitlist_entries SET state = 'taken', closed_at_ms = ?2, owed = 1,
    version = (SELECT version FROM waitlists WHERE waitlists.doctor_id = waitlist_entries.doctor_id)
  WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'active'`;

/** The entries of the waitlist whose offers were booked by these events of a day. */
export const entriesTaken = (audit: readonly AuditRow[]): string[] => {
  const named = audit.filter(({ action, data }) => action !== 'offered' && data.includes('"waitlistEntryId"'));
  return [...new Set(named.map(({ data }) => (JSON.parse(data) as { waitlistEntryId: string }).waitlistEntryId))];
};

/** What takes those entries out of the line, with the events that booked them; nothing when there are none. Idempotent. */
export const takeEntries = (d1: D1Database, ids: readonly string[], nowMs: number): D1PreparedStatement[] => {
  if (ids.length === 0) return [];
  const json = JSON.stringify(ids);
  return [d1.prepare(bump).bind(json), d1.prepare(take).bind(json, nowMs)];
};
