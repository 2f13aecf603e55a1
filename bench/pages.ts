// `npm run bench:pages`: the time to the first byte of each page, beside the time of an answer that does nothing, while
// doctors and appointments grow.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'undici';
import { commandLine } from '../src/cli/options.ts';
import { say } from '../src/cli/terminal.ts';
import { benchPages } from './pages/pages.ts';
import { peopleStatements } from './pages/people.ts';
import { growAppointments, growDoctors, reader } from './reads/grow.ts';
import { root } from './server/build.ts';
import { buildDaybook, startDaybook } from './server/daybook.ts';
import { practiceStatements } from './server/practice.ts';
import { runSecrets } from './server/secrets.ts';

commandLine({
  name: 'npm run bench:pages',
  does: 'Measures the time to the first byte of each page, among few and among many doctors and appointments.',
  options: {},
});

const sizes = [
  { doctors: 1_000, appointments: 10_000 },
  { doctors: 20_000, appointments: 200_000 },
] as const;
const warmUp = 5;
const samples = 60;

const scratch = mkdtempSync(join(tmpdir(), 'daybook-pages-'));
const secrets = runSecrets();
const place = { bundle: join(scratch, 'bundle'), storage: join(scratch, 'storage'), secrets };
await buildDaybook(place.bundle);
const server = await startDaybook(place);
const client = new Client(server.url, { pipelining: 1 });

/** Ms from the request to the first byte of its answer, sorted; one request after the other. */
const timesOf = async (path: string, cookie: string): Promise<number[]> => {
  const times: number[] = [];
  for (let i = -warmUp; i < samples; i += 1) {
    const startMs = performance.now();
    const answer = await client.request({ method: 'GET', path, headers: { cookie } });
    const ms = performance.now() - startMs;
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}`);
    if (i >= 0) times.push(ms);
  }
  return times.sort((a, b) => a - b);
};

const at = (times: readonly number[], part: number): number => times[Math.floor(times.length * part)] ?? Number.NaN;

try {
  await server.query(
    ...practiceStatements([{ doctorId: reader.doctorId, slots: 16, capacity: 1 }]),
    ...peopleStatements,
  );
  const pages = benchPages((id, role) => secrets.token(id, role));
  const rows = new Map<string, number[]>();
  let grown = { doctors: 0, appointments: 0 };
  for (const size of sizes) {
    await growDoctors(server, grown.doctors, size.doctors);
    await growAppointments(server, grown.appointments, size.appointments);
    // The first round warms up what the second one measures.
    if (grown.doctors === 0) for (const { path, cookie } of pages) await timesOf(path, await cookie);
    grown = { ...size };
    for (const { name, path, cookie } of pages) {
      const times = await timesOf(path, await cookie);
      rows.set(name, [...(rows.get(name) ?? []), at(times, 0.5), at(times, 0.95)]);
    }
  }
  const nothing = rows.get('nothing') ?? [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const said = [...rows].map(([name, [small = 0, small95 = 0, large = 0, large95 = 0]]) =>
    line([
      name,
      ...[small, small95, large, large95].map((ms) => ms.toFixed(1)),
      ...[small / (nothing[0] ?? 1), large / (nothing[2] ?? 1), large / small].map((times) => times.toFixed(1)),
    ]),
  );
  const text = [
    `# Time to the first byte of pages`,
    `One request after the other on a warm server, ${samples} of each. Small: ${sizes[0].doctors} doctors and ${sizes[0].appointments} appointments; large: ${sizes[1].doctors} and ${sizes[1].appointments}. “Nothing” is \`GET /health\`, in the same run.`,
    [
      line([
        'page',
        'p50 ms small',
        'p95',
        'p50 ms large',
        'p95',
        '× nothing small',
        '× nothing large',
        'large ÷ small',
      ]),
      line(['---', ...Array.from({ length: 7 }, () => '---:')]),
      ...said,
    ].join('\n'),
  ].join('\n\n');
  const out = join(root, 'bench', 'results');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'pages.md'), `${text}\n`);
  say(text);
} finally {
  await client.close();
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
