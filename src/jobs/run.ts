import { type Database, database } from '../db/client.ts';
import type { JobCounts } from '../db/schema.ts';
import { type Cadence, isAlarming } from '../domain/job-schedule.ts';
import { raiseByClock } from '../http/alerts.ts';
import { describeError, report } from '../http/log.ts';
import { claimJob, type Ended, endRun, type JobRow, jobRows } from './claim.ts';
import type { Job } from './job.ts';

const minuteMs = 60_000;
/** How long a run may take, ms. What takes longer has failed, and nobody waits for it. Its claim lapses later. */
const limitMs: Readonly<Record<Cadence, number>> = {
  minute: minuteMs,
  five_minutes: 4 * minuteMs,
  day: 10 * minuteMs,
  week: 10 * minuteMs,
  month: 10 * minuteMs,
};

class JobTookTooLong extends Error {
  override name = 'JobTookTooLong';
}

/**
 * Runs those of the jobs that are due, one after the other. What one throws is recorded, and the next one runs.
 *
 * @param graceMs how long a job must have been due
 */
export const runDue = async (env: Env, jobs: readonly Job[], nowMs: number, graceMs = 0): Promise<void> => {
  const db = database(env.DB);
  const beganAtMs = Date.now();
  const names = jobs.map(({ name }) => name);
  const rows = await jobRows(db, names);
  for (const job of jobs) {
    // Those before it took their time.
    const atMs = nowMs + Date.now() - beganAtMs;
    const row = rows.get(job.name);
    if (row !== undefined && row.dueAtMs + graceMs > atMs) continue;
    try {
      await recordCrash(env, db, job, row, atMs);
      const runId = await claimJob(db, job, 'due', atMs);
      if (runId !== null) await runClaimed(env, job, { runId, askedBy: null }, atMs);
    } catch (error) {
      report('job_not_recorded', { job: job.name, ...describeError(error) });
    }
  }
};

/** Runs a job that was claimed, and records how it ended. Throws only when that cannot be recorded. */
export const runClaimed = async (
  env: Env,
  job: Job,
  { runId, askedBy }: { readonly runId: string; readonly askedBy: string | null },
  nowMs: number,
): Promise<Ended> => {
  const beganAtMs = Date.now();
  let how: Pick<Ended, 'outcome' | 'counts' | 'error'>;
  try {
    how = { outcome: 'succeeded', counts: await inTime(job, job.work(env, nowMs)), error: null };
  } catch (error) {
    const described = describeError(error);
    report('job_failed', { job: job.name, run: runId, ...described });
    how = { outcome: 'failed', counts: {}, error: described.error };
  }
  const durationMs = Math.max(0, Date.now() - beganAtMs);
  const ended: Ended = { runId, startedAtMs: nowMs, durationMs, askedBy, ...how };
  const failures = await endRun(database(env.DB), job, ended, nowMs + durationMs);
  if (how.outcome === 'failed') await alarm(env, job, ended, failures);
  return ended;
};

const inTime = async (job: Job, work: Promise<JobCounts>): Promise<JobCounts> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new JobTookTooLong(job.name)), limitMs[job.every]);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** A run whose claim has lapsed will never end: it is recorded, and its job runs now. */
const recordCrash = async (env: Env, db: Database, job: Job, row: JobRow | undefined, nowMs: number): Promise<void> => {
  if (row === undefined || row.runId === null || row.claimedUntilMs === null || row.claimedUntilMs > nowMs) return;
  report('job_crashed', { job: job.name, run: row.runId });
  const startedAtMs = row.startedAtMs ?? row.claimedUntilMs;
  const ended: Ended = {
    runId: row.runId,
    startedAtMs,
    durationMs: row.claimedUntilMs - startedAtMs,
    outcome: 'crashed',
    counts: {},
    error: null,
    askedBy: null,
  };
  await alarm(env, job, ended, await endRun(db, job, ended, nowMs));
};

const alarm = async (env: Env, { name, every }: Job, { outcome, error }: Ended, failures: number): Promise<void> => {
  if (!isAlarming(every, failures)) return;
  await raiseByClock(env, 'job.failed', { subjectId: name, reason: error ?? outcome, count: failures });
};
