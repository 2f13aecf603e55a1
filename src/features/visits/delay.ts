import { and, eq, gt, gte, isNull, lt, or, sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { appointments, doctorDelays, doctors, visits } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import type { LocalDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { localDateOf } from '../../domain/zoned-time.ts';
import { tellPatients } from '../../notifications/tell.ts';
import { itsVisit } from '../../patients/called.ts';
import { auditStatement } from '../audit/record.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Below this nobody is told: it is no more than a slot that runs over. */
const worthTellingMinutes = 5;
/** Of so many numbers a patient is told for one visit; who looks at the queue sees the newest. */
const maxTold = 5;

/** The local date that a doctor lives in at an instant; `null` when there is no such doctor. */
export const todayOf = async (env: Env, doctorId: string, nowMs: number): Promise<LocalDate | null> => {
  const [doctor] = await database(env.DB)
    .select({ timeZone: doctors.timeZone })
    .from(doctors)
    .where(eq(doctors.id, doctorId));
  return doctor === undefined ? null : localDateOf(nowMs, doctor.timeZone);
};

/**
 * Says how late a doctor is today, in minutes; 0 for on time again. The patients of today who have not been called in are
 * told, each once for each number and of five numbers at most; of less than five minutes nobody is. Refuses with `not_found`.
 */
export const sayDelay = async (
  env: Env,
  doctorId: string,
  minutes: number,
  actor: Principal,
  nowMs: number,
): Promise<Result<{ doctorId: string; date: LocalDate; minutes: number }, Refusal>> => {
  const date = await todayOf(env, doctorId, nowMs);
  if (date === null) return refused(refusal('not_found'));
  const db = database(env.DB);
  const row = { doctorId, date, minutes, saidAtMs: nowMs };
  await db.batch([
    db
      .insert(doctorDelays)
      .values(row)
      .onConflictDoUpdate({ target: [doctorDelays.doctorId, doctorDelays.date], set: row }),
    auditStatement(db, {
      stream: `doctor:${doctorId}`,
      actor,
      action: 'doctor.delay_said',
      subjectId: null,
      data: { date, minutes },
      atMs: nowMs,
    }),
  ]);
  if (minutes >= worthTellingMinutes) {
    const appointmentIds = await stillToCome(env, doctorId, date, minutes, nowMs);
    await tellPatients(env, { kind: 'running_late', appointmentIds, minutes, causedBy: 'doctor' }, nowMs);
  }
  return ok({ doctorId, date, minutes });
};

/** Those of a day who have not been called in, whose turn, as late as it is, has not passed, and who may be told more. */
const stillToCome = async (
  env: Env,
  doctorId: string,
  date: LocalDate,
  minutes: number,
  nowMs: number,
): Promise<string[]> => {
  const rows = await database(env.DB)
    .select({ id: appointments.id })
    .from(appointments)
    .leftJoin(visits, itsVisit)
    .where(
      and(
        eq(appointments.doctorId, doctorId),
        gte(appointments.startsAtMs, nowMs - minutes * minuteMs),
        lt(appointments.startsAtMs, nowMs + dayMs),
        eq(appointments.date, date),
        eq(appointments.status, 'confirmed'),
        or(isNull(visits.appointmentId), isNull(visits.calledAtMs), gt(visits.calledAtMs, nowMs)),
        sql`(select count(distinct n.offset_minutes) from notifications n where n.subject_id = ${appointments.id}
          and n.kind = 'running_late' and n.starts_at_ms = ${appointments.startsAtMs}) < ${maxTold}`,
      ),
    );
  return rows.map(({ id }) => id);
};
