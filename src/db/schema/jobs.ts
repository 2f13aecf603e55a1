import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** How a run of a job ended. `crashed`: it never did, and its claim has lapsed. */
export const jobOutcomes = ['succeeded', 'failed', 'crashed'] as const;

/** What a run did, in numbers: `{ "deleted": 12 }`. */
export type JobCounts = Readonly<Record<string, number>>;

/** One row a job: its claim, when it is due, its latest run, and counts of all its runs. */
export const jobs = sqliteTable('jobs', {
  name: text('name').primaryKey(),
  /** When it is to run next. */
  dueAtMs: integer('due_at_ms').notNull(),
  /** The run that has claimed it; `null` when none has. */
  runId: text('run_id'),
  /** When that claim lapses, should the run never end. */
  claimedUntilMs: integer('claimed_until_ms'),
  startedAtMs: integer('started_at_ms'),
  /** Of the latest run that ended. */
  outcome: text('outcome', { enum: jobOutcomes }),
  durationMs: integer('duration_ms'),
  counts: text('counts', { mode: 'json' }).$type<JobCounts>(),
  /** The name of the error, never its message. */
  error: text('error'),
  endedAtMs: integer('ended_at_ms'),
  succeededAtMs: integer('succeeded_at_ms'),
  failedAtMs: integer('failed_at_ms'),
  runs: integer('runs').notNull().default(0),
  failures: integer('failures').notNull().default(0),
  failuresInRow: integer('failures_in_row').notNull().default(0),
});

/** Runs worth keeping: of what runs by the day or more seldom all, of what runs by the minute those that failed or were asked for. */
export const jobRuns = sqliteTable(
  'job_runs',
  {
    id: text('id').primaryKey(),
    job: text('job').notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    durationMs: integer('duration_ms').notNull(),
    outcome: text('outcome', { enum: jobOutcomes }).notNull(),
    counts: text('counts', { mode: 'json' }).$type<JobCounts>().notNull(),
    error: text('error'),
    /** The admin who asked for it; `null`: the clock. */
    askedBy: text('asked_by'),
  },
  (t) => [index('job_runs_by_job').on(t.job, t.startedAtMs, t.id), index('job_runs_by_age').on(t.startedAtMs)],
);
