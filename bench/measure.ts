import { setTimeout as sleep } from 'node:timers/promises';
import { type Contender, kinds } from './contenders/contender.ts';
import type { Generator } from './load/generator.ts';
import type { Outcome, Patient, Task } from './load/task.ts';
import type { Experiment, Pace } from './plan.ts';
import { cpuMs } from './server/processes.ts';

/** One run of one contender. */
export interface Sample extends Omit<Outcome, 'filled'> {
  readonly round: number;
  readonly contender: string;
  readonly offeredPerSecond: number | null;
  /** CPU time of all server processes, with what they did afterwards, per request. */
  readonly cpuMsPerRequest: number;
}

/** A benchmark's hands: the generator, the patients, and how full each contender's days are. */
export class Bench {
  readonly #generator: Generator;
  readonly #patients: readonly Patient[];
  readonly #pace: Pace;
  readonly #filled = new Map<string, number>();
  readonly #stampedes = new Map<string, number>();
  #runs = 0;

  constructor(generator: Generator, patients: readonly Patient[], pace: Pace) {
    this.#generator = generator;
    this.#patients = patients;
    this.#pace = pace;
  }

  /** Runs an experiment once on one contender; in an open loop when a rate is given. */
  async run(contender: Contender, experiment: Experiment, round: number, rate: number | null = null): Promise<Sample> {
    const { days, filled, done } = this.#days(contender, experiment, round);
    return this.#perform(contender, round, rate, done, {
      workload: experiment.workload,
      clients: experiment.clients,
      durationMs: rate === null ? this.#pace.durationMs : this.#pace.openDurationMs,
      days,
      paths: [],
      filled,
    });
  }

  /** Reads paths over and over. */
  read(contender: Contender, paths: readonly string[], readers: readonly Patient[]): Promise<Sample> {
    const durationMs = this.#pace.readDurationMs;
    const task = { workload: 'read' as const, clients: 8, durationMs, days: [], paths, filled: 0, patients: readers };
    return this.#perform(contender, 1, null, () => undefined, task);
  }

  async #perform(
    contender: Contender,
    round: number,
    rate: number | null,
    done: (filled: number) => void,
    task: Pick<Task, 'workload' | 'clients' | 'durationMs' | 'days' | 'paths' | 'filled'> & Partial<Task>,
  ): Promise<Sample> {
    this.#runs += 1;
    await settle(contender, this.#pace.settleMs);
    const before = cpuMs(contender.pids());
    const { warmUpMs } = this.#pace;
    const { filled, ...outcome } = await this.#generator.perform({
      ...{ url: contender.url, seed: this.#runs, warmUpMs: task.workload === 'stampede' ? 0 : warmUpMs, rate },
      patients: this.#patients,
      ...task,
    });
    done(filled);
    await settle(contender, this.#pace.settleMs);
    const cpuMsPerRequest = (cpuMs(contender.pids()) - before) / Math.max(1, outcome.requests);
    return { ...outcome, round, contender: contender.name, offeredPerSecond: rate, cpuMsPerRequest };
  }

  /** The days that a run works on, and how to note what it used up. */
  #days(contender: Contender, { workload, kind }: Experiment, round: number) {
    const all = contender.offer[kind];
    const { name } = contender;
    if (workload === 'stampede') {
      const next = this.#stampedes.get(name) ?? 0;
      this.#stampedes.set(name, next + 1);
      if (next >= all.length) throw new Error('there is no fresh seat left for a stampede');
      return { days: all.slice(next, next + 1), filled: 0, done: () => undefined };
    }
    if (workload === 'journey') {
      const { doctors } = kinds.journeys;
      const days = all.slice((round - 1) * doctors, round * doctors);
      return { days, filled: 0, done: () => undefined };
    }
    if (workload !== 'fill') return { days: all, filled: 0, done: () => undefined };
    const seats = (all[0]?.slots ?? []).reduce((sum, slot) => sum + slot.capacity, 0);
    const used = this.#filled.get(name) ?? 0;
    const first = Math.floor(used / seats);
    const done = (filled: number): void => void this.#filled.set(name, first * seats + filled);
    return { days: all.slice(first, first + 16), filled: used - first * seats, done };
  }
}

const lookEveryMs = 100;
const quietCpuMs = 10;

/** Waits until a server has done what it still had to do, within a bound. */
const settle = async (contender: Contender, withinMs: number): Promise<void> => {
  const untilMs = Date.now() + withinMs;
  let before = cpuMs(contender.pids());
  while (Date.now() < untilMs) {
    await sleep(lookEveryMs);
    const now = cpuMs(contender.pids());
    if (now - before < quietCpuMs) return;
    before = now;
  }
};
