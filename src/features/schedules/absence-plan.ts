import type { z } from '@hono/zod-openapi';
import { and, asc, eq, getTableColumns, gt, isNull, lt } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { appointments, doctors, visits } from '../../db/schema.ts';
import { loadCalendars } from '../../doctor-days/availability-query.ts';
import { loadSchedules } from '../../doctor-days/schedule-query.ts';
import { type Displaced, type Substitute, substitutesFor } from '../../domain/absence.ts';
import { may, type Principal } from '../../domain/access.ts';
import { bookableFromMs } from '../../domain/availability.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import { hasRunOut } from '../../domain/doctor-day/status.ts';
import { slotId } from '../../domain/ids.ts';
import { overlaps } from '../../domain/interval.ts';
import { addDays } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { TimeOff } from '../../domain/schedule.ts';
import { awayTimes, closedBy } from '../../domain/schedule-plan.ts';
import { bookingWindow } from '../../domain/zoned-time.ts';
import { itsVisit } from '../../patients/called.ts';
import { namesOf } from '../../patients/names.ts';
import { type absencePlanSchema, maxDisplaced } from './absence-schema.ts';
import type { NewTimeOff } from './schema.ts';
import { seatedWith } from './seated.ts';

/** The longest that an appointment reaches into an absence that began after it, ms: slots last eight hours at most. */
const longestMs = 8 * 3_600_000;

type Row = typeof appointments.$inferSelect;

/** An appointment that is in the way of an absence, and what is proposed to do about it. */
export interface PlannedItem {
  readonly row: Row;
  readonly substitute: Substitute | null;
}

/**
 * Whom an absence would concern, and another slot for each. Refuses with `not_found` (no such doctor), `works_elsewhere`
 * (to staff, of a time that is not their clinics' alone) and `too_many_items`.
 */
export const planAbsence = async (
  env: Env,
  doctorId: string,
  given: NewTimeOff,
  actor: Principal,
  nowMs: number,
): Promise<Result<readonly PlannedItem[], Refusal>> => {
  const db = database(env.DB);
  const [doctor] = await db.select({ timeZone: doctors.timeZone }).from(doctors).where(eq(doctors.id, doctorId));
  if (doctor === undefined) return refused(refusal('not_found'));
  const rows = await displacedBy(db, doctorId, { ...given, id: '' }, doctor.timeZone, nowMs);
  const isTheirs = may(actor, 'absence.manage', { doctorId }) || (await isAtTheirClinics(db, doctorId, given, actor));
  if (!isTheirs || !rows.every((row) => may(actor, 'appointment.reschedule', row))) {
    return refused(refusal('works_elsewhere'));
  }
  if (rows.length > maxDisplaced) {
    return refused(refusal('too_many_items', `At most ${maxDisplaced} appointments at once.`));
  }
  const found = await substitutes(db, doctorId, rows.map(displaced), given, nowMs);
  return ok(rows.map((row) => ({ row, substitute: found.get(row.id) ?? null })));
};

/** Whether all that an absence would close is offered at clinics that the actor works for. */
const isAtTheirClinics = async (
  db: Database,
  doctorId: string,
  given: NewTimeOff,
  actor: Principal,
): Promise<boolean> => {
  // A date more on either side: windows cross midnight.
  const range = { from: addDays(given.from, -1), to: addDays(given.to, 1) };
  const schedule = (await loadSchedules(db, [doctorId], range)).get(doctorId);
  const closed = schedule === undefined ? [] : closedBy(schedule, { ...given, id: '' });
  return closed.every(({ clinicId }) => clinicId !== null && actor.clinicIds.includes(clinicId));
};

/** Another slot for some appointments of a doctor, past an absence that is not stored yet, or is. */
export const substitutes = async (
  db: Database,
  doctorId: string,
  wanting: readonly Displaced[],
  away: NewTimeOff | null,
  nowMs: number,
  without: ReadonlySet<number> = new Set(),
): Promise<ReadonlyMap<string, Substitute>> => {
  const [doctor] = await db.select().from(doctors).where(eq(doctors.id, doctorId));
  if (doctor === undefined || wanting.length === 0) return new Map();
  const window = bookingWindow(doctor, nowMs);
  const calendar = (await loadCalendars(db, [doctorId], window, nowMs)).get(doctorId);
  if (calendar === undefined || !calendar.schedule.bookable) return new Map();
  const { schedule, live } = calendar;
  const timeOff = [...schedule.timeOff, ...(away === null ? [] : [{ ...away, id: '' }])];
  return substitutesFor(wanting, { ...schedule, timeOff }, live, window, bookableFromMs(schedule, nowMs), without);
};

/** An appointment as somebody looks for another slot for it. */
export const displaced = ({ id, patientId, startsAtMs, endsAtMs, mode, clinicId }: Row): Displaced => ({
  ...{ appointmentId: id, patientId, startsAtMs, endsAtMs, mode, clinicId },
});

/** The appointments that stand in an absence, by time: by D1, without holds that have run out. */
const displacedBy = async (
  db: Database,
  doctorId: string,
  off: TimeOff,
  timeZone: string,
  nowMs: number,
): Promise<Row[]> => {
  const away = awayTimes(off, timeZone);
  const [first, last] = [away[0], away.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rows = await db
    .select(getTableColumns(appointments))
    .from(appointments)
    .leftJoin(visits, itsVisit)
    .where(
      and(
        seatedWith(doctorId),
        // Who was called in is with the doctor.
        isNull(visits.calledAtMs),
        gt(appointments.startsAtMs, Math.max(nowMs, first.startsAtMs - longestMs)),
        lt(appointments.startsAtMs, last.endsAtMs),
      ),
    )
    .orderBy(asc(appointments.startsAtMs), asc(appointments.id))
    // One more, so that too many are told from as many as may be.
    .limit(maxDisplaced + 1);
  return rows.filter(
    (row) => away.some((time) => overlaps(time, row)) && !hasRunOut({ ...row, status: row.status as Status }, nowMs),
  );
};

/** A plan as it is shown, with the names of those whom it concerns. */
export const planView = async (
  db: Database,
  doctorId: string,
  items: readonly PlannedItem[],
): Promise<z.input<typeof absencePlanSchema>> => {
  const names = await namesOf(
    db,
    items.map(({ row }) => row.patientId),
  );
  return {
    doctorId,
    items: items.map(({ row, substitute }) => ({
      appointmentId: row.id,
      action: substitute === null ? 'offer' : 'move',
      slotId: slotOf(doctorId, substitute),
      patientId: row.patientId,
      patientName: names.get(row.patientId) ?? null,
      status: row.status,
      startsAt: new Date(row.startsAtMs).toISOString(),
      timeZone: row.timeZone,
      proposedAt: substitute === null ? null : new Date(substitute.startsAtMs).toISOString(),
    })),
  };
};

/** The id of a slot that was found. */
export const slotOf = (doctorId: string, substitute: Substitute | null): string | null =>
  substitute === null ? null : slotId({ doctorId, date: substitute.date }, substitute.startsAtMs);
