import { type SQL, sql } from 'drizzle-orm';
import { addDays, utcDate } from '../../domain/local-date.ts';
import type { Facet } from './facets.ts';
import type { SearchPosition } from './search.ts';

/** A doctor-day, from its first slot to its last, is shorter. */
const longestDayMs = 3 * 86_400_000;

/**
 * By the first free slot of the doctor's first day that still has one. Days under way come first, by when they began;
 * all of them are free now.
 */
export const soonest = (
  columns: SQL,
  first: Facet | null,
  conditions: readonly SQL[],
  after: SearchPosition | null,
  limit: number,
  nowMs: number,
): SQL => {
  const since = addDays(utcDate(nowMs), -3);
  const free = (day: string) =>
    sql.raw(`${day}.remaining > 0 and ${day}.last_available_at_ms > `).append(sql`${nowMs}`);
  if (first === null) {
    const position = after ?? { key: nowMs - longestDayMs, id: '' };
    return sql`select ${columns}, a.first_available_at_ms as "sortKey"
      from doctor_days a indexed by doctor_days_soonest cross join doctors d on d.id = a.doctor_id
      where ${free('a')} and (a.first_available_at_ms, a.doctor_id) > (${position.key}, ${position.id})
        and not exists (
          select 1 from doctor_days e
          where e.doctor_id = a.doctor_id and e.date >= ${since} and e.date < a.date and ${free('e')})
        and ${sql.join([...conditions], sql` and `)}
      order by a.first_available_at_ms, a.doctor_id limit ${limit + 1}`;
  }
  const beyond = after === null ? sql`` : sql`and ("sortKey", id) > (${after.key}, ${after.id})`;
  return sql`with candidates as materialized (
      select ${columns}, (
        select a.first_available_at_ms from doctor_days a
        where a.doctor_id = d.id and a.date >= ${since} and ${free('a')} order by a.date limit 1) as "sortKey"
      from (select distinct doctor_id from (${first.members})) f cross join doctors d on d.id = f.doctor_id
      where ${sql.join([...conditions], sql` and `)})
    select * from candidates where "sortKey" is not null ${beyond} order by "sortKey", id limit ${limit + 1}`;
};
