import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { type Facet, facetsOf } from './facets.ts';
import type { SearchQuery } from './schema.ts';

/** A doctor found: what a list shows of the row itself, and the key that the chosen sort orders by. */
export interface Found {
  readonly id: string;
  readonly fullName: string;
  readonly specialization: string;
  readonly experienceYears: number;
  readonly feeMinor: number;
  readonly currency: string;
  readonly timeZone: string;
  readonly ratingCount: number;
  readonly ratingBayesMilli: number | null;
  readonly sortKey: string | number;
}

/** Where a page begins: after the doctor with this key and id. */
export interface SearchPosition {
  readonly sort: SearchQuery['sort'];
  readonly key: string | number;
  readonly id: string;
}

/** A condition that fewer doctors meet than this is looked up first; others are checked on the way along the order. */
const fewDoctors = 2_000;
/** The same along the days: a doctor who meets one condition and not another comes by there once for each day. */
const fewDoctorsAmongDays = 20_000;
/** A doctor-day, from its first slot to its last, is shorter. */
const longestDayMs = 3 * 86_400_000;

/**
 * Finds verified doctors who meet every condition, in the order asked for: one row more than `limit` when there are
 * more. At most two statements. Either the rarest condition is looked up along its index and its few doctors are
 * sorted, or the order is walked along its index until the page is full: whichever is short.
 */
export const search = async (
  db: Database,
  query: SearchQuery,
  after: SearchPosition | null,
  nowMs: number,
): Promise<Found[]> => {
  const facets = facetsOf(query, nowMs);
  const statement = searchStatement(query, facets, await rarestOf(db, query, facets), after, nowMs);
  return db.all<Found>(statement);
};

/** The facet to look up first, or `null` to walk the order. Counts no further than needed to tell. */
const rarestOf = async (db: Database, query: SearchQuery, facets: readonly Facet[]): Promise<Facet | null> => {
  if (facets.length === 0) return null;
  const bound = query.sort === 'soonest' && facets.length > 1 ? fewDoctorsAmongDays : fewDoctors;
  const counts = facets.map(
    ({ members }, i) =>
      sql`(select count(*) from (select 1 from (${members}) limit ${bound})) as ${sql.identifier(`f${i}`)}`,
  );
  const [row] = await db.all<Record<string, number>>(sql`select ${sql.join(counts, sql`, `)}`);
  const sizes = facets.map((facet, i) => ({ facet, size: row?.[`f${i}`] ?? 0 }));
  const rarest = sizes.reduce((a, b) => (b.size < a.size ? b : a));
  return rarest.size < bound ? rarest.facet : null;
};

/** The statement of a page. Exported for the tests that read its query plan. */
export const searchStatement = (
  query: SearchQuery,
  facets: readonly Facet[],
  first: Facet | null,
  after: SearchPosition | null,
  nowMs: number,
): SQL => {
  const holds = facets.filter((facet) => facet !== first).map((facet) => facet.holds);
  const conditions = [sql`d.verified_at_ms is not null`, ...holds];
  if (query.sort === 'soonest') return soonest(first, conditions, after, query.limit, nowMs);
  const order = orders[query.sort];
  const index = query.sort === 'name' && query.specialization !== undefined ? 'doctors_by_specialization' : order.index;
  // `cross join` and `indexed by` keep the planner, which knows no numbers, to the way chosen above.
  const from =
    first === null
      ? sql`doctors d indexed by ${sql.identifier(index)}`
      : sql`(select distinct doctor_id from (${first.members})) f cross join doctors d on d.id = f.doctor_id`;
  if (after !== null) conditions.push(sql`(${order.key}, d.id) ${order.beyond} (${after.key}, ${after.id})`);
  return sql`select ${columns}, ${order.key} as "sortKey" from ${from} where ${sql.join(conditions, sql` and `)}
    order by ${order.key} ${order.direction}, d.id ${order.direction} limit ${query.limit + 1}`;
};

const columns = sql`d.id as id, d.full_name as "fullName", d.specialization as specialization,
  d.experience_years as "experienceYears", d.fee_minor as "feeMinor", d.currency as currency, d.time_zone as "timeZone",
  d.rating_count as "ratingCount", d.rating_bayes_milli as "ratingBayesMilli"`;

const ascending = { beyond: sql`>`, direction: sql`asc` };
const descending = { beyond: sql`<`, direction: sql`desc` };
const orders = {
  name: { key: sql`d.full_name collate nocase`, index: 'doctors_by_name', ...ascending },
  fee: { key: sql`d.fee_minor`, index: 'doctors_by_fee', ...ascending },
  experience: { key: sql`d.experience_years`, index: 'doctors_by_experience', ...descending },
};

/**
 * By the first free slot of the doctor's first day that still has one. Days under way come first, by when they began;
 * all of them are free now.
 */
const soonest = (
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
