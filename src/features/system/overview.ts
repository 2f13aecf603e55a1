import type { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { yesterday } from '../../doctor-days/schedule-changes.ts';
import type { DayKey } from '../../domain/ids.ts';
import { addDays } from '../../domain/local-date.ts';
import type { systemSchema } from './schema.ts';

const many = 10_000;
const some = 1_000;
/** Days asked for the busiest among: no more than a large deployment has open over a few days. */
const candidates = 500;
const each = 10;
const minuteMs = 60_000;
const monthMs = 30 * 86_400_000;

const counted = (limit: number, from: ReturnType<typeof sql>) =>
  sql`(select count(*) from (select 1 from ${from} limit ${limit}))`;

/** How far everything behind the answers has come: what D1 knows, and what twenty of the days themselves say. */
export const overview = async (env: Env, nowMs: number): Promise<z.input<typeof systemSchema>> => {
  const db = database(env.DB);
  const since = yesterday(nowMs);
  const open = sql`opened_at_ms is not null and cleaned_at_ms is null`;
  const ahead = sql`doctor_days d indexed by doctor_days_open`;
  const [[row], asked] = await Promise.all([
    db.all<Counts>(sql`select
      ${counted(many, sql`doctor_days where ${open}`)} as open,
      ${counted(some, sql`${ahead} where ${open} and date >= ${since} and version = 0 and opened_at_ms < ${nowMs - minuteMs}`)}
        as "neverProjected",
      ${counted(
        some,
        sql`${ahead} cross join doctors on doctors.id = d.doctor_id
          where ${open} and d.date >= ${since} and d.schedule_version < doctors.schedule_version`,
      )} as "behindSchedule",
      ${counted(some, sql`projection_quarantine`)} as quarantined,
      ${counted(some, sql`messages where due_at_ms is not null and due_at_ms < ${nowMs - 5 * minuteMs}`)} as overdue,
      ${counted(some, sql`messages where failed_at_ms is not null and failed_at_ms > ${nowMs - monthMs}`)} as "givenUp",
      ${counted(some, sql`dead_letters where retried_at_ms is null`)} as "deadLetters"`),
    db.all<DayKey>(sql`
      select * from (select doctor_id as "doctorId", date from (
        select doctor_id, date, version from ${ahead} where ${open} and date >= ${since} and date <= ${addDays(since, 8)}
        order by date, doctor_id limit ${candidates}) soon
      order by version desc limit ${each}) busiest
      union all select * from (select doctor_id, date from ${ahead} where ${open} and date < ${since}
      order by date, doctor_id limit ${each}) oldest`),
  ]);
  const sample = await Promise.all(asked.map((day) => ask(env, day)));
  const { open: opened = 0, neverProjected = 0, behindSchedule = 0, ...rest } = row ?? {};
  return {
    asOf: new Date(nowMs).toISOString(),
    days: { open: opened, neverProjected, behindSchedule, sample },
    quarantined: rest.quarantined ?? 0,
    messages: { overdue: rest.overdue ?? 0, givenUp: rest.givenUp ?? 0 },
    deadLetters: rest.deadLetters ?? 0,
  };
};

type Counts = Partial<
  Record<'open' | 'neverProjected' | 'behindSchedule' | 'quarantined' | 'overdue' | 'givenUp' | 'deadLetters', number>
>;

/** What a day says of its outbox; a day that does not answer in time says that. */
const ask = async (env: Env, day: DayKey) => {
  const status = await doctorDays(env).statusSoon(day);
  if (status === null) return { ...day, reached: false, owed: null, oldestOwedAt: null };
  const { owed, oldestOwedAtMs } = status;
  return {
    ...day,
    reached: true,
    owed,
    oldestOwedAt: oldestOwedAtMs === null ? null : new Date(oldestOwedAtMs).toISOString(),
  };
};
