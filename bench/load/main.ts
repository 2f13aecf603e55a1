// The load generator: a process of its own, told what to do by its parent, one task at a time.
import { Histogram } from './histogram.ts';
import { violationsOf } from './history.ts';
import { burst, closedLoop, openLoop } from './loops.ts';
import { randomFrom } from './random.ts';
import type { Outcome, Task } from './task.ts';
import { Run, type Visit } from './visit.ts';

const capacitiesOf = (task: Task): Map<string, number> =>
  new Map(task.days.flatMap((day) => day.slots.map((slot) => [slot.id, slot.capacity] as const)));

/** Answers that the rules give; everything else is an error. */
const isExpected = (name: string): boolean => /^(2\d\d|409 (slot_full|already_booked))$/.test(name);

const perform = async (task: Task): Promise<Outcome> => {
  const run = new Run(task, randomFrom(task.seed));
  const latency = new Histogram();
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const countFromMs = startMs + task.warmUpMs;
  let good = 0;
  let lastMs = countFromMs;
  let requestsBefore: number | null = null;
  const note = (visit: Visit, latenessMs: number): void => {
    const nowMs = performance.now();
    if (nowMs < countFromMs) return;
    requestsBefore ??= run.requests;
    lastMs = nowMs;
    if (!visit.good) return;
    good += 1;
    latency.add(visit.ms + latenessMs);
  };

  if (task.workload === 'stampede') await burst(task, run, note);
  else if (task.rate === null) await closedLoop(task, run, note);
  else await openLoop(task, task.rate, run, note);

  const used = process.cpuUsage(cpu);
  const seconds = (lastMs - countFromMs) / 1000;
  const errors = Object.entries(run.statuses).filter(([name]) => !isExpected(name));
  const perSecond = (count: number): number => (seconds === 0 ? 0 : Math.round((count / seconds) * 10) / 10);
  return {
    seconds,
    good,
    goodPerSecond: perSecond(good),
    requests: run.requests,
    requestsPerSecond: perSecond(run.requests - (requestsBefore ?? 0)),
    latency: latency.summary(),
    statuses: run.statuses,
    errors: errors.reduce((sum, [, count]) => sum + count, 0),
    violations: violationsOf(run.history, capacitiesOf(task)).slice(0, 10),
    filled: run.filled,
    generatorCpuMs: (used.user + used.system) / 1000,
  };
};

process.on('message', async (task: Task) => {
  process.send?.(await perform(task));
});
process.on('disconnect', () => process.exit(0));
