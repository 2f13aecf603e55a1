// `npm run bench:login`: whether the time of a refused sign-in tells if there is an account. Asks for unknown addresses,
// for known ones with a wrong password and for ones that have to wait with the right one, in random order, and compares
// the times by the Mann-Whitney test: a small p would mean that somebody with a clock can tell two of them apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../src/cli/options.ts';
import { buildDaybook, startDaybook } from './server/daybook.ts';
import { runSecrets } from './server/secrets.ts';

commandLine({
  name: 'npm run bench:login',
  does: 'Measures whether the time of a refused sign-in tells if there is an account.',
  options: {},
});

const samples = 200;
/** Wrong guesses that an address takes before it has to wait, less the one that makes the object that counts them. */
const guessesEach = 4;
const accounts = samples / guessesEach;
/** Rounds after which another account begins to wait, before the wait of the last one is over. */
const waitingRounds = 20;
const warmUp = 30;
const password = 'Correct-Horse-7';

type Kind = 'unknown' | 'known' | 'waiting';
const kinds: readonly Kind[] = ['unknown', 'known', 'waiting'];

const scratch = mkdtempSync(join(tmpdir(), 'daybook-login-'));
const bundle = join(scratch, 'bundle');
await buildDaybook(bundle);
const server = await startDaybook(
  { bundle, storage: join(scratch, 'storage'), secrets: runSecrets() },
  {
    ENVIRONMENT: 'development',
    APP_URL: 'http://localhost',
    MAIL_TRANSPORT: 'local',
    SMS_TRANSPORT: 'local',
    REQUIRE_VERIFIED: 'off',
    REQUIRE_SECOND_FACTOR: '',
    RATE_LIMITS: 'off',
  },
);

const post = async (path: string, body: unknown): Promise<number> => {
  const response = await fetch(`${server.url}/api/v1/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
};

/** An address for each sample: of one length, so that it makes no difference of its own. */
const addressOf = (kind: Kind, i: number): string => `${kind[0]}${String(i).padStart(5, '0')}@example.com`;

const register = async (email: string): Promise<void> => {
  const status = await post('register', { email, password, fullName: 'Nadia Islam', role: 'patient' });
  if (status !== 201) throw new Error(`registering answered ${status}`);
};

const guess = (email: string): Promise<number> => post('login', { email, password: 'Wrong-Guess-0' });

/** Registers an account and guesses at it until it has to wait. */
const makeWait = async (email: string): Promise<void> => {
  await register(email);
  for (let i = 0; i < guessesEach + 1; i += 1) await guess(email);
};

/** The address that a round asks for. */
const address = (kind: Kind, i: number): string =>
  addressOf(kind, Math.floor(i / (kind === 'waiting' ? waitingRounds : guessesEach)));

/** A refused sign-in, timed in ms. */
const timed = async (kind: Kind, i: number): Promise<number> => {
  const body = { email: address(kind, i), password: kind === 'waiting' ? password : `Wrong-Guess-${i}` };
  const from = performance.now();
  const status = await post('login', body);
  const ms = performance.now() - from;
  if (status !== 401) throw new Error(`${kind} answered ${status}`);
  return ms;
};

/** The standard normal distribution's upper tail (Abramowitz and Stegun 26.2.17). */
const upperTail = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
};

/** The two-sided p of the Mann-Whitney test, and the chance that one of `a` took longer than one of `b`. */
const mannWhitney = (a: readonly number[], b: readonly number[]): { p: number; longer: number } => {
  let u = 0;
  for (const x of a) for (const y of b) u += x > y ? 1 : x === y ? 0.5 : 0;
  const mean = (a.length * b.length) / 2;
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  return { p: Math.min(1, 2 * upperTail(Math.abs(u - mean) / deviation)), longer: u / (a.length * b.length) };
};

const quantile = (values: readonly number[], q: number): string =>
  (values.toSorted((x, y) => x - y)[Math.floor(q * (values.length - 1))] ?? 0).toFixed(2);

try {
  for (let i = 0; i < accounts; i += 1) await register(addressOf('known', i));
  for (let i = 0; i < warmUp; i += 1) await guess(addressOf('unknown', 90_000 + i));

  const times: Record<Kind, number[]> = { unknown: [], known: [], waiting: [] };
  for (let i = 0; i < samples; i += 1) {
    if (i % waitingRounds === 0) await makeWait(addressOf('waiting', i / waitingRounds));
    // One guess at each beforehand, so that all have one history: what was asked before, anybody may know.
    if (i % guessesEach === 0) for (const kind of kinds) await guess(address(kind, i));
    // A new order each round, so that whatever else the machine does falls on all alike.
    const order = kinds.map((kind) => ({ kind, at: Math.random() })).toSorted((x, y) => x.at - y.at);
    for (const { kind } of order) times[kind].push(await timed(kind, i));
  }

  console.log(`${samples} refused sign-ins of each kind, ms`);
  console.log('kind      median     p10     p90');
  for (const kind of kinds) {
    const cells = [0.5, 0.1, 0.9].map((q) => quantile(times[kind], q).padStart(8));
    console.log(`${kind.padEnd(8)}${cells.join('')}`);
  }
  for (const other of ['known', 'waiting'] as const) {
    const { p, longer } = mannWhitney(times.unknown, times[other]);
    const verdict = p < 0.01 ? 'DIFFERENT' : 'not told apart';
    console.log(`unknown against ${other}: p = ${p.toFixed(3)}, P(unknown longer) = ${longer.toFixed(3)}: ${verdict}`);
  }
} finally {
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
