import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { database } from '../../db/client.ts';
import { insertRows } from '../../db/insert-rows.ts';
import { doctors, weeklyRules } from '../../db/schema.ts';
import { weeklyRuleOf } from '../../doctor-days/schedule-query.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { overlappingRules } from '../../domain/rule-overlap.ts';
import { commitChange, newId } from './commit.ts';
import { type WeeklySchedule, weeklyScheduleOf } from './queries.ts';
import { kindObjection } from './required-kinds.ts';
import type { NewSchedule, scheduleSchema } from './schema.ts';

type Answer = z.output<typeof scheduleSchema>;

/** A weekly schedule as the API shows it. */
export const scheduleView = ({ doctor, rules }: WeeklySchedule): Answer => ({
  timeZone: doctor.timeZone,
  version: doctor.scheduleVersion,
  minimumNoticeMinutes: doctor.minimumNoticeMinutes,
  bookingWindowDays: doctor.bookingWindowDays,
  approvalRequired: doctor.approvalRequired,
  rules: rules.map(weeklyRuleOf),
});

/**
 * Puts a weekly schedule in the place of the present one. Rules keep the ids that were the doctor's before, others get
 * new ones; settings that are left out stay. Answers the schedule as it is then.
 *
 * Refuses with `not_found`, `rules_overlap` (naming both), `unknown_clinic`, `unknown_resource_kind`, `version_conflict`,
 * and `invalid_request` for another time zone than the doctor's.
 *
 * @param expectedVersion the version that the caller has read; `null` when the caller does not care
 */
export const replaceSchedule = async (
  env: Env,
  doctorId: string,
  given: NewSchedule,
  expectedVersion: number | null,
  actor: Principal,
  nowMs: number,
): Promise<Result<Answer, Refusal>> => {
  const present = await weeklyScheduleOf(database(env.DB), doctorId);
  if (present === null) return refused(refusal('not_found'));
  const objection = objectionTo(given, present, expectedVersion);
  if (objection !== null) return refused(objection);

  const kept = new Set(present.rules.map((rule) => rule.id));
  const rules = given.rules.map(({ id, ...rule }) => ({
    ...rule,
    id: id !== undefined && kept.has(id) ? id : newId('r'),
    doctorId,
  }));
  const { minimumNoticeMinutes, bookingWindowDays, approvalRequired } = { ...present.doctor, ...settingsOf(given) };
  const settings = { minimumNoticeMinutes, bookingWindowDays, approvalRequired };
  const expected = expectedVersion ?? given.version;
  const version = await commitChange(
    env,
    {
      doctorId,
      actor,
      action: 'schedule.replaced',
      subjectId: doctorId,
      data: { ...settings, rules: rules.map((rule) => rule.id) },
      onlyIf:
        expected === undefined
          ? undefined
          : sql`exists (select 1 from doctors where id = ${doctorId} and schedule_version = ${expected})`,
      statements: (db) => [
        db.update(doctors).set(settings).where(eq(doctors.id, doctorId)),
        db.delete(weeklyRules).where(eq(weeklyRules.doctorId, doctorId)),
        insertRows(db, weeklyRules, rules),
      ],
    },
    nowMs,
  );
  if (version === null) return refused(refusal('version_conflict'));
  const doctor = { ...present.doctor, ...settings, scheduleVersion: version };
  return ok(scheduleView({ ...present, doctor, rules: rules.toSorted(byWeekday) }));
};

/** Refuses windows in a clinic that is not one of the doctor's, naming it. */
export const clinicObjection = (
  windows: readonly { readonly clinicId: string | null }[],
  clinicIds: readonly string[],
): Refusal | null => {
  const stranger = windows.find(({ clinicId }) => clinicId !== null && !clinicIds.includes(clinicId));
  return stranger === undefined ? null : refusal('unknown_clinic', undefined, { clinicId: stranger.clinicId });
};

/** Why a schedule cannot be put in the place of the present one; `null` when it can. */
export const objectionTo = (
  given: NewSchedule,
  present: WeeklySchedule,
  expectedVersion: number | null,
): Refusal | null => {
  const { timeZone, scheduleVersion } = present.doctor;
  if (given.timeZone !== undefined && given.timeZone !== timeZone) {
    const errors = [{ path: 'timeZone', message: `is ${timeZone}; change it in the profile` }];
    return refusal('invalid_request', undefined, { errors });
  }
  for (const expected of [expectedVersion, given.version ?? null]) {
    if (expected !== null && expected !== scheduleVersion) return refusal('version_conflict');
  }
  const pair = overlappingRules(given.rules);
  if (pair !== null) {
    const [one, other] = pair.map((position) => ({ path: `rules.${position}`, ...windowOf(given.rules[position]) }));
    return refusal('rules_overlap', `${one?.path} and ${other?.path} cover the same time.`, { rules: [one, other] });
  }
  return clinicObjection(given.rules, present.clinicIds) ?? kindObjection('rules', given.rules, kindsKnownTo(present));
};

/** What the clinics have, and what rules ask for already: a schedule that was read may be sent back. */
const kindsKnownTo = ({ kinds, rules }: WeeklySchedule) => [
  ...kinds,
  ...rules.flatMap(({ clinicId, requires }) => (clinicId === null ? [] : requires.map((kind) => ({ clinicId, kind })))),
];

const settingsOf = ({ minimumNoticeMinutes, bookingWindowDays, approvalRequired }: NewSchedule) =>
  Object.fromEntries(
    Object.entries({ minimumNoticeMinutes, bookingWindowDays, approvalRequired }).filter(([, v]) => v !== undefined),
  );

const windowOf = (rule: NewSchedule['rules'][number] | undefined) => ({
  weekday: rule?.weekday,
  start: rule?.start,
  end: rule?.end,
});

interface Placed {
  readonly weekday: number;
  readonly start: string;
  readonly id: string;
}

const byWeekday = (a: Placed, b: Placed): number =>
  a.weekday - b.weekday || (a.start === b.start ? (a.id < b.id ? -1 : 1) : a.start < b.start ? -1 : 1);
