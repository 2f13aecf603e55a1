import type { z } from '@hono/zod-openapi';
import { database } from '../../db/client.ts';
import type { Principal } from '../../domain/access.ts';
import { nextDueMs } from '../../domain/job-schedule.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { claimJob, type JobRow, type JobRun, jobRows } from '../../jobs/claim.ts';
import type { Job } from '../../jobs/job.ts';
import { runClaimed } from '../../jobs/run.ts';
import { auditStatement } from '../audit/record.ts';
import type { jobRunSchema, jobSchema } from './schema.ts';

const at = (ms: number | null | undefined): string | null => (ms == null ? null : new Date(ms).toISOString());

/** All jobs, in the order in which they run, and how each has been doing. */
export const jobList = async (env: Env, jobs: readonly Job[], nowMs: number): Promise<z.input<typeof jobSchema>[]> => {
  const names = jobs.map(({ name }) => name);
  const rows = await jobRows(database(env.DB), names);
  return jobs.map((job) => jobView(job, rows.get(job.name), nowMs));
};

const jobView = ({ name, description, every }: Job, row: JobRow | undefined, nowMs: number) => ({
  name,
  description,
  every,
  running: (row?.claimedUntilMs ?? 0) > nowMs,
  nextRunAt: new Date(row?.dueAtMs ?? nextDueMs(every, nowMs)).toISOString(),
  lastRun: lastRunOf(row),
  lastSuccessAt: at(row?.succeededAtMs),
  lastFailureAt: at(row?.failedAtMs),
  runs: row?.runs ?? 0,
  failures: row?.failures ?? 0,
  failuresInRow: row?.failuresInRow ?? 0,
});

const lastRunOf = (row: JobRow | undefined): z.input<typeof jobSchema>['lastRun'] => {
  if (row === undefined || row.outcome === null || row.endedAtMs === null) return null;
  const { outcome, error, endedAtMs } = row;
  const durationMs = row.durationMs ?? 0;
  const startedAt = new Date(endedAtMs - durationMs).toISOString();
  return { startedAt, durationMs, outcome, counts: row.counts ?? {}, error };
};

/** A run as the API shows it. */
export const runView = ({ startedAtMs, job: _, ...run }: JobRun): z.input<typeof jobRunSchema> => ({
  ...run,
  startedAt: new Date(startedAtMs).toISOString(),
});

/**
 * Runs a job at once, due or not, and waits for it. Who asked is in the audit before it begins. A run that fails is an
 * answer, not a refusal. Refuses with `job_running`.
 */
export const runByHand = async (
  env: Env,
  job: Job,
  actor: Principal,
  nowMs: number,
): Promise<Result<z.input<typeof jobRunSchema>, Refusal>> => {
  const db = database(env.DB);
  const runId = await claimJob(db, job, 'now', nowMs);
  if (runId === null) return refused(refusal('job_running'));
  await auditStatement(db, {
    stream: `account:${actor.id}`,
    actor,
    action: 'job.run',
    subjectId: job.name,
    data: { run: runId },
    atMs: nowMs,
  });
  const { runId: id, ...run } = await runClaimed(env, job, { runId, askedBy: actor.id }, nowMs);
  return ok(runView({ id, job: job.name, ...run }));
};
