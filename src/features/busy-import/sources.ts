import { and, asc, eq, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { insertRows } from '../../db/insert-rows.ts';
import { busyDays, calendarSources, doctors } from '../../db/schema.ts';
import { sealedColumn } from '../../db/sealed-column.ts';
import { announceScheduleChange, bumpSchedule } from '../../doctor-days/schedule-changes.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { Settings } from '../../env.ts';
import { auditStatement } from '../audit/record.ts';
import { fetchCalendar } from './fetch-calendar.ts';
import { ownAmong } from './own-appointments.ts';
import { everyMsOf, rowsOf } from './rows.ts';
import { spreadOut } from './spread.ts';
import type { CalendarFault } from './unreadable.ts';

/** Calendars that a doctor may add. */
const maxSources = 5;

export type CalendarSource = typeof calendarSources.$inferSelect;

/** The column that holds a calendar's address. */
export const addressColumn = (settings: Pick<Settings, 'dataKey'>) =>
  sealedColumn(settings.dataKey, 'calendar_sources.address');

/** The calendars of a doctor, the oldest first; there are few. */
export const sourcesOf = (db: Database, doctorId: string): Promise<CalendarSource[]> =>
  db
    .select()
    .from(calendarSources)
    .where(eq(calendarSources.doctorId, doctorId))
    .orderBy(asc(calendarSources.createdAtMs), asc(calendarSources.id));

/**
 * Adds a calendar, once it could be read: so there is no calendar of which nothing is known. Its times are blocked from
 * then on. Refuses with `not_found` (no such doctor), `too_many_items`, and `calendar_unreadable` with the reason.
 *
 * @param given a name for it, and its address: `https` or `webcal`
 */
export const addSource = async (
  env: Env,
  settings: Settings,
  doctorId: string,
  given: { readonly name: string; readonly url: string },
  actor: Principal,
  nowMs: number,
): Promise<Result<CalendarSource, Refusal>> => {
  const db = database(env.DB);
  const [doctor] = await db.select().from(doctors).where(eq(doctors.id, doctorId));
  if (doctor === undefined) return refused(refusal('not_found'));
  if ((await sourcesOf(db, doctorId)).length >= maxSources) return refused(tooMany());
  const address = given.url.replace(/^webcals?:/i, 'https:');
  const fetched = await fetchCalendar(settings, address, null);
  if (fetched.kind !== 'calendar')
    return refused(unreadable(fetched.kind === 'fault' ? fetched.fault : 'server_error'));
  const spreading = await spreadOut(fetched.text, doctor, null, nowMs, ownAmong(db, settings, doctorId));
  if (!spreading.ok) return refused(unreadable(spreading.fault));

  const id = `cs_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
  const everyMs = everyMsOf(spreading.refreshMs);
  const row: CalendarSource = {
    ...{ id, doctorId, name: given.name, host: new URL(address).host },
    address: await addressColumn(settings).seal(id, address),
    ...{ createdAtMs: nowMs, dueAtMs: nowMs + everyMs, everyMs, readAtMs: nowMs },
    ...fetched.validators,
    ...{ spreadUntil: spreading.spread.until, spreadZone: spreading.spread.zone },
    ...{ failingSinceMs: null, failure: null, toldAtMs: null },
  };
  const data = { days: spreading.days.size };
  const fits = sql`(select count(*) from calendar_sources where doctor_id = ${doctorId}) < ${maxSources}`;
  try {
    await db.batch([
      guard(db, fits),
      bumpSchedule(db, doctorId),
      db.insert(calendarSources).values(row),
      insertRows(db, busyDays, rowsOf(row, spreading.days)),
      auditStatement(db, {
        ...{ stream: `doctor:${doctorId}`, actor, action: 'calendar_source.added' },
        ...{ subjectId: id, data, atMs: nowMs },
      }),
    ]);
  } catch (error) {
    if (guardFailed(error)) return refused(tooMany());
    throw error;
  }
  await announceScheduleChange(env, doctorId, nowMs);
  return ok(row);
};

const tooMany = (): Refusal => refusal('too_many_items', `At most ${maxSources} calendars.`);

const unreadable = (reason: CalendarFault): Refusal => refusal('calendar_unreadable', undefined, { reason });

/** Removes a calendar; its times are free at once. Refuses with `not_found`, also when it is another doctor's. */
export const removeSource = async (
  env: Env,
  doctorId: string,
  sourceId: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  const isThere = sql`exists (select 1 from calendar_sources where id = ${sourceId} and doctor_id = ${doctorId})`;
  try {
    await db.batch([
      guard(db, isThere),
      bumpSchedule(db, doctorId),
      db.delete(busyDays).where(and(eq(busyDays.doctorId, doctorId), eq(busyDays.sourceId, sourceId))),
      db.delete(calendarSources).where(eq(calendarSources.id, sourceId)),
      auditStatement(db, {
        ...{ stream: `doctor:${doctorId}`, actor, action: 'calendar_source.removed' },
        ...{ subjectId: sourceId, data: {}, atMs: nowMs },
      }),
    ]);
  } catch (error) {
    if (guardFailed(error)) return refused(refusal('not_found'));
    throw error;
  }
  await announceScheduleChange(env, doctorId, nowMs);
  return ok(null);
};
