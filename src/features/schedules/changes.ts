import { and, eq, gt, isNotNull, lt, or, sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { doctorDays, doctors } from '../../db/schema.ts';
import { sendForDays, sendToIndex } from '../../doctor-days/queue.ts';
import { isOpenSince, yesterday } from '../../doctor-days/schedule-changes.ts';
import type { LocalDate } from '../../domain/local-date.ts';

const maxDaysASweep = 200;
const doctorsAPage = 1_000;
const openingTtlMs = 86_400_000;

/**
 * Tells opened days again that still show an older schedule than the doctor's, for messages that the queue lost. A
 * bounded number a run, picked at random, so that days which cannot be reached never keep others waiting.
 */
export const sweepStaleDays = async (env: Env, nowMs: number): Promise<number> => {
  const stale = await database(env.DB)
    .select({ doctorId: doctorDays.doctorId, date: sql<LocalDate>`${doctorDays.date}` })
    .from(doctorDays)
    .innerJoin(doctors, eq(doctors.id, doctorDays.doctorId))
    .where(
      and(
        isOpenSince(yesterday(nowMs)),
        lt(doctorDays.scheduleVersion, doctors.scheduleVersion),
        // A day whose object went down between registering and its first commit never projects: give it up after a day.
        or(gt(doctorDays.version, 0), gt(doctorDays.openedAtMs, nowMs - openingTtlMs)),
      ),
    )
    .orderBy(sql`random()`)
    .limit(maxDaysASweep);
  await sendForDays(env.DAY_QUEUE, 'schedule_changed', stale);
  return stale.length;
};

/** Has the search index of every verified doctor computed again, so that it moves on with the calendar; gives their number. */
export const rollIndex = async (env: Env): Promise<number> => {
  const db = database(env.DB);
  let after = '';
  let doctorsTold = 0;
  for (;;) {
    const rows = await db
      .select({ id: doctors.id })
      .from(doctors)
      .where(and(isNotNull(doctors.verifiedAtMs), gt(doctors.id, after)))
      .orderBy(doctors.id)
      .limit(doctorsAPage);
    const last = rows.at(-1);
    if (last === undefined) return doctorsTold;
    await sendToIndex(
      env.DAY_QUEUE,
      rows.map((row) => row.id),
    );
    after = last.id;
    doctorsTold += rows.length;
  }
};
