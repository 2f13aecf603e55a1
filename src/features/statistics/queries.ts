import type { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { verificationStates } from '../../db/schema.ts';
import { roles } from '../../domain/access.ts';
import type { Status } from '../../domain/doctor-day/appointment.ts';
import { statuses } from '../../domain/doctor-day/status.ts';
import { addDays, datesBetween } from '../../domain/local-date.ts';
import { startOfDayMs } from '../../domain/zoned-time.ts';
import type { StatisticsQuery, statisticsSchema } from './schema.ts';

/** Appointments of one date that have one status and one currency. */
interface Group {
  readonly date: string;
  readonly status: Status;
  readonly currency: string;
  readonly count: number;
  readonly feeMinor: number;
}

/** A hold whose time is up counts as expired, whether or not its day has written that down. */
const statusNow = (nowMs: number) => sql`case
  when a.status in ('pending', 'awaiting_approval') and a.expires_at_ms <= ${nowMs} then 'expired' else a.status end`;

/**
 * Counts everything anew from the rows themselves, along the index by start and no further than the range: so the
 * numbers are right as soon as an appointment has moved, or a day has been projected again.
 */
export const statistics = async (
  db: Database,
  query: StatisticsQuery,
  nowMs: number,
): Promise<z.input<typeof statisticsSchema>> => {
  const { from, to, timeZone } = query;
  const dates = datesBetween(from, to);
  const days = dates.map((date) => ({
    date,
    fromMs: startOfDayMs(date, timeZone),
    toMs: startOfDayMs(addDays(date, 1), timeZone),
  }));
  const [groups, users, seats] = await Promise.all([
    db.all<Group>(sql`
      select d.value ->> '$.date' as date, ${statusNow(nowMs)} as status, a.currency as currency, count(*) as count,
        sum(a.fee_minor) as "feeMinor"
      from json_each(${JSON.stringify(days)}) d cross join appointments a indexed by appointments_by_start
        on a.starts_at_ms >= (d.value ->> '$.fromMs') and a.starts_at_ms < (d.value ->> '$.toMs')
      group by 1, 2, 3`),
    db.all<{ kind: string; name: string; count: number }>(sql`
      select 'role' as kind, role as name, count(*) as count from accounts group by role
      union all select 'verification', verification, count(*) from doctors group by verification
      union all select 'deactivated', 'deactivated', count(*) from accounts where deactivated_at_ms is not null`),
    seatsToCome(db, query, nowMs),
  ]);
  const visits = countOf(groups, 'completed') + countOf(groups, 'no_show');
  const counted = (kind: string) => users.filter((row) => row.kind === kind);
  const offered = seats.taken + seats.free;
  return {
    asOf: new Date(nowMs).toISOString(),
    timeZone,
    users: { ...named(roles, counted('role')), ...named(['deactivated'], counted('deactivated')) },
    doctors: named(verificationStates, counted('verification')),
    bookings: {
      ...tally(groups),
      byDay: dates.map((date) => ({ date, ...tally(groups.filter((group) => group.date === date)) })),
    },
    revenue: revenueOf(groups),
    noShowRate: visits === 0 ? null : countOf(groups, 'no_show') / visits,
    fillRate: offered === 0 ? null : seats.taken / offered,
    awaitingApproval: seats.awaiting,
  };
};

/**
 * Seats from now on, on the doctors' own dates: those taken, and those that the search index knows to be free; and
 * requests that wait for an answer, whatever the range.
 */
const seatsToCome = async (
  db: Database,
  { from, to }: StatisticsQuery,
  nowMs: number,
): Promise<{ taken: number; free: number; awaiting: number }> => {
  const [row] = await db.all<{ taken: number; free: number; awaiting: number }>(sql`select
    (select count(*) from appointments a indexed by appointments_by_start
      where a.starts_at_ms > ${nowMs} and a.starts_at_ms >= ${startOfDayMs(addDays(from, -1), 'UTC')}
        and a.starts_at_ms < ${startOfDayMs(addDays(to, 2), 'UTC')} and a.date >= ${from} and a.date <= ${to}
        and a.seat is not null and ${statusNow(nowMs)} <> 'expired') as taken,
    (select coalesce(sum(remaining), 0) from doctor_days
      where remaining > 0 and date >= ${from} and date <= ${to} and last_available_at_ms > ${nowMs}) as free,
    (select count(*) from appointments a indexed by appointments_by_start
      where a.starts_at_ms > ${nowMs} and a.status = 'awaiting_approval' and ${statusNow(nowMs)} <> 'expired') as awaiting`);
  return row ?? { taken: 0, free: 0, awaiting: 0 };
};

const named = <Name extends string>(
  names: readonly Name[],
  rows: readonly { readonly name: string; readonly count: number }[],
): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, rows.find((row) => row.name === name)?.count ?? 0])) as Record<
    Name,
    number
  >;

const countOf = (groups: readonly Group[], status: Status): number =>
  groups.filter((group) => group.status === status).reduce((sum, { count }) => sum + count, 0);

const tally = (groups: readonly Group[]): { total: number; byStatus: Record<Status, number> } => ({
  total: groups.reduce((sum, { count }) => sum + count, 0),
  byStatus: Object.fromEntries(statuses.map((status) => [status, countOf(groups, status)])) as Record<Status, number>,
});

const revenueOf = (
  groups: readonly Group[],
): { currency: string; completedMinor: number; confirmedMinor: number }[] => {
  const paid = Map.groupBy(
    groups.filter(({ status }) => status === 'completed' || status === 'confirmed'),
    ({ currency }) => currency,
  );
  const sum = (rows: readonly Group[], status: Status): number =>
    rows.filter((row) => row.status === status).reduce((total, { feeMinor }) => total + feeMinor, 0);
  return [...paid]
    .map(([currency, rows]) => ({
      currency,
      completedMinor: sum(rows, 'completed'),
      confirmedMinor: sum(rows, 'confirmed'),
    }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
};
