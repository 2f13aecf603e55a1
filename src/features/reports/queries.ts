import { and, asc, desc, eq, gt, isNull, lt } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { monthlyReports } from '../../db/schema.ts';
import type { Month, SubjectKind } from '../../domain/report.ts';

/** A stored report. */
export type ReportRow = typeof monthlyReports.$inferSelect;

const newest = isNull(monthlyReports.supersededAtMs);

/** The newest report of somebody's month; `null` when there is none. */
export const newestReport = async (db: Database, subjectId: string, month: Month): Promise<ReportRow | null> =>
  (
    await db
      .select()
      .from(monthlyReports)
      .where(and(eq(monthlyReports.subjectId, subjectId), eq(monthlyReports.month, month), newest))
  )[0] ?? null;

/** One revision of somebody's month; `null` when there is none. */
export const revisionOf = async (
  db: Database,
  subjectId: string,
  month: Month,
  revision: number,
): Promise<ReportRow | null> =>
  (
    await db
      .select()
      .from(monthlyReports)
      .where(
        and(
          eq(monthlyReports.subjectId, subjectId),
          eq(monthlyReports.month, month),
          eq(monthlyReports.revision, revision),
        ),
      )
  )[0] ?? null;

/** The newest reports of a month, of a kind or of one subject or all, by subject: one more than `limit` when there are more. */
export const reportsOfMonth = (
  db: Database,
  month: Month,
  of: { readonly kind?: SubjectKind | undefined; readonly subjectId?: string | undefined },
  after: { readonly subjectId: string } | null,
  limit: number,
): Promise<ReportRow[]> =>
  db
    .select()
    .from(monthlyReports)
    .where(
      and(
        eq(monthlyReports.month, month),
        newest,
        of.kind === undefined ? undefined : eq(monthlyReports.kind, of.kind),
        of.subjectId === undefined ? undefined : eq(monthlyReports.subjectId, of.subjectId),
        after === null ? undefined : gt(monthlyReports.subjectId, after.subjectId),
      ),
    )
    .orderBy(asc(monthlyReports.subjectId))
    .limit(limit + 1);

/** Somebody's newest reports, latest month first: one more than `limit` when there are more. */
export const reportsOf = (
  db: Database,
  subjectId: string,
  after: { readonly month: string } | null,
  limit: number,
): Promise<ReportRow[]> =>
  db
    .select()
    .from(monthlyReports)
    .where(
      and(
        eq(monthlyReports.subjectId, subjectId),
        newest,
        after === null ? undefined : lt(monthlyReports.month, after.month),
      ),
    )
    .orderBy(desc(monthlyReports.month))
    .limit(limit + 1);
