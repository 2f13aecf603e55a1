import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
);

/** What a command of the README makes. */
const made = ['gallery/index.html'];

test('links between documents lead to files that are there', () => {
  const broken = documents.flatMap((file) =>
    [...read(file).matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => join(dirname(file), target))
      .filter((target) => !made.includes(target) && !existsSync(join(root, target)))
      .map((target) => `${file}: ${target}`),
  );
  expect(documents.length).toBeGreaterThan(30);
  expect(broken).toEqual([]);
});

test('whoever contributes is told of every folder of the source', () => {
  const table = read('CONTRIBUTING.md');
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}/`);
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.filter((name) => !table.includes(`\`${name}`))).toEqual([]);
});

test('every command that the documents tell of is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = documents.flatMap((file) =>
    [...read(file).matchAll(/npm run ([a-z][a-z0-9:-]*)/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
});

test('every address of the API that the setting-up page tells of is served', () => {
  const rows =
    read('tests/support/route-table.ts') +
    read('tests/support/telling-routes.ts') +
    read('tests/support/profile-routes.ts');
  const served = new Set(
    [...rows.matchAll(/'(?:[A-Z]+) (\/api\/v1)?(\/[^']*)'/g)].map(([, , path = '']) => path.replaceAll(/:\w+/g, ':')),
  );
  const named = [
    ...read('docs/setting-up.md').matchAll(/(?:GET|POST|PUT)(?: and `?PUT`?)? (?:\/api\/v1)?(\/[a-z][^`\s]*)/g),
  ];
  const paths = named.map(([, path = '']) => path.replaceAll(/\{\w+\}|\bID\b/g, ':'));
  expect(paths.length).toBeGreaterThan(8);
  expect(paths.filter((path) => !served.has(path))).toEqual([]);
});
