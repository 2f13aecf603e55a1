import type { z } from '@hono/zod-openapi';
import { and, desc, eq, getTableColumns, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listOf } from '../../db/doctor-listing.ts';
import { doctors, followUps } from '../../db/schema.ts';
import { loadCalendars } from '../../doctor-days/availability-query.ts';
import type { Principal } from '../../domain/access.ts';
import { bookableFromMs, freeSlots } from '../../domain/availability.ts';
import { slotId } from '../../domain/ids.ts';
import { addDays, datesBetween, type LocalDate } from '../../domain/local-date.ts';
import { planDay } from '../../domain/schedule-plan.ts';
import { bookingWindow, localDateOf } from '../../domain/zoned-time.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { type FollowUp, notePlace } from './follow-ups.ts';
import type { followUpPositionSchema, followUpSchema, followUpWithSlotsSchema } from './schema.ts';

/** How many times a proposal shows. */
const maxSlots = 3;

const known = {
  ...getTableColumns(followUps),
  timeZone: doctors.timeZone,
  /** An appointment of the two from its first date on, made later and for a later time. */
  booked: sql<number>`exists (select 1 from appointments a join appointments v on v.id = ${followUps.appointmentId}
    where a.patient_id = ${followUps.patientId} and a.starts_at_ms > v.starts_at_ms and a.doctor_id = ${followUps.doctorId}
      and a.date >= ${followUps.from}
      and a.created_at_ms >= ${followUps.createdAtMs} and a.status in ('awaiting_approval', 'confirmed', 'completed'))`.as(
    'booked',
  ),
};
/** A proposal with what its state follows from. */
export type KnownFollowUp = FollowUp & { readonly timeZone: string; readonly booked: number };

const knownRows = (db: Database) =>
  db.select(known).from(followUps).innerJoin(doctors, eq(doctors.id, followUps.doctorId)).$dynamic();

const stateOf = (
  { booked, endedAtMs, to, timeZone }: KnownFollowUp,
  nowMs: number,
): 'open' | 'booked' | 'ended' | 'lapsed' => {
  if (booked === 1) return 'booked';
  if (endedAtMs !== null) return 'ended';
  return to < localDateOf(nowMs, timeZone) ? 'lapsed' : 'open';
};

const viewOf = async (sealing: Sealing, row: KnownFollowUp, nowMs: number): Promise<z.input<typeof followUpSchema>> => {
  const { id, appointmentId, doctorId, patientId, from, to, note, createdAtMs } = row;
  return {
    ...{ id, appointmentId, doctorId, patientId, from, to },
    note: await sealing.openFor(patientId, notePlace(id), note),
    state: stateOf(row, nowMs),
    createdAt: new Date(createdAtMs).toISOString(),
  };
};

/** A proposal by its id; `undefined` of none. */
export const knownFollowUp = async (db: Database, id: string): Promise<KnownFollowUp | undefined> =>
  (await knownRows(db).where(eq(followUps.id, id)))[0];

/** The proposal of a visit that neither side has ended: one row, or none. */
export const followUpOfVisit = (db: Database, appointmentId: string) =>
  knownRows(db).where(and(eq(followUps.appointmentId, appointmentId), isNull(followUps.endedAtMs)));

/** A proposal, with the first times that are free just now. */
export const followUpView = async (
  db: Database,
  sealing: Sealing,
  row: KnownFollowUp,
  nowMs: number,
): Promise<z.input<typeof followUpWithSlotsSchema>> => {
  const view = await viewOf(sealing, row, nowMs);
  return { ...view, slots: view.state === 'open' ? await slotsFor(db, row, nowMs) : [] };
};

/** The proposals that a principal made, or that were made to the principal and their dependants, newest first. */
export const followUpRows = (
  db: Database,
  { id, role, dependantIds }: Principal,
  after: z.output<typeof followUpPositionSchema> | null,
  limit: number,
): Promise<KnownFollowUp[]> =>
  knownRows(db)
    .where(
      and(
        role === 'doctor' ? eq(followUps.doctorId, id) : inArray(followUps.patientId, listOf([id, ...dependantIds])),
        after === null
          ? undefined
          : or(
              lt(followUps.createdAtMs, after.createdAtMs),
              and(eq(followUps.createdAtMs, after.createdAtMs), lt(followUps.id, after.id)),
            ),
      ),
    )
    .orderBy(desc(followUps.createdAtMs), desc(followUps.id))
    .limit(limit + 1);

/** A page of them as they are shown. */
export const followUpViews = async (sealing: Sealing, rows: readonly KnownFollowUp[], nowMs: number) => {
  await sealing.load(rows.map(({ patientId }) => patientId));
  return Promise.all(rows.map((row) => viewOf(sealing, row, nowMs)));
};

const slotsFor = async (db: Database, { doctorId, from, to }: FollowUp, nowMs: number) => {
  const range = { from: addDays(from as LocalDate, -1), to: addDays(to as LocalDate, 1) };
  const calendar = (await loadCalendars(db, [doctorId], range, nowMs)).get(doctorId);
  if (calendar === undefined || !calendar.schedule.bookable) return [];
  const { schedule, live } = calendar;
  const window = bookingWindow(schedule, nowMs);
  const fromMs = bookableFromMs(schedule, nowMs);
  const found: z.input<typeof followUpWithSlotsSchema>['slots'] = [];
  for (const date of datesBetween(from as LocalDate, to as LocalDate)) {
    if (date < window.from || date > window.to) continue;
    for (const slot of freeSlots(planDay(schedule, date), live, fromMs)) {
      const startsAt = new Date(slot.startsAtMs).toISOString();
      const { mode, clinicId } = slot;
      found.push({ id: slotId({ doctorId, date }, slot.startsAtMs), startsAt, mode, clinicId });
      if (found.length === maxSlots) return found;
    }
  }
  return found;
};
