import type { z } from '@hono/zod-openapi';
import type { Summary } from '../../domain/figures.ts';
import { writtenMoney } from '../../domain/written-money.ts';
import { csvOf } from '../audit/csv.ts';
import type { ReportRow } from './queries.ts';
import type { byDoctorSchema, reportItemSchema, reportSchema } from './schema.ts';

/** A report as a list shows it. */
export const itemView = (row: ReportRow): z.input<typeof reportItemSchema> => ({
  kind: row.kind,
  subjectId: row.subjectId,
  name: row.report.name,
  month: row.month,
  revision: row.revision,
  madeAt: new Date(row.madeAtMs).toISOString(),
  total: shown(row.report.total),
});

/** A whole report. */
export const reportView = (row: ReportRow): z.input<typeof reportSchema> => {
  const { previous, days, rating, doctors } = row.report;
  return {
    ...itemView(row),
    previous: previous === null ? null : shown(previous),
    days: [...days],
    rating,
    doctors: doctors.map(({ id, name, total }) => ({ id, name, total: shown(total) })),
  };
};

/** What a doctor did in a month. */
export const doctorView = ({ id, name, total }: Line): z.input<typeof byDoctorSchema> => ({
  doctorId: id,
  name,
  total: shown(total),
});

const shown = (total: Summary) => ({ ...total, income: [...total.income] });

/** Income of every currency, for people. */
export const writtenIncome = ({ income }: Pick<Summary, 'income'>): string =>
  income.map(writtenMoney).join(', ') || '0';

const countColumns = [
  ['booked', 'booked'],
  ['completed', 'completed'],
  ['no_shows', 'noShows'],
  ['cancelled_by_patient', 'cancelledByPatient'],
  ['cancelled_by_practice', 'cancelledByPractice'],
  ['new_patients', 'newPatients'],
  ['returning_patients', 'returningPatients'],
  ['seats_offered', 'offered'],
  ['no_show_rate', 'noShowRate'],
  ['cancellation_rate', 'cancellationRate'],
  ['fill_rate', 'fillRate'],
  ['lead_hours', 'leadHours'],
  ['reviews', 'reviews'],
  ['stars', 'stars'],
] as const satisfies readonly (readonly [column: string, name: keyof Summary])[];

/** What stands in one line of CSV. */
export interface Line {
  readonly id: string;
  readonly name: string;
  readonly total: Summary;
}

/** Months of many as CSV, a line each. */
export const linesCsv = (month: string, lines: readonly Line[]): string =>
  csvOf(
    ['month', 'id', 'name', ...countColumns.map(([column]) => column), 'income'],
    lines.map(({ id, name, total }) => [
      month,
      id,
      name,
      ...countColumns.map(([, figure]) => total[figure]),
      writtenIncome(total),
    ]),
  );

/** A report as CSV: a line for each date, and one of the whole month. */
export const reportCsv = ({ month, report }: ReportRow): string =>
  csvOf(
    ['date', 'booked', 'completed', 'no_shows', 'cancelled', 'income'],
    [
      ...report.days.map(({ date, booked, completed, noShows, cancelled }) => [
        ...[date, booked, completed, noShows, cancelled, null],
      ]),
      [
        ...[month, report.total.booked, report.total.completed, report.total.noShows],
        report.total.cancelledByPatient + report.total.cancelledByPractice,
        writtenIncome(report.total),
      ],
    ],
  );
