import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { nameWords } from './schema.ts';

/**
 * Writes the words of the name of a new account, as the triggers of migration 0044 do of everything else. A trigger on
 * new accounts would make each cost a walk through every table that refers to accounts without an index.
 */
export const nameWordsStatement = (db: Database, personId: string, fullName: string) =>
  db.insert(nameWords).select(
    sql`select distinct lower(value) as word, ${personId} as person_id
      from json_each('[' || replace(replace(json_quote(${fullName}), '-', ' '), ' ', '","') || ']') where value <> ''`,
  );
