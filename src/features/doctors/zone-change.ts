import { type SQL, sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import type { DayKey } from '../../domain/ids.ts';
import { addDays, type LocalDate, utcDate } from '../../domain/local-date.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { DoctorRow } from './profile.ts';

const freezeMs = 60_000;
/** A commit that D1 takes later than this before the freeze ends does not count. */
const marginMs = 10_000;
const parallel = 8;

/** A doctor's opened days, all frozen and without live appointments. */
export interface DayFreeze {
  readonly dates: readonly LocalDate[];
  readonly untilMs: number;
  /** Ends the freeze early. */
  thaw(): Promise<void>;
}

/**
 * Stops bookings on every opened day of a doctor from yesterday on. Refuses with `zone_change_blocked`, naming days and
 * appointments, when one of them holds a live appointment, and with `temporarily_unavailable` when one does not
 * answer; the others are thawed then.
 */
export const freezeDays = async (env: Env, doctor: DoctorRow): Promise<Result<DayFreeze, Refusal>> => {
  const nowMs = Date.now();
  const untilMs = nowMs + freezeMs;
  const token = crypto.randomUUID();
  const rows = await database(env.DB).all<{ date: LocalDate }>(
    sql`select date from doctor_days where ${openedDays(doctor.id, nowMs)} order by date`,
  );
  const days: DayKey[] = rows.map(({ date }) => ({ doctorId: doctor.id, date }));
  const door = doctorDays(env);
  const thaw = async (frozen: readonly DayKey[]): Promise<void> => {
    // A day that cannot be thawed now thaws by itself when the freeze runs out.
    await eachOf(frozen, (day) => door.thaw(day, token));
  };
  const replies = await eachOf(days, (day) => door.freeze(day, untilMs, token));
  const frozen = days.filter((_, i) => replies[i]?.status === 'fulfilled' && replies[i].value.ok);
  if (frozen.length === days.length) {
    return ok({ dates: rows.map((row) => row.date), untilMs, thaw: () => thaw(frozen) });
  }
  await thaw(days.filter((_, i) => replies[i]?.status === 'rejected' || frozen.includes(days[i] as DayKey)));
  const blocked = days.flatMap((day, i) => {
    const reply = replies[i];
    return reply?.status === 'fulfilled' && !reply.value.ok
      ? [{ date: day.date, appointmentIds: reply.value.refusal.appointmentIds }]
      : [];
  });
  if (blocked.length === 0) return refused(refusal('temporarily_unavailable'));
  return refused(
    refusal('zone_change_blocked', undefined, {
      days: blocked.map((day) => day.date),
      appointments: blocked.flatMap((day) => day.appointmentIds),
    }),
  );
};

/**
 * The condition under which a zone may change, for the transaction that changes it: no day has been opened that is not
 * frozen, and the freeze still holds.
 */
export const notOpenedSince = (doctor: DoctorRow, freeze: DayFreeze): SQL => sql`
  unixepoch('subsec') * 1000 < ${freeze.untilMs - marginMs}
  and not exists (
    select 1 from doctor_days where ${openedDays(doctor.id, freeze.untilMs - freezeMs)}
      and date not in (select value from json_each(${JSON.stringify(freeze.dates)})))`;

/** Days that may hold appointments to come, whatever the zone: opened, not cleaned away, yesterday (UTC) or later. */
const openedDays = (doctorId: string, nowMs: number): SQL =>
  sql`doctor_id = ${doctorId} and opened_at_ms is not null and cleaned_at_ms is null
    and date >= ${addDays(utcDate(nowMs), -1)}`;

/** Does something for each day, a few at a time; a failure of one does not stop the others. */
const eachOf = async <T>(
  days: readonly DayKey[],
  act: (day: DayKey) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> => {
  const results: PromiseSettledResult<T>[] = [];
  for (let i = 0; i < days.length; i += parallel) {
    results.push(...(await Promise.allSettled(days.slice(i, i + parallel).map(async (day) => act(day)))));
  }
  return results;
};
