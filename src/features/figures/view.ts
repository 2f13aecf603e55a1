import type { z } from '@hono/zod-openapi';
import {
  areWholeMonths,
  byPeriod,
  type DatedFigures,
  type Period,
  type Summary,
  summaryOf,
} from '../../domain/figures.ts';
import type { DateRange } from '../../figures/read.ts';
import type { analyticsSchema, dashboardSchema } from './schema.ts';

/** Figures over dates, as a whole and by period. */
export const dashboardView = (
  rows: readonly DatedFigures[],
  range: DateRange,
  by: Period,
  nowMs: number,
): z.input<typeof dashboardSchema> => ({
  asOf: new Date(nowMs).toISOString(),
  total: summaryOf(rows),
  periods: byPeriod(rows, range, by).map(({ from, to, rows: own }) => ({ from, to, ...summaryOf(own) })),
});

/**
 * As {@link dashboardView}, for the doctor: stars of whole months alone. By the stars of a day they would know whose
 * review it is, and so by the difference of two ranges that are a day apart.
 */
export const analyticsView = (
  rows: readonly DatedFigures[],
  range: DateRange,
  by: Period,
  nowMs: number,
): Omit<z.input<typeof analyticsSchema>, 'rating'> => {
  const shown = (summary: Summary, dates: DateRange) =>
    areWholeMonths(dates) ? summary : { ...summary, reviews: null, stars: null };
  return {
    asOf: new Date(nowMs).toISOString(),
    total: shown(summaryOf(rows), range),
    periods: byPeriod(rows, range, by).map(({ rows: own, ...dates }) => ({
      ...dates,
      ...shown(summaryOf(own), dates),
    })),
  };
};
