import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { columnsOf, fieldsOf, rowOf } from '../src/domain/interaction-rows.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const migration = read('migrations/0036_interactions_starter.sql');
const quoted = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);

test('[RX12] what comes with Daybook is what the seed files say: each pair with its source, of names that are known', () => {
  const [header = '', ...lines] = read('seeds/interactions/starter.csv').trimEnd().split('\n');
  const columns = columnsOf(header);
  if (typeof columns === 'string') throw new Error(columns);
  const rows = lines.map((line) => rowOf(line, columns)).filter((row) => typeof row !== 'string');
  expect(rows.length).toBe(lines.length);
  expect(rows.filter(({ source }) => source === null)).toEqual([]);
  const inserted = rows.filter(({ a, b, severity, text, source }) =>
    migration.includes(
      `(${quoted(a)}, ${quoted(b)}, 'starter-1', ${quoted(severity)}, ${quoted(text)}, ${quoted(source)})`,
    ),
  );
  expect(inserted.length).toBe(rows.length);
  expect(migration.match(/'starter-1', '(severe|moderate|minor)'/g)).toHaveLength(rows.length);

  const names = read('seeds/interactions/names.csv')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => fieldsOf(line) ?? []);
  expect(
    names.filter(
      ([name = '', concept = '', isClass]) =>
        !migration.includes(`(${quoted(name)}, ${quoted(concept)}, ${isClass === 'yes' ? 1 : 0})`),
    ),
  ).toEqual([]);
  const concepts = new Set(names.map(([, concept]) => concept));
  expect(rows.flatMap(({ a, b }) => [a, b]).filter((name) => !concepts.has(name))).toEqual([]);
});
