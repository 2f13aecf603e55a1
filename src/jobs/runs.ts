import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { jobRuns, jobs } from '../db/schema.ts';
import type { JobRun } from './claim.ts';

const keptMs = 180 * 86_400_000;

/** Runs of a job, newest first; one more than `limit` when there are more. */
export const runPage = (
  db: Database,
  job: string,
  after: { readonly startedAtMs: number; readonly id: string } | null,
  limit: number,
): Promise<JobRun[]> =>
  db
    .select()
    .from(jobRuns)
    .where(
      and(
        eq(jobRuns.job, job),
        after === null ? undefined : sql`(${jobRuns.startedAtMs}, ${jobRuns.id}) < (${after.startedAtMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(jobRuns.startedAtMs), desc(jobRuns.id))
    .limit(limit + 1);

/** Deletes records of runs that are over 180 days old, and what is known of jobs that there are no more. A weekly job. */
export const forgetJobRuns = async (
  db: Database,
  names: readonly string[],
  nowMs: number,
): Promise<{ readonly runs: number; readonly jobs: number }> => {
  const runs = await db.delete(jobRuns).where(lt(jobRuns.startedAtMs, nowMs - keptMs));
  const gone = await db.delete(jobs).where(sql`${jobs.name} in (
    select name from jobs order by name limit 1000
  ) and ${jobs.name} not in (select value from json_each(${JSON.stringify(names)}))`);
  return { runs: runs.meta.changes, jobs: gone.meta.changes };
};
