import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Every word that search knows, once: of names, specializations and places, without digits, three letters or more.
 * Triggers put it here when it is first used.
 */
export const searchWords = sqliteTable('search_words', { word: text('word').primaryKey() });

/**
 * The deletion neighbourhood of the words: what is left of the first seven letters of each without one letter, or two.
 * A word typed wrong and the word that was meant share one of these. A trigger writes it.
 */
export const searchWordKeys = sqliteTable(
  'search_word_keys',
  { key: text('key').notNull(), word: text('word').notNull() },
  (t) => [primaryKey({ columns: [t.key, t.word] }), index('search_word_keys_of').on(t.word)],
);

/** How often what a cached answer rests on has changed, by tag. Triggers raise it in the change's own transaction. */
export const cacheGenerations = sqliteTable('cache_generations', {
  tag: text('tag').primaryKey(),
  generation: integer('generation').notNull(),
});
