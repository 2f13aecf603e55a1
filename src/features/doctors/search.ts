import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import type { Asked, Facet } from './facets.ts';
import { ratingKey } from './facets.ts';
import type { ListedRow } from './listing.ts';
import { circles, distanceKey, nearestStatement } from './nearness.ts';
import type { SearchQuery } from './schema.ts';
import { soonest } from './soonest.ts';
import { askedRow, scoreOf } from './words.ts';

/** A doctor found: what a list shows of the row itself, and the key that the chosen sort orders by. */
export interface Found extends ListedRow {
  readonly sortKey: string | number;
}

/** Where a page begins: after the doctor with this key and id. */
export interface SearchPosition {
  readonly sort: SearchQuery['sort'];
  readonly key: string | number;
  readonly id: string;
  /** Whether other spellings were looked for, too: all pages of a search do, or none. */
  readonly meant?: boolean | undefined;
  /** Whether the order by relevance was of too many doctors to weigh each. */
  readonly wide?: boolean | undefined;
}

/** A page of a search, with one row more than `limit` when there are more. */
export interface Page {
  readonly rows: readonly Found[];
  readonly wide: boolean;
}

/** A condition that fewer doctors meet than this is looked up first; others are checked on the way along the order. */
const fewDoctors = 2_000;
/** The same of several conditions: many may meet each, and few all of them. */
const fewDoctorsOfSeveral = 20_000;
/** So many doctors are checked one by one, at most; for more, conditions are made into sets where these are short. */
const checked = 200;
/** Doctors looked at along an order, before conditions that many meet are made into sets once and for all. */
const lookedAt = 20_000;
/** The same where the rarest condition is not met by so many that it could not be looked up. */
const glancedAt = 4_000;
/** What a point of relevance counts for, beside which ratings decide. */
const ratingsOfPoint = 10_000;

/**
 * Finds verified doctors who meet every condition, in the order asked for. Either the rarest condition is looked up along
 * its index and its few doctors are sorted, or the order is walked along its index until the page is full: whichever is
 * short. Where many meet every condition the beginning of the order fills the page; where it does not, few meet all, and a
 * third statement finds them. Round a place, one for each circle that is not full.
 */
export const search = async (
  db: Database,
  asked: Asked,
  facets: readonly Facet[],
  after: SearchPosition | null,
  nowMs: number,
): Promise<Page> => {
  // An order by relevance stays what it was on the first page.
  const isBound = after !== null && asked.sort === 'relevance';
  const { rarest, sets, size } = after?.wide === true ? wideWay : await wayOf(db, facets, isBound);
  const statement = (km: number) => searchStatement(asked, facets, rarest, after, nowMs, { km, sets });
  const isLong = rarest === null || (size >= fewDoctors && !isBound);
  if (isLong && facets.length > 1 && asked.sort !== 'distance' && asked.sort !== 'soonest') {
    const within = rarest === null ? lookedAt : glancedAt;
    const begun = searchStatement(asked, facets, null, after, nowMs, { within });
    const rows = await db.all<Found>(begun);
    if (rows.length > asked.limit) return { rows, wide: asked.sort === 'relevance' };
  }
  const wide = asked.sort === 'relevance' && rarest === null;
  const key = typeof after?.key === 'number' ? after.key : null;
  const reaches = asked.sort === 'distance' && rarest === null ? circles(asked.withinKm, key) : [asked.withinKm];
  let rows: Found[] = [];
  for (const km of reaches) {
    rows = await db.all<Found>(statement(km));
    if (rows.length > asked.limit) break;
  }
  return { rows, wide };
};

/** How a search goes about it. */
interface Way {
  /** The facet to look up first, or `null` to walk the order. */
  readonly rarest: Facet | null;
  /** How many meet it, as far as was counted. */
  readonly size: number;
  /** Facets that are made into sets, instead of being checked for each doctor who comes by. */
  readonly sets?: readonly Facet[];
}

const wideWay: Way = { rarest: null, size: fewDoctorsOfSeveral };

/** Chooses by how many meet each condition; counts no further than needed to tell. */
const wayOf = async (db: Database, facets: readonly Facet[], whateverItsSize: boolean): Promise<Way> => {
  if (facets.length === 0) return wideWay;
  const bound = facets.length > 1 ? fewDoctorsOfSeveral : fewDoctors;
  const counts = facets.map(
    ({ members }, i) =>
      sql`(select count(*) from (select 1 from (${members}) limit ${bound})) as ${sql.identifier(`f${i}`)}`,
  );
  const [row] = await db.all<Record<string, number>>(sql`select ${sql.join(counts, sql`, `)}`);
  const sizes = facets.map((facet, i) => ({ facet, size: row?.[`f${i}`] ?? 0 }));
  const rarest = sizes.reduce((a, b) => (b.size < a.size ? b : a));
  if (rarest.size >= bound && !whateverItsSize) return wideWay;
  const few = sizes.filter(({ size }) => rarest.size > checked && size < bound);
  return { rarest: rarest.facet, size: rarest.size, sets: few.map(({ facet }) => facet) };
};

