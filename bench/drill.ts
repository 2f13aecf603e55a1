// `npm run drill [-- --kills N --seed N]`: books on the built Worker while workerd is killed again and again, and then
// checks that every acknowledged booking is there, that no slot has more than it takes, and that D1 caught up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine } from '../src/cli/options.ts';
import { standingOf, waitForD1 } from './drill/aftermath.ts';
import { openClinic, writeDoctors } from './drill/clinic.ts';
import { explain } from './drill/linearizable.ts';
import { Record } from './drill/record.ts';
import { verdictOf } from './drill/verdict.ts';
import { Visitor } from './drill/visitor.ts';
import { randomFrom } from './load/random.ts';
import { buildDaybook, startDaybook } from './server/daybook.ts';
import { runSecrets } from './server/secrets.ts';

const asked = commandLine({
  name: 'npm run drill',
  does: 'Books on the built Worker while workerd is killed again and again, and counts what is lost.',
  options: {
    kills: { takes: 'NUMBER', says: 'how often; 20 unless told' },
    seed: { takes: 'NUMBER', says: 'repeats what a run drew' },
  },
});
const kills = Number(asked.text('kills') ?? 20);
const seed = Number(asked.text('seed') ?? Math.floor(Math.random() * 1e9));
const random = randomFrom(seed);
/** Long enough to confirm, short enough that holds run out while the drill goes on. */
const holdTtlMs = 15_000;
const settings = { HOLD_TTL_SECONDS: String(holdTtlMs / 1000), MAX_HOLDS_PER_DAY: '100' };
const longestLifeMs = 1_500;

const scratch = mkdtempSync(join(tmpdir(), 'daybook-drill-'));
const place = { bundle: join(scratch, 'bundle'), storage: join(scratch, 'storage'), secrets: runSecrets() };
console.log(`Seed ${seed}. Building the Worker …`);
await buildDaybook(place.bundle);
let server = await startDaybook(place, settings);
let over = false;
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

try {
  await writeDoctors(server);
  const clinic = await openClinic(server.url, place.secrets);
  const record = new Record();
  const address = { url: () => server.url, isOver: () => over };
  const visits = clinic.patients.map((patient) =>
    new Visitor(patient, record, address, randomFrom(Math.floor(random() * 2 ** 32))).visit(clinic.slots),
  );

  for (let killed = 1; killed <= kills; killed += 1) {
    await sleep(100 + random() * longestLifeMs);
    await server.kill();
    const answered = record.attempts.filter(({ answer }) => answer !== null).length;
    server = await startDaybook(place, settings);
    console.log(`kill ${String(killed).padStart(3)}: ${answered} requests answered so far`);
  }
  await sleep(longestLifeMs);
  over = true;
  await Promise.all(visits);

  const ask = (some?: ReadonlySet<string>) => standingOf(server.url, record, clinic.patients, some);
  console.log('Waiting for D1 to catch up …');
  const { standing, projected, tookMs } = await waitForD1(server, await ask(), ask);
  const capacities = new Map(clinic.slots.map(({ id, capacity }) => [id, capacity]));
  const verdict = verdictOf(record, standing, projected, capacities);
  const explained = explain(record, capacities, holdTtlMs);
  const unanswered = record.attempts.filter(({ answer }) => answer === null).length;

  console.log();
  console.log(`${kills} kills, ${record.attempts.length} requests, ${unanswered} of them never answered`);
  console.log(`acknowledged     ${verdict.acknowledged}`);
  console.log(`stored           ${verdict.stored}`);
  console.log(`lost             ${verdict.lost.length}`);
  console.log(`double           ${verdict.double.length}`);
  console.log(`never asked for  ${verdict.unasked.length}`);
  console.log(`contradictions   ${verdict.contradictions.length} (a repeated request answered differently)`);
  const waited = `${(tookMs / 1000).toFixed(1)} s`;
  console.log(`behind in D1     ${verdict.behind.length} (waited ${waited})`);
  console.log(
    `linearizable     ${explained.slots - explained.unexplained.length} of ${explained.slots} slots, ${explained.calls} calls` +
      (explained.undecided.length > 0 ? ` (${explained.undecided.length} undecided)` : ''),
  );
  const wrong = [
    ...explained.unexplained,
    ...verdict.lost,
    ...verdict.double,
    ...verdict.unasked,
    ...verdict.contradictions,
    ...verdict.behind,
  ];
  for (const line of wrong.slice(0, 20)) console.log(`  ${line}`);
  process.exitCode = wrong.length > 0 || verdict.acknowledged === 0 ? 1 : 0;
} finally {
  over = true;
  await server.stop();
}
