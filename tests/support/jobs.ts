import { jobs } from '../../src/cron.ts';
import type { Cadence } from '../../src/domain/job-schedule.ts';

/** Does the work of all jobs that run so often, whether they are due or not, without a record. */
const work = async (env: Env, nowMs: number, ...cadences: readonly Cadence[]): Promise<void> => {
  for (const job of jobs.filter(({ every }) => cadences.includes(every))) await job.work(env, nowMs);
};

/** What the clock does every minute. */
export const runEveryMinute = (env: Env, nowMs: number): Promise<void> => work(env, nowMs, 'minute', 'five_minutes');

/** What the clock does at night. */
export const runDaily = (env: Env, nowMs: number): Promise<void> => work(env, nowMs, 'day', 'week', 'month');
