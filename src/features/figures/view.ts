import type { z } from '@hono/zod-openapi';
import { addedUp, byPeriod, type DatedFigures, incomeOf, type Period, ratesOf } from '../../domain/figures.ts';
import type { DateRange } from '../../figures/read.ts';
import type { dashboardSchema, figuresSchema } from './schema.ts';

/** Figures as the API shows them. */
export const figuresView = (rows: readonly DatedFigures[]): z.input<typeof figuresSchema> => {
  const {
    leadMinutes: _,
    taken: _taken,
    filled: _filled,
    incomeMinor: _income,
    stars: _stars,
    ...counts
  } = addedUp(rows);
  return { ...counts, ...ratesOf(addedUp(rows)), income: incomeOf(rows) };
};

/** Figures over dates, as a whole and by period. */
export const dashboardView = (
  rows: readonly DatedFigures[],
  range: DateRange,
  by: Period,
  nowMs: number,
): z.input<typeof dashboardSchema> => ({
  asOf: new Date(nowMs).toISOString(),
  total: figuresView(rows),
  periods: byPeriod(rows, range, by).map(({ from, to, rows: own }) => ({ from, to, ...figuresView(own) })),
});
