import type { z } from '@hono/zod-openapi';
import { and, asc, eq, gte, inArray, lt } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { appointments, doctorDelays, visits } from '../../db/schema.ts';
import { may, type Principal } from '../../domain/access.ts';
import type { DayKey } from '../../domain/ids.ts';
import { addDays } from '../../domain/local-date.ts';
import { aheadOf, inTurn, type Waiting } from '../../domain/visits/queue.ts';
import { startOfDayMs } from '../../domain/zoned-time.ts';
import { itsVisit } from '../../patients/called.ts';
import { namesOf } from '../../patients/names.ts';
import { presentRows } from './check-in.ts';
import type { VisitedAppointment } from './found.ts';
import type { queueSchema, standingSchema } from './schema.ts';

/** More than a day can hold. */
const maxOfDay = 1_000;

/** The visits of a day that take place, by D1, in the order of their times. */
const visitsOf = (db: Database, { doctorId, date }: DayKey) =>
  db
    .select({
      id: appointments.id,
      doctorId: appointments.doctorId,
      patientId: appointments.patientId,
      clinicId: appointments.clinicId,
      startsAtMs: appointments.startsAtMs,
      status: appointments.status,
      mode: appointments.mode,
      priority: appointments.priority,
      checkedInAtMs: visits.checkedInAtMs,
      calledAtMs: visits.calledAtMs,
    })
    .from(appointments)
    .leftJoin(visits, itsVisit)
    .where(
      and(
        eq(appointments.doctorId, doctorId),
        // A day more on either side holds the date in every zone.
        gte(appointments.startsAtMs, startOfDayMs(addDays(date, -1), 'UTC')),
        lt(appointments.startsAtMs, startOfDayMs(addDays(date, 2), 'UTC')),
        eq(appointments.date, date),
        inArray(appointments.status, ['confirmed', 'completed', 'no_show']),
      ),
    )
    .orderBy(asc(appointments.startsAtMs), asc(appointments.id))
    .limit(maxOfDay);

type Row = Awaited<ReturnType<typeof visitsOf>>[number];

const waitingOf = (rows: readonly Row[]): Waiting[] =>
  rows.flatMap(({ id, startsAtMs, status, priority, checkedInAtMs, calledAtMs }) =>
    checkedInAtMs === null || calledAtMs !== null || status !== 'confirmed'
      ? []
      : [{ appointmentId: id, startsAtMs, checkedInAtMs, isEmergency: priority === 'emergency' }],
  );

/** How late a doctor is on a day, minutes; no row is not late. */
const delayOn = (db: Database, { doctorId, date }: DayKey) =>
  db
    .select({ minutes: doctorDelays.minutes })
    .from(doctorDelays)
    .where(and(eq(doctorDelays.doctorId, doctorId), eq(doctorDelays.date, date)));

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Where the patient of an appointment stands in the queue. */
export const standing = async (
  db: Database,
  appointment: VisitedAppointment,
): Promise<z.input<typeof standingSchema>> => {
  const [rows, [delay], [visit]] = await db.batch([
    visitsOf(db, appointment),
    delayOn(db, appointment),
    presentRows(db, appointment),
  ]);
  return {
    appointmentId: appointment.id,
    checkedInAt: iso(visit?.checkedInAtMs ?? null),
    calledAt: iso(visit?.calledAtMs ?? null),
    ahead: aheadOf(waitingOf(rows), appointment.id),
    delayMinutes: delay?.minutes ?? 0,
  };
};

const stateOf = (row: Row): 'expected' | 'waiting' | 'called_in' | 'completed' | 'no_show' => {
  if (row.status === 'completed' || row.status === 'no_show') return row.status;
  if (row.checkedInAtMs === null) return 'expected';
  return row.calledAtMs === null ? 'waiting' : 'called_in';
};

/**
 * A doctor's day as somebody at the desk sees it: those who wait first, in their turn, then everybody else by time. Whom
 * they may not see is counted in the turns of the others, and nothing more.
 */
export const queueOf = async (
  db: Database,
  day: DayKey,
  principal: Principal,
): Promise<z.input<typeof queueSchema>> => {
  const [rows, [delay]] = await db.batch([visitsOf(db, day), delayOn(db, day)]);
  const seen = rows.filter((row) => may(principal, 'visit.read_queue', row));
  const names = await namesOf(
    db,
    seen.map(({ patientId }) => patientId),
  );
  const turns = new Map(inTurn(waitingOf(rows)).map(({ appointmentId }, i) => [appointmentId, i]));
  const turnOf = ({ id }: Row): number => turns.get(id) ?? rows.length;
  const items = seen
    .toSorted((a, b) => turnOf(a) - turnOf(b))
    .map((row) => ({
      appointmentId: row.id,
      patientId: row.patientId,
      patientName: names.get(row.patientId) ?? null,
      startsAt: new Date(row.startsAtMs).toISOString(),
      mode: row.mode,
      clinicId: row.clinicId,
      state: stateOf(row),
      checkedInAt: iso(row.checkedInAtMs),
      calledAt: iso(row.calledAtMs),
      ahead: turns.get(row.id) ?? null,
    }));
  return { doctorId: day.doctorId, date: day.date, delayMinutes: delay?.minutes ?? 0, items };
};
