import type { Sample } from '../measure.ts';
import type { ObjectAlone } from '../probe/object-alone.ts';
import type { Probe } from '../probe/probe.ts';
import type { Read } from '../reads/reads.ts';

/** One experiment with all its runs. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  readonly samples: readonly Sample[];
}

/** Everything that a benchmark found. */
export interface Results {
  readonly command: string;
  readonly atUtc: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly experiments: readonly Measured[];
  readonly open: readonly Sample[];
  readonly objectAlone: ObjectAlone;
  readonly reads: readonly Read[];
  readonly probe: Probe;
  /** Slots with more live appointments than seats, by contender, in its own storage at the end. */
  readonly overbooked: Readonly<Record<string, number>>;
}

/** What a contender came to in an experiment: the median of its rounds. */
export interface Summary {
  readonly contender: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly errors: number;
  readonly cpuMsPerRequest: number;
  readonly violations: number;
  /** Daybook's bookings a second over this contender's, in the median of the rounds: each round is its own comparison. */
  readonly daybookOver: number | null;
}

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** A run whose history broke a rule counts nothing. */
export const scoreOf = (sample: Sample): number => (sample.violations.length > 0 ? 0 : sample.goodPerSecond);

/** Summarises the runs of an experiment by contender, in the order in which they first ran. */
export const summarise = (samples: readonly Sample[]): Summary[] => {
  const byContender = Map.groupBy(samples, ({ contender }) => contender);
  const daybook = new Map((byContender.get('daybook') ?? []).map((sample) => [sample.round, scoreOf(sample)]));
  return [...byContender].map(([contender, runs]) => {
    const of = (value: (sample: Sample) => number): number => median(runs.map(value));
    const ratios = runs
      .filter((run) => scoreOf(run) > 0 && daybook.has(run.round))
      .map((run) => (daybook.get(run.round) ?? 0) / scoreOf(run));
    return {
      contender,
      perSecond: of(scoreOf),
      p50: of(({ latency }) => latency.p50),
      p99: of(({ latency }) => latency.p99),
      p999: of(({ latency }) => latency.p999),
      errors: runs.reduce((sum, { errors }) => sum + errors, 0),
      cpuMsPerRequest: of((sample) => sample.cpuMsPerRequest),
      violations: runs.reduce((sum, { violations }) => sum + violations.length, 0),
      daybookOver: ratios.length === 0 ? null : median(ratios),
    };
  });
};
