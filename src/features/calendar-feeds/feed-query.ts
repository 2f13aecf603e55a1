import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import type { FeedKind, FeedPrivacy } from '../../db/schema.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import type { Mode } from '../../domain/schedule.ts';

/** More than a doctor has in the window; of more, the earliest are shown. */
const maxShown = 3_000;

/** From when on, until when, and since when what was cancelled is still shown, ms. */
export interface FeedWindow {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly keptSinceMs: number;
}

/** A feed as fetching it needs it. */
export interface FetchedFeed {
  readonly id: string;
  readonly ownerId: string;
  readonly label: string;
  readonly privacy: FeedPrivacy;
  readonly showsFree: boolean;
  readonly lastFetchedAtMs: number | null;
  readonly recordedThroughMs: number;
}

/** An appointment within the window, with the names that go with it. */
export interface FetchedAppointment {
  readonly id: string;
  readonly patientId: string;
  readonly status: Status;
  readonly version: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly timeZone: string;
  readonly mode: Mode;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly doctorName: string | null;
  readonly patientName: string | null;
  readonly clinicName: string | null;
  readonly clinicAddress: string | null;
}

interface Row extends Omit<FetchedAppointment, 'id'> {
  readonly id: string | null;
  readonly feedId: string;
  readonly ownerId: string;
  readonly label: string;
  readonly privacy: FeedPrivacy;
  readonly showsFree: number;
  readonly lastFetchedAtMs: number | null;
  readonly recordedThroughMs: number;
}

/**
 * A feed by the hash of its token, with what it shows: one query, along the index of its doctor or its patients. `null`
 * for a token that nobody has, has any more, or whose owner is no longer active in that role. A hold or a request whose
 * time is up is not shown, whether or not its day has written that down.
 */
export const fetchFeed = async (
  db: Database,
  hash: string,
  kind: FeedKind,
  window: FeedWindow,
  nowMs: number,
): Promise<{ readonly feed: FetchedFeed; readonly appointments: readonly FetchedAppointment[] } | null> => {
  const rows = await db.all<Row>(sql`
    select f.id as feedId, f.account_id as ownerId, f.label, f.privacy, f.shows_free as showsFree,
      f.last_fetched_at_ms as lastFetchedAtMs, f.recorded_through_ms as recordedThroughMs,
      a.id, a.patient_id as patientId, a.status, a.version, a.starts_at_ms as startsAtMs, a.ends_at_ms as endsAtMs,
      a.time_zone as timeZone, a.mode, a.created_at_ms as createdAtMs, a.updated_at_ms as updatedAtMs,
      doctor.full_name as doctorName, coalesce(patient.full_name, dependant.full_name) as patientName,
      clinic.name as clinicName, clinic.address || ', ' || clinic.city as clinicAddress
    from calendar_feeds f
    join accounts owner on owner.id = f.account_id and owner.role = f.kind and owner.deactivated_at_ms is null
    left join appointments a on ${whose[kind]}
      and a.starts_at_ms >= ${window.fromMs} and a.starts_at_ms < ${window.untilMs}
      and (a.status in ('confirmed', 'completed', 'no_show')
        or (a.status in ('pending', 'awaiting_approval') and a.expires_at_ms > ${nowMs})
        or (a.status in ('cancelled', 'rejected') and a.updated_at_ms > ${window.keptSinceMs}))
    left join doctors doctor on doctor.id = a.doctor_id
    left join accounts patient on patient.id = a.patient_id
    left join dependants dependant on dependant.id = a.patient_id
    left join clinics clinic on clinic.id = a.clinic_id
    where f.token_hash = ${hash} and f.kind = ${kind}
    order by a.starts_at_ms, a.id
    limit ${maxShown}`);
  const [first] = rows;
  if (first === undefined) return null;
  const { feedId, ownerId, label, privacy, showsFree, lastFetchedAtMs, recordedThroughMs } = first;
  return {
    feed: { id: feedId, ownerId, label, privacy, showsFree: showsFree === 1, lastFetchedAtMs, recordedThroughMs },
    appointments: rows.filter((row): row is Row & { readonly id: string } => row.id !== null),
  };
};

/** Whose appointments a feed shows: a doctor's, or those of a patient and of everybody for whom the patient books. */
const whose: Readonly<Record<FeedKind, SQL>> = {
  doctor: sql`a.doctor_id = f.account_id`,
  patient: sql`a.patient_id in (select f.account_id union all
    select id from dependants where guardian_id = f.account_id and removed_at_ms is null)`,
};
