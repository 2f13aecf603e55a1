import { addDays, isoWeekday, type LocalDate } from './local-date.ts';

/** What is counted of appointments, by the names of the columns. Every figure can be added up. */
export const figureNames = [
  'booked',
  'completed',
  'noShows',
  'cancelledByPatient',
  'cancelledByPractice',
  'expired',
  'rejected',
  'newPatients',
  'returningPatients',
  'leadMinutes',
  'taken',
  'filled',
  'offered',
  'incomeMinor',
  'reviews',
  'stars',
] as const;

/** The figures of a date, a period, or a whole. `incomeMinor` is of one currency. */
export type Figures = Readonly<Record<(typeof figureNames)[number], number>>;

/** Figures of a date, or whatever else they are of, in one currency. */
export type DatedFigures = Figures & { readonly date: LocalDate; readonly currency: string };

/** No figures at all. */
export const noFigures: Figures = Object.fromEntries(figureNames.map((name) => [name, 0])) as Record<
  keyof Figures,
  number
>;

/** The sum of figures; what they are of besides is for the caller. */
export const addedUp = (all: readonly Figures[]): Figures =>
  all.reduce<Figures>(
    (sum, one) =>
      Object.fromEntries(figureNames.map((name) => [name, sum[name] + one[name]])) as Record<keyof Figures, number>,
    noFigures,
  );

/** An amount of one currency, in minor units. */
export interface Income {
  readonly currency: string;
  readonly amount: number;
}

/** What came in, by currency, in the order of the alphabet. */
export const incomeOf = (all: readonly Pick<DatedFigures, 'currency' | 'incomeMinor'>[]): Income[] =>
  [...Map.groupBy(all, ({ currency }) => currency)]
    .map(([currency, rows]) => ({ currency, amount: rows.reduce((sum, row) => sum + row.incomeMinor, 0) }))
    .filter(({ amount }) => amount !== 0)
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));

const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.min(1, Math.round((part / whole) * 10_000) / 10_000);

/** What figures come to, in shares of one to four decimals; `null` where there is nothing to take a share of. */
export const ratesOf = (figures: Figures) => ({
  /** Of the visits that were to take place, those that the patient missed. */
  noShowRate: share(figures.noShows, figures.completed + figures.noShows),
  cancellationRate: share(figures.cancelledByPatient + figures.cancelledByPractice, figures.booked),
  /** Of the seats that were offered, those that were taken. */
  fillRate: share(figures.filled, figures.offered),
  /** Hours from the booking to the visit, on average, to one decimal. */
  leadHours: figures.booked === 0 ? null : Math.round(figures.leadMinutes / figures.booked / 6) / 10,
  /** The plain mean of the stars, to the hundredth. */
  stars: figures.reviews === 0 ? null : Math.round((figures.stars * 100) / figures.reviews) / 100,
});

/** Figures as they are shown: counts, what they come to, and the income of each currency. */
export const summaryOf = (rows: readonly DatedFigures[]) => {
  const sum = addedUp(rows);
  const { leadMinutes: _, taken: _taken, filled: _filled, incomeMinor: _income, stars: _stars, ...counts } = sum;
  return { ...counts, ...ratesOf(sum), income: incomeOf(rows) };
};

export type Summary = ReturnType<typeof summaryOf>;

/** The lengths that periods can have. Weeks begin on Monday (ISO 8601). */
export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

/** The first date of the period that a date lies in. */
export const startOfPeriod = (date: LocalDate, by: Period): LocalDate => {
  switch (by) {
    case 'day':
      return date;
    case 'week':
      return addDays(date, 1 - isoWeekday(date));
    case 'month':
      return `${date.slice(0, 'YYYY-MM'.length)}-01` as LocalDate;
  }
};

/** The first date of the period after the one that begins on a date. */
export const nextPeriod = (start: LocalDate, by: Period): LocalDate =>
  by === 'month' ? startOfPeriod(addDays(start, 31), 'month') : addDays(start, by === 'week' ? 7 : 1);

/** The periods that dates lie in, cut to `from` and `to` (both included), each with the rows of its dates, in order. */
export const byPeriod = <Row extends { readonly date: LocalDate }>(
  rows: readonly Row[],
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
  by: Period,
): { readonly from: LocalDate; readonly to: LocalDate; readonly rows: readonly Row[] }[] => {
  const groups = Map.groupBy(rows, ({ date }) => startOfPeriod(date, by));
  const found = [];
  for (let start = startOfPeriod(from, by); start <= to; ) {
    const next = nextPeriod(start, by);
    const last = addDays(next, -1);
    found.push({ from: start < from ? from : start, to: last > to ? to : last, rows: groups.get(start) ?? [] });
    start = next;
  }
  return found;
};

/** Whether dates, both included, are one month or several, whole. */
export const areWholeMonths = ({ from, to }: { readonly from: LocalDate; readonly to: LocalDate }): boolean =>
  from === startOfPeriod(from, 'month') && addDays(to, 1) === nextPeriod(startOfPeriod(to, 'month'), 'month');
