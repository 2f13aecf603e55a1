import { inArray, sql } from 'drizzle-orm';
import { keyedCalendarUid } from '../../calendar/keyed-uid.ts';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { auditEvents } from '../../db/schema.ts';
import { dayStream } from '../../domain/audit-chain.ts';
import { appointmentOfUid } from '../../domain/ids.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import type { Settings } from '../../env.ts';
import type { Taken } from './read-calendar.ts';

/** More than a doctor has in a booking window; what is beyond stays busy. */
const maxHidden = 5_000;
const hiddenForm = /^[\w-]{32}@daybook$/;

/**
 * Finds what Daybook itself has put into a doctor's calendar: the UIDs of appointments that are, or once were, with this
 * doctor. Every other UID is not among them, so that what it takes stays taken.
 */
export const ownAmong =
  (db: Database, { dataKey }: Pick<Settings, 'dataKey'>, doctorId: string) =>
  async (taken: readonly Taken[]): Promise<ReadonlySet<string>> => {
    const ids = new Map(taken.flatMap(({ uid }) => plain(uid)));
    const hidden = taken.filter(({ uid }) => uid !== null && hiddenForm.test(uid));
    const own = await ownIds(db, doctorId, [...ids.keys()]);
    const near = await idsNear(db, doctorId, hidden);
    return new Set([
      ...own.flatMap((id) => ids.get(id) ?? []),
      ...(await Promise.all(near.map((id) => keyedCalendarUid(dataKey, id)))),
    ]);
  };

const plain = (uid: string | null): (readonly [id: string, uid: string])[] => {
  const id = uid === null ? null : appointmentOfUid(uid);
  return uid === null || id === null ? [] : [[id, uid]];
};

/**
 * Which of some appointments have an event in a day of the doctor's. The text of an id would not do: it names the doctor
 * with whom it was booked first, and anybody can write it.
 */
const ownIds = async (db: Database, doctorId: string, ids: readonly string[]): Promise<string[]> => {
  if (ids.length === 0) return [];
  // `0` is what comes after `/`: every stream of a day of this doctor's, and no other.
  const rows = await db.all<{ id: string }>(sql`
    select asked.value as id from json_each(${JSON.stringify(ids)}) asked
    where exists (select 1 from audit_events
      where subject_id = asked.value and stream > ${`day:${doctorId}/`} and stream < ${`day:${doctorId}0`})`);
  return rows.map(({ id }) => id);
};

/**
 * A hidden UID leads to no id. But of an appointment that was ever there, the doctor's day has an event: so these are the
 * appointments that one can be made from.
 */
const idsNear = async (db: Database, doctorId: string, times: readonly Taken[]): Promise<string[]> => {
  if (times.length === 0) return [];
  const dates = times.map(({ startsAtMs }) => utcDate(startsAtMs));
  const around = new Set(dates.flatMap((date) => [addDays(date, -1), date, addDays(date, 1)]));
  const streams = [...around].map((date) => dayStream({ doctorId, date }));
  const rows = await db
    .selectDistinct({ id: auditEvents.subjectId })
    .from(auditEvents)
    .where(inArray(auditEvents.stream, listOf(streams)))
    .limit(maxHidden);
  return rows.flatMap(({ id }) => id ?? []);
};
