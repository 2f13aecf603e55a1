import { and, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { type JobCounts, type jobOutcomes, jobRuns, jobs } from '../db/schema.ts';
import { type Cadence, nextDueMs, retryDueMs } from '../domain/job-schedule.ts';
import type { Job } from './job.ts';

/** What is stored of a job. */
export type JobRow = typeof jobs.$inferSelect;

/** A run of a job, as it ended. */
export type JobRun = typeof jobRuns.$inferSelect;

/** After this a run that has not ended is taken for crashed, ms: longer than a run may take. */
const leaseMs: Readonly<Record<Cadence, number>> = {
  minute: 3 * 60_000,
  five_minutes: 9 * 60_000,
  day: 20 * 60_000,
  week: 20 * 60_000,
  month: 20 * 60_000,
};

/** What is stored of jobs, by name. A job that has never run is not among them. */
export const jobRows = async (db: Database, names: readonly string[]): Promise<Map<string, JobRow>> => {
  const rows = await db
    .select()
    .from(jobs)
    .where(sql`${jobs.name} in (select value from json_each(${JSON.stringify(names)}))`);
  return new Map(rows.map((row) => [row.name, row]));
};

/**
 * Claims a job for one run, in one statement, so that of many who ask at once one gets it. By the clock it must be due as
 * well. `null`: somebody else runs it, or it is not due.
 */
export const claimJob = async (
  db: Database,
  { name, every }: Job,
  when: 'due' | 'now',
  nowMs: number,
): Promise<string | null> => {
  const claim = { runId: `r_${crypto.randomUUID()}`, claimedUntilMs: nowMs + leaseMs[every], startedAtMs: nowMs };
  const idle = or(isNull(jobs.claimedUntilMs), lte(jobs.claimedUntilMs, nowMs));
  const claimed = await db
    .insert(jobs)
    .values({ name, dueAtMs: nowMs, ...claim })
    .onConflictDoUpdate({
      target: jobs.name,
      set: claim,
      setWhere: sql`${when === 'due' ? and(idle, lte(jobs.dueAtMs, nowMs)) : idle}`,
    })
    .returning({ runId: jobs.runId });
  return claimed.length === 0 ? null : claim.runId;
};

/** How a run ended. */
export interface Ended {
  readonly runId: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly outcome: (typeof jobOutcomes)[number];
  readonly counts: JobCounts;
  readonly error: string | null;
  readonly askedBy: string | null;
}

/**
 * Records how a run ended and gives its claim back; a run whose claim another has taken since is kept, but changes
 * nothing else. Rows cost: of what runs by the minute only failures and runs that somebody asked for are kept each, the
 * others as the latest one and as numbers.
 *
 * @returns how many runs in a row have failed now
 */
export const endRun = async (db: Database, job: Job, ended: Ended, nowMs: number): Promise<number> => {
  const { runId, askedBy, ...run } = ended;
  const succeeded = run.outcome === 'succeeded';
  const inRow = succeeded ? 0 : sql<number>`${jobs.failuresInRow} + 1`;
  const endedAtMs = run.startedAtMs + run.durationMs;
  const change = db
    .update(jobs)
    .set({
      runId: null,
      claimedUntilMs: null,
      outcome: run.outcome,
      durationMs: run.durationMs,
      counts: run.counts,
      error: run.error,
      endedAtMs,
      ...(succeeded ? { succeededAtMs: endedAtMs } : { failedAtMs: endedAtMs }),
      runs: sql`${jobs.runs} + 1`,
      failures: sql`${jobs.failures} + ${succeeded ? 0 : 1}`,
      failuresInRow: inRow,
      // Who crashed has waited for its claim to lapse already.
      dueAtMs: succeeded ? nextDueMs(job.every, nowMs) : run.outcome === 'crashed' ? nowMs : retries(job.every, nowMs),
    })
    .where(and(eq(jobs.name, job.name), eq(jobs.runId, runId)))
    .returning({ failuresInRow: jobs.failuresInRow });
  const kept = !succeeded || askedBy !== null || !['minute', 'five_minutes'].includes(job.every);
  if (!kept) return (await change)[0]?.failuresInRow ?? 0;
  const [changed] = await db.batch([
    change,
    db
      .insert(jobRuns)
      .values({ id: runId, job: job.name, askedBy, ...run })
      .onConflictDoNothing(),
  ]);
  return changed[0]?.failuresInRow ?? 0;
};

/** The instants at which a job is tried again after one failure, two and so on, as SQL that knows how many there were. */
const retries = (cadence: Cadence, nowMs: number) => {
  const instants = Array.from({ length: 12 }, (_, failures) => retryDueMs(cadence, failures + 1, nowMs));
  return sql`json_extract(${JSON.stringify(instants)}, '$[' || min(${jobs.failuresInRow}, ${instants.length - 1}) || ']')`;
};