/** The statement of a page. Exported for the tests that read its query plan. */
export const searchStatement = (
  asked: Asked,
  facets: readonly Facet[],
  first: Facet | null,
  after: SearchPosition | null,
  nowMs: number,
  { km = asked.withinKm, within = null, sets }: { km?: number; within?: number | null; sets?: Way['sets'] } = {},
): SQL => {
  const { sort, limit } = asked;
  const isAlone = facets.length === 1;
  const goesFar = first === null && !isAlone && within === null && sort !== 'distance';
  const asSets = sets ?? (goesFar ? facets : []);
  const holds = facets
    .filter((facet) => facet !== first)
    .map((facet) => (asSets.includes(facet) ? sql`d.id in (${facet.members})` : facet.holds));
  const conditions = [sql`d.verified_at_ms is not null`, ...holds];
  if (sort === 'soonest') return soonest(columns, first, conditions, after, limit, nowMs);
  if (sort === 'distance' && asked.near !== undefined) {
    if (first === null) return nearestStatement(asked.near, km, { columns, conditions, after, limit });
    return sorted({ ...ascending, key: distanceKey(asked.near), index: '' }, first, conditions, after, limit);
  }
  if (sort === 'relevance' && first !== null && asked.words.length > 0) {
    const key = sql`cast((${scoreOf(asked.words)}) as integer) * ${ratingsOfPoint} + ${ratingKey}`;
    return sorted({ ...descending, key, index: '' }, first, conditions, after, limit, askedRow(asked.words));
  }
  const order = orders[sort];
  const index =
    sort === 'name' && asked.specialization !== undefined && isAlone ? 'doctors_by_specialization' : order.index;
  return first === null
    ? walked({ ...order, index }, conditions, after, limit, within)
    : sorted(order, first, conditions, after, limit);
};

/** The points of a key of the order by relevance; none where every doctor's words were too many to weigh. */
export const pointsOf = (key: string | number): number => Math.floor(Number(key) / ratingsOfPoint);

const columns = sql`d.id as id, d.full_name as "fullName", d.specialization as specialization,
  d.experience_years as "experienceYears", d.fee_minor as "feeMinor", d.currency as currency, d.time_zone as "timeZone",
  d.gender as gender, d.rating_count as "ratingCount", d.rating_bayes_milli as "ratingBayesMilli"`;

interface Order {
  readonly key: SQL;
  readonly index: string;
  readonly beyond: SQL;
  readonly direction: SQL;
}

const ascending = { beyond: sql`>`, direction: sql`asc` };
const descending = { beyond: sql`<`, direction: sql`desc` };
const byRating: Order = { key: ratingKey, index: 'doctors_by_rating', ...descending };
const orders: Readonly<Record<Exclude<SearchQuery['sort'], 'soonest'>, Order>> = {
  name: { key: sql`d.full_name collate nocase`, index: 'doctors_by_name', ...ascending },
  fee: { key: sql`d.fee_minor`, index: 'doctors_by_fee', ...ascending },
  experience: { key: sql`d.experience_years`, index: 'doctors_by_experience', ...descending },
  rating: byRating,
  relevance: byRating,
  distance: byRating,
};

/**
 * Along the index of the order; with a number, no further than so many doctors (nobody, where there are fewer). `indexed
 * by` keeps the planner, which knows no numbers, to the way that was chosen.
 */
const walked = (
  { key, index, beyond, direction }: Order,
  conditions: readonly SQL[],
  after: SearchPosition | null,
  limit: number,
  within: number | null,
): SQL => {
  const from = sql`doctors d indexed by ${sql.identifier(index)}`;
  const rest = after === null ? [] : [sql`(${key}, d.id) ${beyond} (${after.key}, ${after.id})`];
  const inOrder = sql`order by ${key} ${direction}, d.id ${direction}`;
  const end = sql`select ${key}, d.id from ${from}
    where ${sql.join([sql`d.verified_at_ms is not null`, ...rest], sql` and `)} ${inOrder} limit 1 offset ${within}`;
  // Not beyond the end: as the order goes, the end comes after it.
  const isNear = within === null ? [] : [sql`(${end}) ${beyond} (${key}, d.id)`];
  return sql`select ${columns}, ${key} as "sortKey" from ${from}
    where ${sql.join([...conditions, ...rest, ...isNear], sql` and `)} ${inOrder} limit ${limit + 1}`;
};

/** The few doctors of one condition, sorted. `cross join` keeps the planner to it. */
const sorted = (
  { key, beyond, direction }: Order,
  first: Facet,
  conditions: readonly SQL[],
  after: SearchPosition | null,
  limit: number,
  beside?: SQL,
): SQL => {
  const from = after === null ? sql`` : sql`and ("sortKey", id) ${beyond} (${after.key}, ${after.id})`;
  return sql`with candidates as materialized (
      select ${columns}, ${key} as "sortKey"
      from (select distinct doctor_id from (${first.members})) f cross join doctors d on d.id = f.doctor_id
        ${beside === undefined ? sql`` : sql`cross join ${beside}`}
      where ${sql.join([...conditions], sql` and `)})
    select * from candidates where "sortKey" is not null ${from}
    order by "sortKey" ${direction}, id ${direction} limit ${limit + 1}`;
};
