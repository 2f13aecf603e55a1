import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { secrets } from '../src/cli/secrets.ts';

const root = join(import.meta.dirname, '..');
const documented = new Set(
  [...readFileSync(join(root, 'docs/security.md'), 'utf8').matchAll(/`(\w+)`/g)].map(([, name]) => name),
);
const schemas = readdirSync(join(root, 'src/db/schema')).map((file) =>
  readFileSync(join(root, 'src/db/schema', file), 'utf8'),
);

test('[DP15] every table of D1 is in the security document', () => {
  const tables = schemas.flatMap((text) => [...text.matchAll(/sqliteTable\(\s*'(\w+)'/g)].map(([, name]) => name));
  expect(tables.length).toBeGreaterThan(25);
  expect(tables.filter((name) => !documented.has(name))).toEqual([]);
});

test('[DP15] every binding and every secret is in the security document', () => {
  const config = unstable_readConfig({ config: join(root, 'wrangler.toml') });
  const bindings = [
    ...config.d1_databases,
    ...config.r2_buckets,
    ...(config.queues.producers ?? []),
    ...config.durable_objects.bindings.map(({ name }: { name: string }) => ({ binding: name })),
    ...config.send_email.map(({ name }: { name: string }) => ({ binding: name })),
    ...(config.kv_namespaces ?? []),
    ...(config.analytics_engine_datasets ?? []),
  ].map(({ binding }) => binding);
  const names = [...bindings, ...Object.keys(secrets)];
  expect(names.length).toBeGreaterThan(12);
  expect(names.filter((name) => !documented.has(name))).toEqual([]);
});
