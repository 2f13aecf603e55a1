import { consumeDayMessage } from '../../src/features/schedules/consume.ts';
import { Actors } from './actors.ts';
import { growOld } from './aftermath.ts';
import { settle } from './clinic.ts';
import { callsOf, type DayCall, dayModel } from './day-model.ts';
import type { Operation, Told } from './history.ts';
import { Inspector } from './inspector.ts';
import { linearize } from './linearizability.ts';
import { People } from './people.ts';
import type { Plan } from './plan.ts';
import { bringToRest } from './quiet.ts';
import { Random } from './random.ts';
import { Violation } from './violation.ts';
import { World } from './world.ts';

/** How a run went. */
export interface Outcome {
  /** What broke, and the number of its rule; `null` when every promise was kept. */
  readonly failure: { readonly rule: string; readonly what: string } | null;
  /** Days with so many calls at once that the search for an order was given up: neither kept nor broken. */
  readonly undecided: number;
  readonly steps: number;
  readonly operations: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly told: readonly Told[];
  /** A digest of everything that happened: equal for equal runs. */
  readonly digest: string;
}

/** Runs a plan from beginning to end. The same plan gives the same outcome, to the last step. */
export const simulate = async (plan: Plan): Promise<Outcome> => {
  const world = new World(plan, new Random(plan.seed));
  settle(world.d1, plan);
  world.consume = (message) => consumeDayMessage(world.env, message, world.scheduler.nowMs());
  const people = new People(world, plan.seed);
  const inspector = new Inspector(world, people);
  let undecided = 0;
  const failure = await quietly(async () => {
    try {
      new Actors(world, people, plan).begin();
      await world.runUntil(plan.durationMs, inspector.afterStep);
      await bringToRest(world, people, inspector, plan);
      if (plan.growsOld) await growOld(world, people, inspector, plan);
      undecided = checkHistory(world.history.operations, plan.limits, inspector.offers);
      return null;
    } catch (error) {
      if (error instanceof Violation) return { rule: error.rule, what: error.message };
      return { rule: 'crash', what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  });
  return {
    failure,
    undecided,
    steps: world.scheduler.steps,
    operations: world.history.operations.length,
    faults: world.faults.counts,
    told: world.history.told,
    digest: digestOf([world.history.told, world.history.operations, world.faults.counts, world.scheduler.steps]),
  };
};

/** The history of every day has an explanation in which requests happen one at a time. Gives how many it gave up on. */
const checkHistory = (
  operations: readonly Operation[],
  limits: Plan['limits'],
  offers: Inspector['offers'],
): number => {
  let undecided = 0;
  for (const [day, calls] of callsOf(operations)) {
    const verdict = linearize(dayModel(day, limits, offers.get(day)), calls);
    if (verdict.ok === 'unknown') undecided += 1;
    if (verdict.ok !== false) continue;
    const { reached, stuck, state } = verdict;
    const lines = [...reached.slice(-12), 'then none of', ...stuck].map((one) =>
      typeof one === 'string' ? one : line(one),
    );
    throw new Violation(
      'DD37',
      `no order explains ${day}:\n${lines.join('\n')}\n${JSON.stringify({ ...state, plan: null, offers: null })}`,
    );
  }
  return undecided;
};

const line = ({ operation, start, end }: DayCall): string => {
  const { method, args, answer, startMs, endMs } = operation;
  return `  ${start}-${end} ${startMs}-${endMs} ${method} ${JSON.stringify(args)} = ${JSON.stringify(answer)}`;
};

/** The code under test reports to the console what a run causes on purpose. */
const quietly = async <T>(work: () => Promise<T>): Promise<T> => {
  const { error } = console;
  console.error = () => undefined;
  try {
    return await work();
  } finally {
    console.error = error;
  }
};

const digestOf = (value: unknown): string => {
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify(value)) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16);
};
