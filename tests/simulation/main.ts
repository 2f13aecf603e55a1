import { parseArgs } from 'node:util';
import { playedAgain } from './again.ts';
import { runMonth } from './month/main.ts';
import { runPayments } from './payments/main.ts';
import { drawPlan, type Plan } from './plan.ts';
import { shrink } from './shrink.ts';
import { type Outcome, simulate } from './simulate.ts';

const help = `Runs the real booking code in simulated worlds, and checks its promises.

  npm run simulate                       1,000 seeds, a month of reminders for 5,000 appointments, and 1,000 sequences of
                                         payments
  npm run simulate -- --seeds 5000       so many seeds
  npm run simulate -- --minutes 10       as many as fit in the time
  npm run simulate -- --seed 42          one seed again, exactly, with its history
  npm run simulate -- --from 7000        begin with another seed
  npm run simulate -- --payments 10000   so many sequences of payments alone
  npm run simulate -- --month 3          a month of reminders alone, by its seed
  npm run simulate -- --first            stop at the first seed that fails; do not shrink it
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    minutes: { type: 'string' },
    from: { type: 'string', default: '1' },
    month: { type: 'string' },
    payments: { type: 'string' },
    first: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Sequences of payments that a run without options plays. */
const paymentSequences = 1_000;
/** One seed in so many is played twice, to see that it goes the same way. */
const twiceEvery = 10;

/** A failure with the beginning and the end of each of its lines: what was asked and what was answered. */
const shortened = (what: string): string =>
  what
    .split('\n')
    .map((one) => (one.length <= 900 ? one : `${one.slice(0, 600)} … ${one.slice(-280)}`))
    .join('\n');

const time = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(5, 23);

const printHistory = (plan: Plan, outcome: Outcome): void => {
  const kinds = Object.entries(plan.faults.rates).filter(([, rate]) => rate > 0);
  console.log(`  ${plan.actions.length} actions; faults: ${kinds.map(([kind]) => kind).join(', ') || 'none'}`);
  for (const { what, fromMs, toMs } of plan.faults.bursts) console.log(`  ${what} from ${fromMs} to ${toMs} ms`);
  for (const { atMs, text } of outcome.told) console.log(`  ${time(atMs)} ${text}`);
};

const runOne = async (seed: number): Promise<boolean> => {
  const plan = drawPlan(seed);
  const outcome = await simulate(plan);
  printHistory(plan, outcome);
  console.log(
    `seed ${seed}: ${outcome.failure?.what ?? 'every promise kept'} (${outcome.steps} steps, digest ${outcome.digest})`,
  );
  return outcome.failure === null;
};

const report = async (seed: number, rule: string): Promise<void> => {
  const breaks = async (plan: Plan) => (await simulate(plan)).failure?.rule ?? null;
  const small = await shrink(drawPlan(seed), rule, breaks);
  const outcome = await simulate(small);
  console.log(`seed ${seed}, shrunk: ${shortened(outcome.failure?.what ?? 'nothing')}`);
  printHistory(small, outcome);
};

const runMany = async (): Promise<boolean> => {
  const from = Number(values.from);
  const untilMs = values.minutes === undefined ? null : performance.now() + Number(values.minutes) * 60_000;
  const count = Number(values.seeds ?? (untilMs === null ? 1_000 : Number.POSITIVE_INFINITY));
  const startedMs = performance.now();
  const total = { seeds: 0, steps: 0, operations: 0, faults: 0, undecided: 0, failures: 0 };
  const line = (): string => {
    const seconds = (performance.now() - startedMs) / 1_000;
    const rate = (n: number) => Math.round(n / seconds).toLocaleString('en');
    const all = (n: number) => n.toLocaleString('en');
    return (
      `${all(total.seeds)} seeds (${rate(total.seeds)}/s), ${all(total.steps)} steps (${rate(total.steps)}/s), ` +
      `${all(total.faults)} faults (${rate(total.faults)}/s), ${all(total.operations)} operations checked, ` +
      `${total.undecided} days undecided, ${total.failures} failures`
    );
  };
  for (let seed = from; seed < from + count; seed += 1) {
    if (untilMs !== null && performance.now() > untilMs) break;
    const outcome = await simulate(drawPlan(seed));
    const { failure, undecided, steps, operations, faults } = outcome;
    total.seeds += 1;
    total.undecided += undecided;
    total.steps += steps;
    total.operations += operations;
    for (const times of Object.values(faults)) total.faults += times;
    if (failure !== null) {
      total.failures += 1;
      console.log(`seed ${seed}: ${shortened(failure.what)}`);
      if (values.first) break;
      await report(seed, failure.rule);
    }
    const other = seed % twiceEvery === 0 ? await playedAgain(drawPlan(seed), outcome) : null;
    if (other !== null) {
      total.failures += 1;
      console.log(`seed ${seed}, played twice: ${other}`);
      if (values.first) break;
    }
    if (total.seeds % 500 === 0) console.log(line());
  }
  console.log(line());
  return total.failures === 0;
};

const run = async (): Promise<boolean> => {
  if (values.payments !== undefined)
    return runPayments(Number(values.seed ?? values.from), values.seed === undefined ? Number(values.payments) : 1);
  if (values.month !== undefined) return runMonth(Number(values.month));
  if (values.seed !== undefined) return runOne(Number(values.seed));
  const kept = await runMany();
  if (values.minutes !== undefined) return kept;
  const [told, paid] = [await runMonth(Number(values.from)), await runPayments(Number(values.from), paymentSequences)];
  return kept && told && paid;
};

if (values.help) console.log(help);
else process.exitCode = (await run()) ? 0 : 1;
