import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

const filesUnder = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const linesOf = (file: string): number => read(file).trimEnd().split('\n').length;

const generated = 'src/worker-env.d.ts';
const sources = ['src', 'durable-objects']
  .flatMap((folder) => filesUnder(folder, /\.tsx?$/))
  .filter((f) => f !== generated);
const tests = filesUnder('tests', /\.tsx?$/);

/** What a file imports: files of the repository as paths from its root, packages as they are written. */
const importsOf = (file: string): string[] =>
  [...read(file).matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'/g)].map(([, written = '']) =>
    written.startsWith('.') ? relative(root, join(root, dirname(file), written)) : written,
  );

/** The layers, innermost first: what each may import besides its own files. A file belongs to the first it matches. */
const layers: readonly { readonly name: string; readonly files: RegExp; readonly mayImport: readonly RegExp[] }[] = [
  { name: 'domain', files: /^src\/domain\//, mayImport: [/^temporal-polyfill(\/|$)/] },
  { name: 'doctor-day objects', files: /^durable-objects\//, mayImport: [/^src\/domain\//, /^cloudflare:workers$/] },
  {
    name: 'infrastructure',
    files:
      /^src\/(calendar|db|figures|files|http|doctor-days|jobs|messages|notifications|patients|payments|pdf|sealing|webhooks)\/|^src\/env\.ts$/,
    mayImport: [
      /^src\/domain\//,
      /^durable-objects\/ports\.ts$/,
      /^package\.json$/,
      // The SMTP library speaks by Node's sockets.
      /^node:(net|tls)$/,
      /^(?!src|durable-objects|node:)/,
    ],
  },
  {
    // What is kept in several places, read at one look.
    name: 'charts',
    files: /^src\/features\/charts\//,
    mayImport: [
      /^src\/(domain|db|doctor-days|http|patients|sealing)\//,
      /^src\/features\/(identity|audit|documents|patient-profiles|prescriptions|records|visits)\//,
      /^(?!src|durable-objects|node:)/,
    ],
  },
  {
    name: 'features',
    files: /^src\/features\//,
    mayImport: [
      /^src\/(domain|calendar|db|figures|files|http|doctor-days|jobs|messages|notifications|patients|payments|pdf|sealing|webhooks)\//,
      /^src\/env\.ts$/,
      /^src\/features\/(identity|audit)\//,
      /^(?!src|durable-objects|node:)/,
    ],
  },
  {
    name: 'scripts of pages',
    files: /^src\/web\/islands\//,
    mayImport: [],
  },
  {
    name: 'pages',
    files: /^src\/web\//,
    // Pages know the API by its type, the pure core, and what is signed in; they hold no rules and ask no storage.
    mayImport: [
      /^src\/(domain|http)\//,
      /^src\/app\.ts$/,
      /^src\/features\/identity\/(access-token|cookies)\.ts$/,
      /^(?!src|durable-objects|node:)/,
    ],
  },
  {
    name: 'composition root',
    files: /^src\/(app|worker|cron)\.ts$/,
    mayImport: [
      /^src\/(domain|calendar|db|figures|files|http|doctor-days|jobs|messages|notifications|patients|payments|pdf|sealing|web|webhooks|features)\//,
      /^src\/env\.ts$/,
      /^durable-objects\//,
      /^(?!src|node:)/,
    ],
  },
  {
    name: 'command line',
    files: /^src\/cli\//,
    // Of the application it knows the type of the API, the pure core, and what both must do alike.
    mayImport: [
      /^src\/(app\.ts$|domain\/|sealing\/key-ring\.ts$|features\/identity\/(schema|password-parameters)\.ts$)/,
      /^(?!src|durable-objects)/,
    ],
  },
];

const layerOf = (file: string) => layers.find((layer) => layer.files.test(file));

/** A feature's own files are those of its folder; of any other layer, all its files. */
const ownFiles = (file: string): RegExp => {
  const feature = /^src\/features\/[^/]+\//.exec(file)?.[0];
  return feature === undefined ? (layerOf(file)?.files ?? /^$/) : new RegExp(`^${feature}`);
};

describe('layers', () => {
  it('[AR1] every source file belongs to a layer', () => {
    expect(sources.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  it('[AR1] imports point inward only', () => {
    const wrong = sources.flatMap((file) => {
      const allowed = [ownFiles(file), ...(layerOf(file)?.mayImport ?? [])];
      return importsOf(file)
        .filter((imported) => !allowed.some((pattern) => pattern.test(imported)))
        .map((imported) => `${file} imports ${imported}`);
    });
    expect(wrong).toEqual([]);
  });

  it('[AR2] the domain reads no clock, draws no random numbers and does no I/O', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bcrypto\b|\bfetch\(|\bperformance\b|\bconsole\b|\bTemporal\.Now\b|\bsetTimeout\b/;
    const code = (file: string) => read(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const domain = sources.filter((file) => file.startsWith('src/domain/'));
    expect(domain.filter((file) => impure.test(code(file)))).toEqual([]);
  });

  it('[AR3] local imports name their file with its extension', () => {
    const vague = [...sources, ...tests].flatMap((file) =>
      importsOf(file)
        .filter((imported) => /^(src|durable-objects|tests)\//.test(imported) && !/\.(tsx?|json|wasm)$/.test(imported))
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(vague).toEqual([]);
  });
});

describe('size and tidiness', () => {
  it('[AR4] no source file is longer than 300 lines, no test than 400', () => {
    const tooLong = (files: readonly string[], lines: number): string[] =>
      files.filter((file) => linesOf(file) > lines).map((file) => `${file}: ${linesOf(file)} lines`);
    expect([...tooLong(sources, 300), ...tooLong(tests, 400)]).toEqual([]);
  });

  it('[AR4] a route file is a table of contents: at most 130 lines, no SQL', () => {
    const routeFiles = sources.filter((file) => /routes\.ts$/.test(file));
    expect(routeFiles.length).toBeGreaterThan(0);
    expect(routeFiles.filter((file) => linesOf(file) > 130).map((f) => `${f}: ${linesOf(f)}`)).toEqual([]);
    expect(routeFiles.filter((file) => /from 'drizzle-orm|\.prepare\(|\bsql`/.test(read(file)))).toEqual([]);
  });

  it('[AR5] nothing is left for later, no test is skipped or alone', () => {
    const later = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'X'.repeat(3), 'HA' + 'CK'].map((w) => `\\b${w}\\b`).join('|'),
    );
    const alone = /\b(?:it|test|describe)\.(?:only|skip|todo|fails)\b/;
    expect([...sources, ...tests].filter((file) => later.test(read(file)))).toEqual([]);
    expect(tests.filter((file) => alone.test(read(file)))).toEqual([]);
  });
});

describe('the rule book', () => {
  const books = filesUnder('docs/rules', /\.md$/);
  const ruleIds = books.flatMap((file) =>
    [...read(file).matchAll(/^- \*\*\[([A-Z]+\d+)\]\*\* \S/gm)].map(([, id = '']) => id),
  );
  const cited = new Set(
    tests.flatMap((file) =>
      [...read(file).matchAll(/['"`](?:\[[A-Z]+\d+\] ?)+/g)].flatMap(([title]) => title.match(/[A-Z]+\d+/g) ?? []),
    ),
  );

  it('[AR6] every rule has an id of its own', () => {
    expect(ruleIds.length).toBeGreaterThan(0);
    expect(ruleIds.filter((id, index) => ruleIds.indexOf(id) !== index)).toEqual([]);
  });

  it('[AR6] every rule is cited by a test, and every citation names a rule', () => {
    expect({ uncited: ruleIds.filter((id) => !cited.has(id)) }).toEqual({ uncited: [] });
    expect({ unknown: [...cited].filter((id) => !ruleIds.includes(id)) }).toEqual({ unknown: [] });
  });

  it('[AR6] docs/rules.md links every book', () => {
    const index = read('docs/rules.md');
    expect(books.filter((file) => !index.includes(`(${relative('docs', file)})`))).toEqual([]);
  });
});
