// `npm run bench [-- --quick] [-- --out folder]`: Daybook beside what one would build instead, in one run on one machine.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../src/cli/options.ts';
import type { Contender } from './contenders/contender.ts';
import { daybook } from './contenders/daybook.ts';
import { floor } from './contenders/floor.ts';
import { postgres } from './contenders/postgres.ts';
import { Generator } from './load/generator.ts';
import { Bench, type Sample } from './measure.ts';
import { Cluster, postgresFolder } from './peers/postgres/cluster.ts';
import { experiments, fullPace, quickPace } from './plan.ts';
import { measureObjectAlone } from './probe/object-alone.ts';
import { buildProbe, probeBookings } from './probe/probe.ts';
import { measureReads } from './reads/reads.ts';
import { markdownOf } from './report/markdown.ts';
import { plotOf } from './report/plot.ts';
import { type Measured, median, type Results, scoreOf, summarise } from './report/result.ts';
import { root } from './server/build.ts';
import { buildDaybook } from './server/daybook.ts';
import { accountNamed } from './server/practice.ts';
import { runSecrets } from './server/secrets.ts';

const asked = commandLine({
  name: 'npm run bench',
  does: 'Measures Daybook beside what one would build instead, for most of an hour.',
  options: {
    quick: { says: 'a few minutes, and rough numbers' },
    out: { takes: 'FOLDER', says: 'where the results go; bench/results unless told' },
  },
});
const pace = asked.has('quick') ? quickPace : fullPace;
const out = asked.text('out') ?? join(root, 'bench', 'results', asked.has('quick') ? 'quick' : '');
const patientCount = 4_000;
const tmpfs = 0x01021994;

const scratch = mkdtempSync(join(tmpdir(), 'daybook-bench-'));
// PostgreSQL runs as a user of its own, who must be able to reach its folder.
chmodSync(scratch, 0o711);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
if (statfsSync(scratch).type === tmpfs) throw new Error(`${scratch} is in memory: set TMPDIR to a folder on a disk`);

const startedMs = Date.now();
const say = (text: string): void =>
  console.log(`${((Date.now() - startedMs) / 1000).toFixed(0).padStart(5)} s  ${text}`);
const secrets = runSecrets();
const extent = { fill: pace.fillDays, single: pace.singleDays, journeys: pace.rounds };
const contenders: Contender[] = [];
const generator = new Generator();
let cluster: Cluster | null = null;

try {
  say('building and starting');
  const place = { bundle: join(scratch, 'bundle'), storage: join(scratch, 'storage'), secrets };
  await buildDaybook(place.bundle);
  const self = await daybook(place, extent);
  contenders.push(self, await floor(scratch, extent));
  if (postgresFolder() === null)
    say('PostgreSQL is not installed (apt-get install postgresql): its variants are left out');
  else {
    cluster = await Cluster.start(join(scratch, 'postgres'));
    for (const variant of ['serializable', 'for_update', 'unique_index'] as const) {
      contenders.push(await postgres(cluster, variant, secrets, extent));
    }
  }
  const patients = await Promise.all(
    Array.from({ length: patientCount }, async (_, i) => {
      const id = accountNamed(`bench patient ${i}`);
      return { id, token: await secrets.token(id, 'patient') };
    }),
  );
  const bench = new Bench(generator, patients, pace);

  const measured: Measured[] = [];
  for (const experiment of experiments.filter(({ slow }) => pace.withSlow || !slow)) {
    const taking = contenders.filter(({ name }) => experiment.withFloor || name !== 'floor');
    const samples: Sample[] = [];
    for (let round = 1; round <= pace.rounds; round += 1) {
      // There and back, so that none always follows the same one.
      const order = round % 2 === 1 ? taking : [...taking].reverse();
      for (const contender of order) samples.push(await bench.run(contender, experiment, round));
    }
    measured.push({ name: experiment.name, title: experiment.title, samples });
    const line = summarise(samples).map(
      ({ contender, perSecond, p99 }) => `${contender} ${Math.round(perSecond)} (p99 ${Math.round(p99)})`,
    );
    say(`${experiment.name}: ${line.join(', ')}`);
  }

  const [hotDay] = experiments;
  const open: Sample[] = [];
  for (const contender of contenders) {
    const runs = measured[0]?.samples.filter((sample) => sample.contender === contender.name) ?? [];
    for (const share of pace.openShares) {
      const rate = Math.max(1, Math.round(median(runs.map(scoreOf)) * share));
      if (hotDay !== undefined) open.push(await bench.run(contender, hotDay, 1, rate));
    }
  }
  say('open loop done');
  const reads = await measureReads(self, bench, pace, secrets);
  say('reads done');
  const probeBundle = await buildProbe(scratch);
  const objectAlone = await measureObjectAlone(scratch, probeBundle, secrets, pace.rounds);
  const probe = await probeBookings(scratch, probeBundle, secrets, patients, generator, pace.apart);
  say('counts done');
  const overbooked: Record<string, number> = {};
  for (const contender of contenders) overbooked[contender.name] = await contender.overbooked();

  const results: Results = {
    command: `npm run bench${asked.has('quick') ? ' -- --quick' : ''}`,
    atUtc: new Date().toISOString(),
    machine: {
      cores: cpus().length,
      processor: cpus()[0]?.model ?? 'unknown',
      'memory (GiB)': Math.round(totalmem() / 2 ** 30),
      Node: process.version,
    },
    ...{ experiments: measured, open, objectAlone, reads, probe, overbooked },
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'bench.json'), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(join(out, 'bench.md'), markdownOf(results));
  writeFileSync(join(out, 'bench.svg'), plotOf(results));
  say(`written to ${out}`);

  const broken = measured.flatMap(({ name, samples }) =>
    samples.flatMap((sample) => sample.violations.map((violation) => `${name}, ${sample.contender}: ${violation}`)),
  );
  const over = Object.entries(overbooked).filter(([, slots]) => slots > 0);
  for (const line of [...broken, ...over.map(([name, slots]) => `${name} overbooked ${slots} slots`)]) say(line);
  const own = [...broken, ...over.map(([name]) => `, ${name}:`)].filter((line) => line.includes(', daybook:'));
  if (own.length > 0) process.exitCode = 1;
} finally {
  generator.stop();
  for (const contender of contenders) await contender.stop();
  await cluster?.stop();
}
