// `npm run bench:profile`: where the CPU time of one hold goes, by V8's sampling profiler on the built Worker.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../src/cli/options.ts';
import { daybook } from './contenders/daybook.ts';
import { Generator } from './load/generator.ts';
import type { Task } from './load/task.ts';
import { profileWhile } from './profile/inspector.ts';
import { sharesOf } from './profile/parts.ts';
import { buildDaybook } from './server/daybook.ts';
import { accountNamed } from './server/practice.ts';
import { runSecrets } from './server/secrets.ts';

commandLine({ name: 'npm run bench:profile', does: 'Shows where the CPU time of one hold goes.', options: {} });

const inspectorPort = 9_339;
const scratch = mkdtempSync(join(tmpdir(), 'daybook-profile-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const secrets = runSecrets();
const place = { bundle: join(scratch, 'bundle'), storage: join(scratch, 'storage'), secrets };
await buildDaybook(place.bundle);
const generator = new Generator();
const contender = await daybook(place, { fill: 40, single: 1, journeys: 1 }, inspectorPort);
try {
  const patients = await Promise.all(
    Array.from({ length: 4_000 }, async (_, i) => {
      const id = accountNamed(`profiled patient ${i}`);
      return { id, token: await secrets.token(id, 'patient') };
    }),
  );
  const task = (durationMs: number, filled: number): Task => ({
    ...{ url: contender.url, workload: 'fill', seed: 1, clients: 100, durationMs, warmUpMs: 500, rate: null },
    ...{ patients, days: contender.offer.fill, paths: [], filled },
  });
  const { filled } = await generator.perform(task(4_000, 0));
  let perSecond = 0;
  const profile = await profileWhile(inspectorPort, async () => {
    perSecond = (await generator.perform(task(6_000, filled))).goodPerSecond;
  });
  const map = new SourceMap(JSON.parse(readFileSync(join(place.bundle, 'worker.js.map'), 'utf8')));
  console.log(`Holds on one hot day, 100 clients, ${Math.round(perSecond)} a second while profiled.\n`);
  for (const { name, share } of sharesOf(profile, map)) {
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
  }
} finally {
  generator.stop();
  await contender.stop();
}
