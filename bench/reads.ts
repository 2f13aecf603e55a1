// `npm run bench:reads`: what searches and lists cost while doctors and appointments grow a hundredfold.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../src/cli/options.ts';
import { say } from '../src/cli/terminal.ts';
import { daybook } from './contenders/daybook.ts';
import { Generator } from './load/generator.ts';
import { Bench } from './measure.ts';
import { quickPace } from './plan.ts';
import { measureReads } from './reads/reads.ts';
import { readsTable } from './report/markdown.ts';
import { root } from './server/build.ts';
import { buildDaybook } from './server/daybook.ts';
import { runSecrets } from './server/secrets.ts';

commandLine({
  name: 'npm run bench:reads',
  does: 'Measures searches and lists among 1,000 and 100,000 doctors, 10,000 and 1,000,000 appointments: ten minutes.',
  options: {},
});

const scratch = mkdtempSync(join(tmpdir(), 'daybook-reads-'));
const secrets = runSecrets();
const place = { bundle: join(scratch, 'bundle'), storage: join(scratch, 'storage'), secrets };
const generator = new Generator();
await buildDaybook(place.bundle);
const self = await daybook(place, { fill: 1, single: 1, journeys: 1 });
try {
  const pace = {
    ...quickPace,
    readDurationMs: 3_000,
    doctors: [1_000, 100_000],
    appointments: [10_000, 1_000_000],
  } as const;
  const reads = readsTable(await measureReads(self, new Bench(generator, [], pace), pace, secrets));
  const out = join(root, 'bench', 'results');
  mkdirSync(out, { recursive: true });
  const text = `# Reads among 1,000 and 100,000 doctors, 10,000 and 1,000,000 appointments\n\n${reads}\n`;
  writeFileSync(join(out, 'reads.md'), text);
  say(text);
} finally {
  generator.stop();
  await self.stop();
  rmSync(scratch, { recursive: true, force: true });
}
