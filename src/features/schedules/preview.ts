import type { z } from '@hono/zod-openapi';
import { and, asc, gt } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { appointments } from '../../db/schema.ts';
import { loadSchedules } from '../../doctor-days/schedule-query.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { DoctorSchedule, PlannedSlot } from '../../domain/schedule.ts';
import { planDays } from '../../domain/schedule-plan.ts';
import { leftBehind } from '../../domain/schedule-preview.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import { namesOf } from '../../patients/names.ts';
import { maxLookedAt, maxNamed, previewedDays, type schedulePreviewSchema } from './preview-schema.ts';
import { weeklyScheduleOf } from './queries.ts';
import type { NewSchedule } from './schema.ts';
import { seatedWith } from './seated.ts';
import { objectionTo } from './weekly-schedule.ts';

type Answer = z.input<typeof schedulePreviewSchema>;

/** The widest booking window, and a day for zones: nothing is booked beyond it. */
const widestDays = 366;

/**
 * What a weekly schedule would offer, and whose appointments it would leave outside. Changes nothing. Refuses as
 * replacing it would: `not_found`, `rules_overlap`, `unknown_clinic`, `unknown_resource_kind`, `version_conflict`.
 */
export const previewSchedule = async (
  env: Env,
  doctorId: string,
  given: NewSchedule,
  nowMs: number,
): Promise<Result<Answer, Refusal>> => {
  const db = database(env.DB);
  const weekly = await weeklyScheduleOf(db, doctorId);
  if (weekly === null) return refused(refusal('not_found'));
  const objection = objectionTo(given, weekly, null);
  if (objection !== null) return refused(objection);
  const today = localDateOf(nowMs, weekly.doctor.timeZone);
  const range = { from: addDays(utcDate(nowMs), -1), to: addDays(utcDate(nowMs), widestDays) };
  const [schedules, rows] = await Promise.all([
    loadSchedules(db, [doctorId], range),
    db
      .select()
      .from(appointments)
      .where(and(seatedWith(doctorId), gt(appointments.startsAtMs, nowMs)))
      .orderBy(asc(appointments.startsAtMs), asc(appointments.id))
      .limit(maxLookedAt),
  ]);
  const present = schedules.get(doctorId);
  if (present === undefined) return refused(refusal('not_found'));
  const rules = given.rules.map((rule, i) => ({ ...rule, id: rule.id ?? `new-${i}` }));
  const wanted: DoctorSchedule = { ...present, rules };
  const seated = rows.flatMap((row) => (row.seat === null ? [] : [{ ...row, seat: row.seat }]));
  const touched = leftBehind(present, wanted, seated);
  const named = touched.slice(0, maxNamed);
  const names = await namesOf(
    db,
    named.map(({ patientId }) => patientId),
  );
  const until = addDays(today, previewedDays - 1);
  const days = planDays(wanted, today, until);
  return ok({
    doctorId,
    timeZone: present.timeZone,
    days: [...days].map(([date, slots]) => ({ date, slots: slots.map(slotView) })),
    slotsBefore: count(planDays(present, today, until)),
    slotsAfter: count(days),
    touched: touched.length,
    appointments: named.map(({ id, patientId, status, startsAtMs, timeZone }) => ({
      ...{ appointmentId: id, patientId, patientName: names.get(patientId) ?? null, status, timeZone },
      startsAt: new Date(startsAtMs).toISOString(),
    })),
  });
};

const count = (days: ReadonlyMap<string, readonly PlannedSlot[]>): number =>
  [...days.values()].reduce((sum, slots) => sum + slots.length, 0);

const slotView = ({ startsAtMs, endsAtMs, capacity, mode, clinicId }: PlannedSlot) => ({
  ...{ capacity, mode, clinicId },
  startsAt: new Date(startsAtMs).toISOString(),
  endsAt: new Date(endsAtMs).toISOString(),
});
