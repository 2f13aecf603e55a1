import { type SQL, sql } from 'drizzle-orm';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { searchTerms } from '../../domain/search-terms.ts';
import type { SearchQuery } from './schema.ts';

/** One condition of a search, in the two ways it can be used. */
export interface Facet {
  /** A query of `doctor_id` for every doctor that meets it, along an index. May repeat doctors and hold unverified ones. */
  readonly members: SQL;
  /** The same as a condition on `doctors d`, one look into an index. */
  readonly holds: SQL;
}

const maxWords = 8;

/** The conditions of a search. */
export const facetsOf = (query: SearchQuery, nowMs: number): Facet[] => [
  ...searchTerms(query.q ?? '')
    .slice(0, maxWords)
    .map(wordFacet),
  ...(query.specialization === undefined ? [] : [specializationFacet(query.specialization)]),
  ...(query.city === undefined ? [] : [cityFacet(query.city)]),
  ...(query.availableOn === undefined ? [] : [dayFacet(query.availableOn, nowMs)]),
  ...(query.mode === undefined ? [] : [modeFacet(query.mode, nowMs)]),
  ...(query.currency === undefined ? [] : [feeFacet(query.currency, query.maxFee ?? null)]),
];

const wordFacet = (word: string): Facet => {
  // No character sorts after the last of Unicode: the range is the words that begin so.
  const begins = sql`term >= ${word} and term < ${`${word}\u{10FFFF}`}`;
  return {
    members: sql`select doctor_id from doctor_terms where ${begins}`,
    holds: sql`exists (select 1 from doctor_terms where doctor_id = d.id and ${begins})`,
  };
};

const specializationFacet = (specialization: string): Facet => ({
  members: sql`select id as doctor_id from doctors where verified_at_ms is not null and lower(specialization) = lower(${specialization})`,
  holds: sql`lower(d.specialization) = lower(${specialization})`,
});

const cityFacet = (city: string): Facet => ({
  members: sql`select dc.doctor_id from clinics c cross join doctor_clinics dc on dc.clinic_id = c.id where lower(c.city) = lower(${city})`,
  // `cross join` keeps the order: from the doctor's few clinics, not from the city's many.
  holds: sql`exists (select 1 from doctor_clinics dc cross join clinics c on c.id = dc.clinic_id where dc.doctor_id = d.id and lower(c.city) = lower(${city}))`,
});

const dayFacet = (date: string, nowMs: number): Facet => {
  const free = sql`remaining > 0 and date = ${date} and last_available_at_ms > ${nowMs}`;
  return {
    members: sql`select doctor_id from doctor_days where ${free}`,
    holds: sql`exists (select 1 from doctor_days where doctor_id = d.id and ${free})`,
  };
};

const modeFacet = (mode: string, nowMs: number): Facet => {
  const { rule, session } = offered(nowMs);
  return {
    members: sql`select doctor_id from weekly_rules where mode = ${mode} and ${rule} union all select doctor_id from extra_sessions where mode = ${mode} and ${session}`,
    holds: sql`(exists (select 1 from weekly_rules where doctor_id = d.id and mode = ${mode} and ${rule}) or exists (select 1 from extra_sessions where doctor_id = d.id and mode = ${mode} and ${session}))`,
  };
};

const feeFacet = (currency: string, maxFeeMinor: number | null): Facet => {
  const limit = (fee: string) => (maxFeeMinor === null ? sql`` : sql`and ${sql.raw(fee)} <= ${maxFeeMinor}`);
  return {
    members: sql`select id as doctor_id from doctors where verified_at_ms is not null and currency = ${currency} ${limit('fee_minor')}`,
    holds: sql`d.currency = ${currency} ${limit('d.fee_minor')}`,
  };
};

/** Which weekly rules and extra sessions still count, whatever the zone: those that have not ended by yesterday. */
export const offered = (nowMs: number): { readonly rule: SQL; readonly session: SQL } => {
  const from = addDays(utcDate(nowMs), -1);
  return {
    rule: sql`(effective_until is null or effective_until >= ${from})`,
    session: sql`date >= ${from}`,
  };
};
