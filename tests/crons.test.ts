import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { cadences } from '../src/domain/job-schedule.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const configured = unstable_readConfig({ config: join(root, 'wrangler.toml') }).triggers.crons ?? [];
const named = [...read('src/cron.ts').matchAll(/^ {2}'([^']+)': \[(.+)\],$/gm)];

test('[JB1] the crons that are configured are those that ring for something, and every cadence is rung for', () => {
  expect(named.map(([, cron]) => cron).sort()).toEqual([...configured].sort());
  const rung = named.flatMap(([, , list = '']) => list.replaceAll("'", '').split(', '));
  expect(rung.sort()).toEqual([...cadences].sort());
});

test('[JB1] `npm start` rings each of them, because wrangler does not', () => {
  for (const cron of configured) expect(read('src/cli/start.ts')).toContain(`'${cron}'`);
});
