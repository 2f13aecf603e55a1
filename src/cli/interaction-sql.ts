import type { InteractionRow } from '../domain/interaction-rows.ts';
import { sqlText } from './admin-account.ts';

/** D1 takes 100 KB of SQL a statement; this leaves room for what stands round the rows. */
const maxRowBytes = 80_000;
const deletedAtOnce = 20_000;

/** Statements that write rows of a version. Of a pair that is there twice, the worse counts; run again, they change nothing. */
export const insertionSql = (rows: readonly InteractionRow[], version: string): string =>
  parts(rows)
    .map(
      (part) => `INSERT INTO drug_interactions (a, b, version, severity, text, source)
SELECT value ->> 0, value ->> 1, '${version}', value ->> 2, value ->> 3, value ->> 4 FROM json_each(${part}) WHERE true
ON CONFLICT (a, b, version) DO UPDATE SET severity = excluded.severity, text = excluded.text, source = excluded.source
WHERE instr('severe moderate minor', excluded.severity) < instr('severe moderate minor', severity);\n`,
    )
    .join('');

/** The one statement by which a version begins to count, and the one before ends. */
export const switchSql = (set: string, version: string, nowMs: number): string =>
  `INSERT INTO interaction_sets (name, version, rows, imported_at_ms)
VALUES ('${set}', '${version}', (SELECT count(*) FROM drug_interactions WHERE version = '${version}'), ${nowMs})
ON CONFLICT (name) DO UPDATE SET version = excluded.version, rows = excluded.rows, imported_at_ms = excluded.imported_at_ms;\n`;

/** Statements that delete the rows of a version that counts no more, a few at a time. */
export const deletionSql = (version: string, rows: number): string =>
  `DELETE FROM drug_interactions WHERE rowid IN (SELECT rowid FROM drug_interactions WHERE version = '${version}' LIMIT ${deletedAtOnce});\n`.repeat(
    Math.ceil(rows / deletedAtOnce),
  );

/** Rows as JSON texts of SQL, each short enough for a statement. */
const parts = (rows: readonly InteractionRow[]): string[] => {
  const found: string[] = [];
  let part: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (part.length > 0) found.push(sqlText(`[${part.join(',')}]`));
    part = [];
    bytes = 0;
  };
  for (const { a, b, severity, text, source } of rows) {
    const json = JSON.stringify([a, b, severity, text, source]);
    // An apostrophe is two in SQL.
    const size = Buffer.byteLength(json) + json.split("'").length;
    if (bytes + size > maxRowBytes) flush();
    part.push(json);
    bytes += size;
  }
  flush();
  return found;
};
