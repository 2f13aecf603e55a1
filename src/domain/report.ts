import { addedUp, type DatedFigures, nextPeriod, type Summary, startOfPeriod, summaryOf } from './figures.ts';
import { addDays, datesBetween, type LocalDate } from './local-date.ts';

/** Of whom a monthly report is: a doctor, a clinic, or all. */
export const subjectKinds = ['doctor', 'clinic', 'all'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** A month, `YYYY-MM`. */
export type Month = string;

/** The first and the last date of a month. */
export const datesOf = (month: Month): { readonly from: LocalDate; readonly to: LocalDate } => {
  const from = `${month}-01` as LocalDate;
  return { from, to: addDays(nextPeriod(from, 'month'), -1) };
};

/** The month that a date lies in. */
const monthOf = (date: LocalDate): Month => date.slice(0, 'YYYY-MM'.length);

/** The month before. */
export const monthBefore = (month: Month): Month => monthOf(addDays(datesOf(month).from, -1));

/** One date of a report. */
export interface ReportDay {
  readonly date: LocalDate;
  readonly booked: number;
  readonly completed: number;
  readonly noShows: number;
  readonly cancelled: number;
}

/** A doctor of a clinic's report: what they did there. */
export interface ReportDoctor {
  readonly id: string;
  readonly name: string;
  readonly total: Summary;
}

/** What a monthly report says. Dates are of the doctors' own zones. */
export interface MonthlyReport {
  readonly name: string;
  readonly total: Summary;
  /** The month before; `null` when nothing is known of it. */
  readonly previous: Summary | null;
  /** Every date of the month. */
  readonly days: readonly ReportDay[];
  /** Visits completed on each date of the month before; empty when nothing is known of it. */
  readonly previousVisits: readonly number[];
  /** A doctor's rating when the report was made; `null` without reviews, and for others. */
  readonly rating: number | null;
  /** Of a clinic, those with the most visits first; of others none. */
  readonly doctors: readonly ReportDoctor[];
}

/** Whether figures say anything at all. */
const isSomething = ({ booked, expired, rejected, offered }: Summary): boolean =>
  booked + expired + rejected + offered > 0;

/** Doctors that a clinic's report names. */
const maxDoctors = 200;

/**
 * A month as figures have it; `null` when there is nothing to report.
 *
 * @param rows figures of the month and of the one before
 * @param ofDoctors the figures of a clinic's doctors in the month
 */
export const reportOf = (
  month: Month,
  name: string,
  rows: readonly DatedFigures[],
  rating: number | null = null,
  ofDoctors: readonly { readonly id: string; readonly name: string; readonly rows: readonly DatedFigures[] }[] = [],
): MonthlyReport | null => {
  const { from, to } = datesOf(month);
  const before = datesOf(monthBefore(month));
  const within = rows.filter(({ date }) => date >= from && date <= to);
  const earlier = rows.filter(({ date }) => date >= before.from && date <= before.to);
  const total = summaryOf(within);
  if (!isSomething(total)) return null;
  const previous = summaryOf(earlier);
  const byDate = Map.groupBy(within, ({ date }) => date);
  const earlierByDate = Map.groupBy(earlier, ({ date }) => date);
  const knowsEarlier = isSomething(previous);
  return {
    name,
    total,
    previous: knowsEarlier ? previous : null,
    days: datesBetween(from, to).map((date) => {
      const { booked, completed, noShows, cancelledByPatient, cancelledByPractice } = addedUp(byDate.get(date) ?? []);
      return { date, booked, completed, noShows, cancelled: cancelledByPatient + cancelledByPractice };
    }),
    previousVisits: knowsEarlier
      ? datesBetween(before.from, before.to).map((date) => addedUp(earlierByDate.get(date) ?? []).completed)
      : [],
    rating,
    doctors: ofDoctors
      .map(({ rows: own, ...doctor }) => ({ ...doctor, total: summaryOf(own) }))
      .filter((one) => isSomething(one.total))
      .sort((a, b) => b.total.completed - a.total.completed || (a.name < b.name ? -1 : 1))
      .slice(0, maxDoctors),
  };
};

/** The months that have ended by a date, the newest first. */
export const monthsBefore = (date: LocalDate, count: number): Month[] => {
  const months = [];
  for (
    let month = monthBefore(monthOf(startOfPeriod(date, 'month')));
    months.length < count;
    month = monthBefore(month)
  )
    months.push(month);
  return months;
};
