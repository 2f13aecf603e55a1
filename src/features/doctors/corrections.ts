import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { deletions, forgiven, slips } from '../../domain/spelling.ts';
import type { SearchWord } from './words.ts';

/** Words that may have been meant by one. */
const maxMeant = 10;
const maxCandidates = 5_000;

/**
 * Words as they may have been meant: each that begins no known word, with the known words that are the fewest slips away,
 * if that is few enough for its length. Two queries, along the deletion neighbourhoods; how many doctors there are does
 * not matter.
 */
export const meant = async (db: Database, words: readonly string[]): Promise<SearchWord[]> => {
  const known = await knownOf(db, words);
  const keys = words
    .filter((word) => forgiven(word) > 0 && !known.has(word))
    .flatMap((word) => deletions(word).map((key) => [word, key]));
  const found =
    keys.length === 0
      ? []
      : await db.all<{ typed: string; word: string }>(sql`
          select distinct j.value ->> 0 as typed, k.word as word
          from json_each(${JSON.stringify(keys)}) j cross join search_word_keys k on k.key = j.value ->> 1
          limit ${maxCandidates}`);
  return words.map((text) => {
    const near = found
      .filter(({ typed }) => typed === text)
      .map(({ word }) => ({ word, away: slips(text, word) }))
      .filter(({ away }) => away > 0 && away <= forgiven(text));
    const least = Math.min(...near.map(({ away }) => away));
    const closest = near.filter(({ away }) => away === least).map(({ word }) => word);
    return { text, meant: closest.toSorted().slice(0, maxMeant) };
  });
};

/** Those of some words that begin a known one. */
const knownOf = async (db: Database, words: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await db.all<{ word: string }>(sql`
    select j.value as word from json_each(${JSON.stringify(words)}) j
    where exists (select 1 from search_words s where s.word >= j.value and s.word < j.value || ${'\u{10FFFF}'})`);
  return new Set(rows.map(({ word }) => word));
};
