import { database } from '../../db/client.ts';
import { loadCalendars } from '../../doctor-days/availability-query.ts';
import { bookableFromMs, dayAvailability } from '../../domain/availability.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { planDays } from '../../domain/schedule-plan.ts';
import { bookingWindow } from '../../domain/zoned-time.ts';
import { offeredStatements } from '../../figures/offered.ts';

const widestWindowDays = 365;

/**
 * Computes again what search knows of a doctor's coming days, in a constant number of statements: a row for each date
 * of the booking window, none for other dates or for a doctor who cannot be booked. Days that an object has projected
 * are never touched. A run that has read an older schedule than the doctor's present one writes nothing.
 */
export const indexDoctor = async (env: Env, doctorId: string, nowMs: number): Promise<void> => {
  const today = utcDate(nowMs);
  const range = { from: addDays(today, -1), to: addDays(today, widestWindowDays + 1) };
  const calendar = (await loadCalendars(database(env.DB), [doctorId], range, nowMs)).get(doctorId);
  if (calendar === undefined) return;
  const { schedule, live } = calendar;
  const { from, to } = bookingWindow(schedule, nowMs);
  const fromMs = bookableFromMs(schedule, nowMs);
  const planned = schedule.bookable ? [...planDays(schedule, from, to)] : [];
  const days = JSON.stringify(planned.map(([date, slots]) => ({ date, ...dayAvailability(slots, live, fromMs) })));
  await env.DB.batch([
    ...[writeDays, dropDays].map((statement) => env.DB.prepare(statement).bind(doctorId, schedule.version, days)),
    ...offeredStatements(env.DB, schedule, from, planned),
  ]);
};

const isNewest = 'exists (select 1 from doctors where id = ?1 and schedule_version = ?2)';

/** An opened day has version 0 until its object's first projection lands; till then its numbers may be ours. */
const writeDays = `
  insert into doctor_days (doctor_id, date, schedule_version, remaining, first_available_at_ms, last_available_at_ms)
  select ?1, value ->> '$.date', ?2, value ->> '$.remaining', value ->> '$.firstAvailableAtMs',
    value ->> '$.lastAvailableAtMs'
  from json_each(?3) where ${isNewest}
  on conflict (doctor_id, date) do update set
    schedule_version = iif(doctor_days.opened_at_ms is null, excluded.schedule_version, doctor_days.schedule_version),
    remaining = excluded.remaining,
    first_available_at_ms = excluded.first_available_at_ms,
    last_available_at_ms = excluded.last_available_at_ms
  where doctor_days.version = 0 and doctor_days.cleaned_at_ms is null`;

const dropDays = `
  delete from doctor_days
  where doctor_id = ?1 and opened_at_ms is null and ${isNewest}
    and date not in (select value ->> '$.date' from json_each(?3))`;
