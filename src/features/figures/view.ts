import type { z } from '@hono/zod-openapi';
import { byPeriod, type DatedFigures, type Period, summaryOf } from '../../domain/figures.ts';
import type { DateRange } from '../../figures/read.ts';
import type { dashboardSchema } from './schema.ts';

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
