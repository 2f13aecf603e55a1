import { type SQL, sql } from 'drizzle-orm';
import type { Facet } from './facets.ts';

/** A word that is searched for, with the words that may have been meant by it. */
export interface SearchWord {
  readonly text: string;
  readonly meant: readonly string[];
}

/** How a term is recognized: what has to come before its table, and the condition on it. */
interface Match {
  readonly source: SQL;
  is(term: string): SQL;
}

/** No character sorts after the last of Unicode: so far the words go that begin so. */
const last = '\u{10FFFF}';
/** None of a word sorts before this: so far one word goes. */
const first = '\u{1}';

/** All that a word may be, as ranges, each with whether it is another word than was typed. */
const rangesOf = ({ text, meant }: SearchWord): string =>
  JSON.stringify([[text, text + last, 0], ...meant.map((word) => [word, word + first, 1])]);

/** A word begins so; or, of the words that may be meant, it is one: then all that it may be are a list of ranges. */
const matchOf = ({ text, meant }: SearchWord): Match => {
  if (meant.length === 0) {
    return { source: sql``, is: (term) => sql`${sql.raw(term)} >= ${text} and ${sql.raw(term)} < ${text + last}` };
  }
  return {
    source: sql`json_each(${rangesOf({ text, meant })}) r cross join `,
    is: (term) => sql`${sql.raw(term)} >= r.value ->> 0 and ${sql.raw(term)} < r.value ->> 1`,
  };
};

/** Doctors who have a word in their name, bio or specialization, or at a clinic. */
export const wordFacet = (word: SearchWord): Facet => {
  const { source, is } = matchOf(word);
  // D1 takes at most five parts of a compound select. The plus takes the column's affinity off: the index of an expression
  // has none, and would not be used.
  return {
    members: sql`select t.doctor_id from ${source}doctor_terms t where ${is('t.term')}
      union all select s.id from ${source}specialization_terms t cross join doctors s
        on lower(s.specialization) = +t.name_lower and s.verified_at_ms is not null where ${is('t.term')}
      union all select dc.doctor_id from ${source}clinic_terms t cross join doctor_clinics dc on dc.clinic_id = t.clinic_id
        where ${is('t.term')}`,
    holds: sql`(exists (select 1 from ${source}doctor_terms t where t.doctor_id = d.id and ${is('t.term')})
      or exists (select 1 from ${source}specialization_terms t
        where t.name_lower = lower(d.specialization) and ${is('t.term')})
      or exists (select 1 from ${source}doctor_clinics dc cross join clinic_terms t on t.clinic_id = dc.clinic_id
        where dc.doctor_id = d.id and ${is('t.term')}))`,
  };
};

/**
 * What a word counts for, by where it stands; the first number for the word itself, the second for one that begins so.
 * A word that was typed otherwise counts half. The API's description of `sort=relevance` repeats these numbers.
 */
const weights = {
  name: [100, 80],
  specialization: [70, 60],
  synonym: [65, 55],
  clinic: [40, 30],
  bio: [20, 10],
} as const;

/**
 * What was asked for, as a row `asked` beside the doctors: a word is named a dozen times below, and D1 takes a hundred
 * parameters a statement.
 */
export const askedRow = (words: readonly SearchWord[]): SQL => {
  const columns = words.map(({ text, meant }, i) => {
    const end = meant.length === 0 ? text + last : rangesOf({ text, meant });
    return sql`${text} as ${sql.raw(`word${i}`)}, ${end} as ${sql.raw(`end${i}`)}`;
  });
  return sql`(select ${sql.join(columns, sql`, `)}) asked`;
};

/** How well a doctor `d` matches the words of {@link askedRow}: for each, what the best of its places counts for. */
export const scoreOf = (words: readonly SearchWord[]): SQL => sql.raw(words.map(bestOf).join(' + '));

const bestOf = ({ meant }: SearchWord, i: number): string => {
  const [word, end] = [`asked.word${i}`, `asked.end${i}`];
  const isMeant = meant.length > 0;
  const source = isMeant ? `json_each(${end}) r cross join ` : '';
  const is = isMeant ? 't.term >= r.value ->> 0 and t.term < r.value ->> 1' : `t.term >= ${word} and t.term < ${end}`;
  const weight = ([whole, begun]: readonly [number, number]): string => {
    const typed = `case when t.term = ${word} then ${whole} else ${begun} end`;
    return isMeant ? `case when r.value ->> 2 = 1 then ${whole / 2} else ${typed} end` : typed;
  };
  return `max(0,
    coalesce((select max(case when t.field = 0 then ${weight(weights.name)} else ${weight(weights.bio)} end)
      from ${source}doctor_terms t where t.doctor_id = d.id and ${is}), 0),
    coalesce((select max(case when t.is_name = 1 then ${weight(weights.specialization)} else ${weight(weights.synonym)} end)
      from ${source}specialization_terms t where t.name_lower = lower(d.specialization) and ${is}), 0),
    coalesce((select max(${weight(weights.clinic)})
      from ${source}doctor_clinics dc cross join clinic_terms t on t.clinic_id = dc.clinic_id
      where dc.doctor_id = d.id and ${is}), 0))`;
};
