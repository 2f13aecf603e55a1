import { type SQL, sql } from 'drizzle-orm';
import { addDays, utcDate } from '../../domain/local-date.ts';
import { searchTerms } from '../../domain/search-terms.ts';
import { nearFacet } from './nearness.ts';
import type { SearchQuery } from './schema.ts';
import { type SearchWord, wordFacet } from './words.ts';

/** One condition of a search, in the two ways it can be used. */
export interface Facet {
  /** A query of `doctor_id` for every doctor that meets it, along an index. May repeat doctors and hold unverified ones. */
  readonly members: SQL;
  /** The same as a condition on `doctors d`, one look into an index. */
  readonly holds: SQL;
}

/** A search, with what had to be looked up for it. */
export interface Asked extends SearchQuery {
  readonly words: readonly SearchWord[];
  /** The path of `locationId`. */
  readonly locationPath: string | null;
}

const maxWords = 8;
const dayMs = 86_400_000;

/** What goes for every doctor, as people type it beside what they look for: “skin doctor”, “heart specialist”. */
const everyDoctor: ReadonlySet<string> = new Set(
  ['doctor doctors dr specialist specialists', 'ডাক্তার ডা ডাঃ চিকিৎসক বিশেষজ্ঞ'].flatMap((words) => searchTerms(words)),
);

/**
 * The words of a query as search compares them, at most eight. Those that go for every doctor are left out where there
 * are others.
 */
export const wordsOf = ({ q = '' }: Pick<SearchQuery, 'q'>): string[] => {
  const words = searchTerms(q);
  const telling = words.filter((word) => !everyDoctor.has(word));
  return (telling.length > 0 ? telling : words).slice(0, maxWords);
};

/** A search as it was typed. */
export const askedOf = (query: SearchQuery, locationPath: string | null = null): Asked => ({
  ...query,
  words: wordsOf(query).map((text) => ({ text, meant: [] })),
  locationPath,
});

/** The conditions of a search. */
export const facetsOf = (asked: Asked, nowMs: number): Facet[] => {
  const { specialization, city, locationPath, availableOn, availableWithin, mode, currency, language, gender } = asked;
  return [
    ...asked.words.map(wordFacet),
    ...(specialization === undefined ? [] : [specializationFacet(specialization)]),
    ...(city === undefined ? [] : [cityFacet(city)]),
    ...(locationPath === null ? [] : [locationFacet(locationPath)]),
    ...(asked.near === undefined ? [] : [nearFacet(asked.near, asked.withinKm)]),
    ...(availableOn === undefined ? [] : [dayFacet(availableOn, nowMs)]),
    ...(availableWithin === undefined ? [] : [daysFacet(availableWithin, nowMs)]),
    ...(mode === undefined ? [] : [modeFacet(mode, nowMs)]),
    ...(currency === undefined ? [] : [feeFacet(currency, asked.minFee ?? null, asked.maxFee ?? null)]),
    ...(language === undefined ? [] : [languageFacet(language)]),
    ...(gender === undefined ? [] : [genderFacet(gender)]),
    ...(asked.minRating === undefined ? [] : [ratingFacet(asked.minRating)]),
  ];
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

const locationFacet = (path: string): Facet => {
  // Every id of a path has a slash behind it, and a zero comes next after it.
  const lies = sql`l.path >= ${path} and l.path < ${`${path.slice(0, -1)}0`}`;
  return {
    members: sql`select dc.doctor_id from locations l cross join clinics c on c.location_id = l.id cross join doctor_clinics dc on dc.clinic_id = c.id where ${lies}`,
    holds: sql`exists (select 1 from doctor_clinics dc cross join clinics c on c.id = dc.clinic_id cross join locations l on l.id = c.location_id where dc.doctor_id = d.id and ${lies})`,
  };
};

const dayFacet = (date: string, nowMs: number): Facet => {
  const free = sql`remaining > 0 and date = ${date} and last_available_at_ms > ${nowMs}`;
  return {
    members: sql`select doctor_id from doctor_days where ${free}`,
    holds: sql`exists (select 1 from doctor_days where doctor_id = d.id and ${free})`,
  };
};

const daysFacet = (days: number, nowMs: number): Facet => {
  const today = utcDate(nowMs);
  // A local date is at most a day from that of UTC.
  const free = (date: string) => sql`remaining > 0
    and ${sql.raw(date)} between ${addDays(today, -1)} and ${addDays(today, days + 1)}
    and last_available_at_ms > ${nowMs} and first_available_at_ms < ${nowMs + days * dayMs}`;
  return {
    members: sql`select doctor_id from doctor_days where ${free('date')}`,
    // The plus keeps the planner to the doctor's own days: the dates are those of everybody.
    holds: sql`exists (select 1 from doctor_days where doctor_id = d.id and ${free('+date')})`,
  };
};

const modeFacet = (mode: string, nowMs: number): Facet => {
  const { rule, session } = offered(nowMs);
  return {
    members: sql`select doctor_id from weekly_rules where mode = ${mode} and ${rule} union all select doctor_id from extra_sessions where mode = ${mode} and ${session}`,
    holds: sql`(exists (select 1 from weekly_rules where doctor_id = d.id and mode = ${mode} and ${rule}) or exists (select 1 from extra_sessions where doctor_id = d.id and mode = ${mode} and ${session}))`,
  };
};

const feeFacet = (currency: string, minFeeMinor: number | null, maxFeeMinor: number | null): Facet => {
  const limits = (fee: string) => sql`${minFeeMinor === null ? sql`` : sql`and ${sql.raw(fee)} >= ${minFeeMinor}`}
    ${maxFeeMinor === null ? sql`` : sql`and ${sql.raw(fee)} <= ${maxFeeMinor}`}`;
  return {
    members: sql`select id as doctor_id from doctors where verified_at_ms is not null and currency = ${currency} ${limits('fee_minor')}`,
    holds: sql`d.currency = ${currency} ${limits('d.fee_minor')}`,
  };
};

const languageFacet = (language: string): Facet => ({
  members: sql`select doctor_id from doctor_languages where language = ${language}`,
  holds: sql`exists (select 1 from doctor_languages where doctor_id = d.id and language = ${language})`,
});

const genderFacet = (gender: string): Facet => ({
  members: sql`select id as doctor_id from doctors where verified_at_ms is not null and gender = ${gender}`,
  holds: sql`d.gender = ${gender}`,
});

const thousandths = (table: string) =>
  sql.raw(`case when ${table}.rating_bayes_milli is null then 0 else ${table}.rating_bayes_milli end`);

/** What an order by rating goes by, as the index has it: doctors without reviews count as 0. */
export const ratingKey = thousandths('d');

const ratingFacet = (stars: number): Facet => ({
  members: sql`select id as doctor_id from doctors r where verified_at_ms is not null and ${thousandths('r')} >= ${Math.round(stars * 1000)}`,
  holds: sql`${ratingKey} >= ${Math.round(stars * 1000)}`,
});

/** Which weekly rules and extra sessions still count, whatever the zone: those that have not ended by yesterday. */
export const offered = (nowMs: number): { readonly rule: SQL; readonly session: SQL } => {
  const from = addDays(utcDate(nowMs), -1);
  return {
    rule: sql`(effective_until is null or effective_until >= ${from})`,
    session: sql`date >= ${from}`,
  };
};
