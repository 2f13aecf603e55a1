import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import type { Entry } from './entries.ts';

/** An appointment that is held for who waits, until it is confirmed. */
export interface LiveOffer {
  readonly appointmentId: string;
  readonly startsAtMs: number;
  readonly expiresAtMs: number;
  /** The doctor's (IANA). */
  readonly timeZone: string;
}

/** What is offered to entries as of `nowMs`, as D1 knows it, by their ids: each day may offer one seat; earliest first. */
export const liveOffersOf = async (
  db: Database,
  entries: readonly Entry[],
  nowMs: number,
): Promise<ReadonlyMap<string, readonly LiveOffer[]>> => {
  if (entries.length === 0) return new Map();
  const among = (ids: readonly string[]) => sql`(select value from json_each(${JSON.stringify([...new Set(ids)])}))`;
  const rows = await db.all<LiveOffer & { readonly entryId: string }>(sql`
    select id as "appointmentId", waitlist_entry_id as "entryId", starts_at_ms as "startsAtMs",
      expires_at_ms as "expiresAtMs", time_zone as "timeZone"
    from appointments indexed by appointments_live_by_patient
    where patient_id in ${among(entries.map(({ patientId }) => patientId))} and seat is not null
      and waitlist_entry_id in ${among(entries.map(({ id }) => id))} and status = 'pending' and expires_at_ms > ${nowMs}
    order by starts_at_ms, id`);
  return Map.groupBy(rows, ({ entryId }) => entryId);
};
