import type { Database } from '../../db/client.ts';
import type { Month } from '../../domain/report.ts';
import { page } from '../../http/pagination.ts';
import { newestReport, type ReportRow, reportsOfMonth } from './queries.ts';
import type { Line } from './view.ts';

/** A page of lines, and where the next one begins. */
export interface Lines {
  readonly lines: Line[];
  readonly nextCursor: string | null;
}

const lineOf = ({ subjectId, report }: ReportRow): Line => ({ id: subjectId, name: report.name, total: report.total });

/** The reports of a month, of one clinic or of everybody who has one, a line each. */
export const subjectLines = (rows: readonly ReportRow[], size: number): Lines => {
  const { items, nextCursor } = page(rows, size, lineOf, ({ subjectId }) => ({ subjectId }));
  return { lines: items, nextCursor };
};

/** What each doctor did in a month: of a clinic there, as its report has it, all at once; or everywhere, page by page. */
export const doctorLines = async (
  db: Database,
  month: Month,
  clinicId: string | undefined,
  after: { readonly subjectId: string } | null,
  size: number,
): Promise<Lines> => {
  if (clinicId === undefined)
    return subjectLines(await reportsOfMonth(db, month, { kind: 'doctor' }, after, size), size);
  const report = await newestReport(db, clinicId, month);
  return { lines: [...(report?.report.doctors ?? [])], nextCursor: null };
};
