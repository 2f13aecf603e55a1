import type { Kind } from './contenders/contender.ts';
import type { Workload } from './load/task.ts';

/** One thing that is measured, of each contender that can do it. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  readonly workload: Workload;
  readonly kind: Kind;
  readonly clients: number;
  /** The floor has no slots to read, nothing to confirm and no seats to run out of. */
  readonly withFloor: boolean;
  /** Left out of a quick run. */
  readonly slow?: true;
}

export const experiments: readonly Experiment[] = [
  {
    name: 'hot-day',
    title: 'Hot day: holds on one doctor-day of 32 slots for 32, 100 clients',
    ...{ workload: 'fill', kind: 'fill', clients: 100, withFloor: true },
  },
  {
    name: 'hot-day-churn',
    title: 'Hot day, given back: hold and cancel on 32 slots for four, 100 clients',
    ...{ workload: 'churn', kind: 'hot', clients: 100, withFloor: true, slow: true },
  },
  {
    name: '64-days',
    title: '64 days: hold and cancel, 32 slots for one each, 100 clients',
    ...{ workload: 'churn', kind: 'many', clients: 100, withFloor: true },
  },
  {
    name: '1000-clients',
    title: '1,000 clients on 64 days: hold and cancel',
    ...{ workload: 'churn', kind: 'many', clients: 1000, withFloor: true, slow: true },
  },
  {
    name: 'journey',
    title: 'Journey: slots, hold, confirm, on 64 days, 100 clients',
    ...{ workload: 'journey', kind: 'journeys', clients: 100, withFloor: false },
  },
  {
    name: 'stampede-1000',
    title: 'Stampede: 1,000 patients want one seat at once',
    ...{ workload: 'stampede', kind: 'single', clients: 1000, withFloor: false },
  },
  {
    name: 'stampede-2000',
    title: 'Stampede: 2,000 patients want one seat at once',
    ...{ workload: 'stampede', kind: 'single', clients: 2000, withFloor: false, slow: true },
  },
];

/** How long and how often. Every loop is bounded by these. */
export interface Pace {
  readonly rounds: number;
  readonly withSlow: boolean;
  readonly durationMs: number;
  readonly warmUpMs: number;
  /** How long a server may take to become quiet after a run. */
  readonly settleMs: number;
  /** Shares of the saturation that the open loop offers. */
  readonly openShares: readonly number[];
  readonly openDurationMs: number;
  readonly readDurationMs: number;
  /** Doctors and appointments in D1, before and after it has grown. */
  readonly doctors: readonly [number, number];
  readonly appointments: readonly [number, number];
  /** Bookings far apart that are counted one by one; each takes three seconds. */
  readonly apart: number;
  readonly fillDays: number;
  readonly singleDays: number;
}

export const fullPace: Pace = {
  rounds: 5,
  withSlow: true,
  durationMs: 6_000,
  warmUpMs: 1_000,
  settleMs: 10_000,
  openShares: [0.3, 0.5, 0.7, 0.9],
  openDurationMs: 8_000,
  readDurationMs: 5_000,
  doctors: [100, 10_000],
  appointments: [10_000, 1_000_000],
  apart: 4,
  fillDays: 200,
  singleDays: 12,
};

export const quickPace: Pace = {
  rounds: 2,
  withSlow: false,
  durationMs: 1_000,
  warmUpMs: 250,
  settleMs: 800,
  openShares: [0.7],
  openDurationMs: 1_200,
  readDurationMs: 400,
  doctors: [20, 400],
  appointments: [500, 10_000],
  apart: 2,
  fillDays: 40,
  singleDays: 6,
};
