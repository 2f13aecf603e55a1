import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { locationsIn } from '../src/cli/location-file.ts';
import { locationSql, specializationSql } from '../src/cli/seed-sql.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'daybook-seeds-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('[PL1] [PL9] the migration is made of the seed files', () => {
  const name = readdirSync(join(root, 'migrations')).find((one) => one.endsWith('_place_data.sql')) ?? '';
  const migration = readFileSync(join(root, 'migrations', name), 'utf8');
  const seeds = JSON.parse(readFileSync(join(root, 'seeds/specializations.json'), 'utf8'));
  const statements = [...locationSql(locationsIn(join(root, 'seeds/locations/bd.json'))), ...specializationSql(seeds)];
  expect(statements.length).toBeGreaterThan(5);
  for (const statement of statements) expect(migration).toContain(statement);
});

test('[PL4] JSON and CSV say the same', () => {
  const json = file(
    'np.json',
    JSON.stringify({
      country: 'NP',
      name: 'Nepal',
      localName: 'नेपाल',
      places: [
        { code: 'NP-P3', name: 'Bagmati', places: [{ code: 'NP-KTM', name: 'Kathmandu, the city', also: ['Yen'] }] },
      ],
    }),
  );
  const csv = file(
    'np.csv',
    '\u{FEFF}code,parent,name,localName,also\r\nNP,,Nepal,नेपाल,\r\nNP-KTM,NP-P3,"Kathmandu, the city",,Yen\r\nNP-P3,NP,Bagmati,,\r\n',
  );
  const rows = locationsIn(json);
  expect(locationsIn(csv)).toEqual(rows);
  expect(rows.at(-1)).toEqual({
    ...{ id: 'NP-KTM', parentId: 'NP-P3', level: 2, country: 'NP', code: 'NP-KTM', localName: null },
    ...{ name: 'Kathmandu, the city', foldedName: 'kathmandu the city', path: 'NP/NP-P3/NP-KTM/' },
    names: ['kathmandu the city', 'yen'],
  });
});

test.each([
  ['a.json', '{"country":"QQ","name":"Nowhere"}', /ISO 3166-1/],
  ['b.json', '{"country":"NP","name":"Nepal","colour":"red"}', /colour/],
  ['c.json', '{"country":"NP","name":"Nepal","places":[{"name":"A b"},{"name":"A-B"}]}', /NP-a-b: is there twice/],
  [
    'd.json',
    '{"country":"NP","name":"N","places":[{"name":"A","places":[{"name":"B","places":[{"name":"C","places":[{"name":"D"}]}]}]}]}',
    /deeper/,
  ],
  ['e.json', '{"country":"NP","name":"Nepal","places":[{"name":"..."}]}', /needs letters/],
  ['f.csv', 'name\nNepal\n', /first line/],
  ['g.csv', 'code,parent,name,localName,also\nNP,,Nepal,,\nX,Y,Lost,,\n', /Y is not in the file/],
  ['h.csv', 'code,parent,name,localName,also\nNP,,Nepal,,\nX1,X2,A,,\nX2,X1,B,,\n', /do not lie within/],
])('[PL4] %s is refused by what is wrong with it', (name, text, why) => {
  expect(() => locationsIn(file(name, text))).toThrow(why);
});
