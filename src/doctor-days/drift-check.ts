import { sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { toBase64Url } from '../domain/base64url.ts';
import { type DayKey, dayName } from '../domain/ids.ts';
import { addDays } from '../domain/local-date.ts';
import { raiseByClock } from '../http/alerts.ts';
import { describeError, report } from '../http/log.ts';
import { checkDay } from './drift.ts';
import { yesterday } from './schedule-changes.ts';

/** Dates that are looked at, from yesterday on, and open days of each: every one wakes an object and asks D1. */
const dates = 9;
const daysADate = 25;
/** Days that an alert is raised for; of more, the numbers tell. */
const maxAlerts = 5;

/** Open days of a date from a doctor on, and round again from the first: whoever is picked, as many as there are. */
const someOf = (date: string, from: string) => {
  const ofDate = sql`doctor_days indexed by doctor_days_open
    where opened_at_ms is not null and cleaned_at_ms is null and date = ${date}`;
  const part = (condition: ReturnType<typeof sql>) =>
    sql`select * from (select doctor_id as "doctorId", date from ${ofDate} and ${condition}
      order by doctor_id limit ${daysADate})`;
  return sql`${part(sql`doctor_id >= ${from}`)} union all ${part(sql`doctor_id < ${from}`)} limit ${daysADate}`;
};

/**
 * Compares open days around today with what D1 shows of them. On a large deployment it looks at some of each date, from a
 * doctor chosen by chance, so that every night looks at others. What is found is reported and raised by the name of its
 * day, and mended by an admin's repair, not here: drift has a cause that somebody should see first.
 *
 * @param from the doctor to begin with
 */
export const checkForDrift = async (
  env: Env,
  nowMs: number,
  from = `u_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`,
): Promise<{
  readonly checked: number;
  readonly unreached: number;
  readonly drifted: number;
  readonly findings: number;
}> => {
  const db = database(env.DB);
  const first = yesterday(nowMs);
  let [checked, unreached, drifted, findings] = [0, 0, 0, 0];
  for (let i = 0; i < dates; i += 1) {
    for (const day of await db.all<DayKey>(someOf(addDays(first, i), from))) {
      try {
        const found = (await checkDay(env, day)).findings.length;
        checked += 1;
        if (found === 0) continue;
        drifted += 1;
        findings += found;
        report('projection_drift', { day: dayName(day), findings: found });
        if (drifted <= maxAlerts)
          await raiseByClock(env, 'projection.drift', { subjectId: dayName(day), count: found });
      } catch (error) {
        unreached += 1;
        report('day_not_checked', { day: dayName(day), ...describeError(error) });
      }
    }
  }
  return { checked, unreached, drifted, findings };
};
