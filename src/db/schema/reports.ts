import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { type MonthlyReport, subjectKinds } from '../../domain/report.ts';

/** What a month came to, of a doctor, a clinic, or all (`'*'`). Revisions are never changed, but that another replaces them. */
export const monthlyReports = sqliteTable(
  'monthly_reports',
  {
    subjectId: text('subject_id').notNull(),
    /** `YYYY-MM`. */
    month: text('month').notNull(),
    /** From 1. */
    revision: integer('revision').notNull(),
    kind: text('kind', { enum: subjectKinds }).notNull(),
    report: text('report', { mode: 'json' }).$type<MonthlyReport>().notNull(),
    madeAtMs: integer('made_at_ms').notNull(),
    /** The admin who had it made anew; `null`: the clock. */
    madeBy: text('made_by'),
    /** Since when another revision stands in its place. */
    supersededAtMs: integer('superseded_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.month, t.revision] }),
    uniqueIndex('monthly_reports_newest').on(t.subjectId, t.month).where(sql`${t.supersededAtMs} is null`),
    index('monthly_reports_by_month').on(t.month, t.subjectId).where(sql`${t.supersededAtMs} is null`),
    index('monthly_reports_by_kind').on(t.month, t.kind, t.subjectId).where(sql`${t.supersededAtMs} is null`),
  ],
);

/** How far the reports of a month have come: one row a month. */
export const reportProgress = sqliteTable('report_progress', {
  month: text('month').primaryKey(),
  /** Up to which subject this round has come. */
  afterId: text('after_id').notNull().default(''),
  /** When to go on, and of a round under way when it began: rounds follow each other until the month is over everywhere. */
  nextAtMs: integer('next_at_ms').notNull(),
  doneAtMs: integer('done_at_ms'),
});
