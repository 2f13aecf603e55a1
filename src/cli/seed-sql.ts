import type { LocationRow } from '../domain/location-seed.ts';
import { foldedName, searchTerms } from '../domain/search-terms.ts';
import { sqlText } from './admin-account.ts';

/** D1 takes 100 KB of SQL a statement; letters of India are three bytes each. */
const rowsAtOnce = 150;

const inParts = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, i) =>
    rows.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
  );

/**
 * Statements that bring the locations of a country to what a file says. What is there already keeps its id; places that
 * the file no longer has stay, for clinics may lie in them.
 */
export const locationSql = (rows: readonly LocationRow[]): string[] => {
  const places = inParts(
    rows.map(({ names: _, ...row }) => [
      ...[row.id, row.parentId, row.level, row.country, row.code, row.name, row.localName, row.foldedName, row.path],
    ]),
  ).map(
    (part) => `INSERT INTO locations (id, parent_id, level, country, code, name, local_name, folded_name, path)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
FROM json_each(${sqlText(JSON.stringify(part))}) WHERE true
ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, level = excluded.level, code = excluded.code,
name = excluded.name, local_name = excluded.local_name, folded_name = excluded.folded_name, path = excluded.path`,
  );
  const names = inParts(rows.map(({ id, names: found }) => [id, found])).map(
    (part) => `INSERT OR IGNORE INTO location_names (location_id, folded)
SELECT l.value ->> 0, n.value FROM json_each(${sqlText(JSON.stringify(part))}) l, json_each(l.value -> 1) n`,
  );
  return [...places, ...names];
};

/** A specialization as the seed file has it. */
export interface SpecializationSeed {
  readonly name: string;
  readonly en: readonly string[];
  readonly bn: readonly string[];
}

/** Statements that enter the specializations of the seed file into an empty list. */
export const specializationSql = (seeds: readonly SpecializationSeed[]): string[] => {
  const rows = seeds.map(({ name, en, bn }) => [
    `z_${foldedName(name).replaceAll(' ', '-')}`,
    name,
    foldedName(name),
    JSON.stringify({ en, bn }),
  ]);
  const terms = seeds.flatMap(({ name, en, bn }) => {
    const own = searchTerms(name);
    return searchTerms(name, ...en, ...bn).map((term) => [name, term, own.includes(term) ? 1 : 0]);
  });
  return [
    `INSERT INTO specializations (id, name, folded_name, synonyms, created_at_ms)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, 0 FROM json_each(${sqlText(JSON.stringify(rows))})`,
    `INSERT INTO specialization_terms (name_lower, term, is_name)
SELECT lower(value ->> 0), value ->> 1, value ->> 2 FROM json_each(${sqlText(JSON.stringify(terms))})`,
  ];
};
