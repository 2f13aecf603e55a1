import { and, eq, inArray } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { doctorClinics, timeOff } from '../../db/schema.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { loadSchedules } from '../../doctor-days/schedule-query.ts';
import { may, type Principal } from '../../domain/access.ts';
import { addDays, type LocalDate, utcDate } from '../../domain/local-date.ts';
import type { DoctorSchedule } from '../../domain/schedule.ts';
import { explain, slotAt } from '../../domain/why/explain.ts';
import type { DayStanding } from '../../domain/why/facts.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import { whyAnswer } from './why-answer.ts';

/** Days that can have an object: the widest booking window, and a day for zones. */
const maxAheadDays = 367;

/** Whether somebody may be told why a time of a doctor cannot be booked. Where the doctor works decides for staff. */
export const mayBeTold = async (db: Database, principal: Principal, doctorId: string): Promise<boolean> => {
  if (may(principal, 'slot.explain', { doctorId })) return true;
  if (principal.clinicIds.length === 0) return false;
  const rows = await db.select().from(doctorClinics).where(eq(doctorClinics.doctorId, doctorId));
  return may(principal, 'slot.explain', { clinicIds: rows.map(({ clinicId }) => clinicId) });
};

/**
 * Why a time of a doctor can or cannot be booked: by D1's schedule and by what the doctor-day holds at this moment.
 * `null` when there is no such doctor.
 *
 * @param at RFC 3339 with an offset
 */
export const whyOf = async (env: Env, doctorId: string, at: string, reader: Principal, nowMs: number) => {
  const atMs = Date.parse(at);
  const db = database(env.DB);
  // Which date it is there, the doctor's zone says; until it is known, all that it may be are read.
  const near = utcDate(atMs);
  const found = await loadSchedules(db, [doctorId], { from: addDays(near, -1), to: addDays(near, 1) });
  const schedule = found.get(doctorId);
  if (schedule === undefined) return null;
  const date = localDateOf(atMs, schedule.timeZone);
  const standing = await standingOf(env, doctorId, date, nowMs);
  const lacking = await lackingAt(env, schedule, date, atMs, standing);
  const written = /z$/i.test(at) ? null : at.slice(0, 16);
  const explanation = explain(schedule, { atMs, written }, standing, lacking, nowMs);
  const away = explanation.reasons.flatMap((reason) => (reason.code === 'time_off' ? reason.timeOff : []));
  const mayKnow = away.length > 0 && may(reader, 'schedule.read_reasons', { doctorId });
  const reasonsOff = mayKnow
    ? await reasonsOfTimeOff(
        db,
        doctorId,
        away.map(({ id }) => id),
      )
    : null;
  return whyAnswer(explanation, { doctorId, timeZone: schedule.timeZone, atMs, reasonsOff });
};

const standingOf = async (env: Env, doctorId: string, date: LocalDate, nowMs: number): Promise<DayStanding | null> => {
  const today = utcDate(nowMs);
  const isWithinReach = date >= addDays(today, -1) && date <= addDays(today, maxAheadDays);
  return isWithinReach ? doctorDays(env).standing({ doctorId, date }) : null;
};

/** The kind of room or device that is missing. Who is in the slot already shares what is kept for it. */
const lackingAt = async (
  env: Env,
  schedule: DoctorSchedule,
  date: LocalDate,
  atMs: number,
  standing: DayStanding | null,
): Promise<string | null> => {
  const slot = slotAt(schedule, date, atMs);
  if (slot === null || slot.clinicId === null || (slot.requires ?? []).length === 0) return null;
  if (standing?.taken.some(({ startsAtMs }) => startsAtMs === atMs)) return null;
  const { startsAtMs, endsAtMs, requires = [] } = slot;
  return env.CLINIC_RESOURCES.getByName(slot.clinicId).lacking([...requires], { startsAtMs, endsAtMs });
};

const reasonsOfTimeOff = async (db: Database, doctorId: string, ids: readonly string[]) => {
  const rows = await db
    .select({ id: timeOff.id, reason: timeOff.reason })
    .from(timeOff)
    .where(and(eq(timeOff.doctorId, doctorId), inArray(timeOff.id, listOf(ids))));
  return new Map(rows.map(({ id, reason }) => [id, reason]));
};
