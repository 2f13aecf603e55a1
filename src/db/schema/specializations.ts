import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** What doctors can be specialized in. Their profiles hold the name. */
export const specializations = sqliteTable(
  'specializations',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** The name folded (see `foldedName`): no two are the same. */
    foldedName: text('folded_name').notNull(),
    /** What people call it, by language: BCP 47 primary tags. Among them its name in other languages, the first. */
    synonyms: text('synonyms', { mode: 'json' }).$type<Readonly<Record<string, readonly string[]>>>().notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [uniqueIndex('specializations_folded_name').on(t.foldedName)],
);

/** The folded words of a specialization's name and synonyms: what is searched for by them finds its doctors. */
export const specializationTerms = sqliteTable(
  'specialization_terms',
  {
    /** The name in lower case as SQLite makes it, which is what the index of doctors has. */
    nameLower: text('name_lower').notNull(),
    term: text('term').notNull(),
    /** 1 for a word of the name, 0 of a synonym alone. */
    isName: integer('is_name').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.nameLower, t.term] }),
    index('specialization_terms_by_term').on(t.term, t.nameLower, t.isName),
  ],
);
