import type { JobCounts } from '../db/schema.ts';
import type { Cadence } from '../domain/job-schedule.ts';

/** A piece of work that is done by the clock. */
export interface Job {
  /** What it does: `forget_answers`. It never changes: its runs are kept under it. */
  readonly name: string;
  readonly every: Cadence;
  /** What it does, in a sentence for admins. */
  readonly description: string;
  /**
   * Does the work, and gives what it did in numbers. It may be done twice at once, should a run take longer than its
   * claim, and must not mind. What it throws is recorded by its name.
   *
   * @param nowMs when it was to run
   */
  work(env: Env, nowMs: number): Promise<JobCounts>;
}
