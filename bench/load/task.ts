import type { Latency } from './histogram.ts';

/** Somebody who books. */
export interface Patient {
  readonly id: string;
  readonly token: string;
}

/** A slot that can be booked. */
export interface Slot {
  readonly id: string;
  readonly capacity: number;
}

/** A day of a doctor, with what it offers. */
export interface Day {
  readonly doctorId: string;
  readonly date: string;
  readonly slots: readonly Slot[];
}

/**
 * What one virtual client does, over and over:
 * `fill` holds the next free seat of the current day, and goes on with the next day when it is full;
 * `churn` holds a slot at random and gives it back; `journey` reads a day's slots, holds one, confirms it;
 * `stampede` holds the very same seat as everybody else, once; `read` asks for the paths it was given.
 */
export type Workload = 'fill' | 'churn' | 'journey' | 'stampede' | 'read';

/** What the load generator is told to do. */
export interface Task {
  readonly url: string;
  readonly workload: Workload;
  readonly seed: number;
  readonly clients: number;
  /** How long requests are begun; a first part warms up and is not counted. */
  readonly durationMs: number;
  readonly warmUpMs: number;
  /** Closed loop when `null`; else arrivals a second, whatever the answers take. */
  readonly rate: number | null;
  readonly patients: readonly Patient[];
  readonly days: readonly Day[];
  readonly paths: readonly string[];
  /** How many seats of the days other runs have filled already. */
  readonly filled: number;
}

/** What came of a task. */
export interface Outcome {
  readonly seconds: number;
  /** Bookings (or reads) that succeeded, a second: the figure that servers are compared by. */
  readonly goodPerSecond: number;
  readonly requestsPerSecond: number;
  readonly good: number;
  readonly requests: number;
  /** Latency of what `good` counts: of a hold, a whole journey or a read. */
  readonly latency: Latency;
  /** Answers by status and, for refusals, their code; `0` is no answer. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers that are neither success nor a refusal that the rules give. */
  readonly errors: number;
  /** What broke the rules; one is enough to make the run worthless. */
  readonly violations: readonly string[];
  readonly filled: number;
  readonly generatorCpuMs: number;
}
