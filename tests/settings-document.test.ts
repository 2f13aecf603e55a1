import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { bucketsOf, queuesOf } from '../src/cli/resources.ts';
import { settingsFields } from '../src/env.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const config = unstable_readConfig({ config: join(root, 'wrangler.toml') });
const delivered = config.vars as Readonly<Record<string, string>>;
const secrets = Object.keys(settingsFields.shape).filter((name) => !(name in delivered));

/** The rows of the tables that begin with a name, as texts. */
const rows = [...read('docs/settings.md').matchAll(/^\| `([A-Z_]+)` \|(.*)\|$/gm)].map(([, name = '', rest = '']) => ({
  name,
  cells: rest.split('|').map((cell) => cell.trim()),
}));
const settingRows = rows.filter(({ cells }) => cells.length === 3);
const schemaOf = (name: string) => settingsFields.shape[name as keyof typeof settingsFields.shape];
const accepts = (name: string, value: string): boolean => schemaOf(name).safeParse(value).success;

test('every setting is in the document, as it is delivered, and nothing else is', () => {
  const shown = settingRows.map(({ name, cells: [value = ''] }) => [
    name,
    value === 'empty' ? '' : value.replaceAll('`', ''),
  ]);
  expect(Object.fromEntries(shown)).toEqual(delivered);
  expect(Object.keys(delivered).filter((name) => schemaOf(name) === undefined)).toEqual([]);
});

test('the bounds that the document names are those that are accepted', () => {
  const bounded = settingRows.flatMap(({ name, cells: [, range = ''] }) => {
    const [, from, to] = /^([\d,]+)–([\d,]+)$/.exec(range.replaceAll(',', '')) ?? [];
    return from === undefined ? [] : [{ name, from: Number(from), to: Number(to) }];
  });
  expect(bounded.length).toBeGreaterThan(12);
  for (const { name, from, to } of bounded) {
    const accepted = [from - 1, from, to, to + 1].map((value) => accepts(name, String(value)));
    expect([name, ...accepted]).toEqual([name, false, true, true, false]);
  }
});

test('the values that the document names are accepted, and an invented one is not', () => {
  const listed = settingRows.flatMap(({ name, cells: [, range = ''] }) => {
    const values = [...range.matchAll(/`([a-z,]+)`/g)].map(([, value = '']) => value);
    return values.length < 2 ? [] : [{ name, values }];
  });
  expect(listed.length).toBeGreaterThan(8);
  for (const { name, values } of listed) {
    expect([name, values.filter((value) => !accepts(name, value))]).toEqual([name, []]);
    expect([name, accepts(name, 'invented')]).toEqual([name, false]);
  }
});

test('every secret is in the document, in the example, and in what the deploy button asks for', () => {
  const documented = rows.filter(({ cells }) => cells.length === 2).map(({ name }) => name);
  expect(documented.sort()).toEqual([...secrets].sort());
  const example = [...read('.dev.vars.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(example.sort()).toEqual([...secrets].sort());
  const known = read('docs/security.md');
  expect(secrets.filter((name) => !known.includes(`\`${name}\``))).toEqual([]);
});

test('every binding and secret, and nothing else, is described to who deploys', () => {
  const named: readonly { readonly binding?: string; readonly name?: string }[] = [
    ...config.d1_databases,
    ...config.r2_buckets,
    ...(config.queues.producers ?? []),
    ...config.durable_objects.bindings,
    ...config.send_email,
    ...config.ratelimits,
    config.assets,
    config.version_metadata,
  ];
  const bindings = named.map(({ binding, name }) => binding ?? name);
  const { cloudflare } = JSON.parse(read('package.json')) as { cloudflare: { bindings: object } };
  expect(Object.keys(cloudflare.bindings).sort()).toEqual([...bindings, ...secrets].sort());
});

test('deploying creates every queue and every bucket that is configured', () => {
  const named = (key: string): string[] => [
    ...new Set([...read('wrangler.toml').matchAll(new RegExp(`^${key} = "(.+)"$`, 'gm'))].map(([, name = '']) => name)),
  ];
  const queues = [...new Set([...named('queue'), ...named('dead_letter_queue')])];
  expect(queues.length).toBeGreaterThan(7);
  expect([...queuesOf(config)].sort()).toEqual(queues.sort());
  expect(
    bucketsOf(config)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(named('bucket_name').sort());
});
