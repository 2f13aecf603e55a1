import { z } from '@hono/zod-openapi';
import { periods } from '../../domain/figures.ts';
import { dayNumber } from '../../domain/local-date.ts';
import { figuresSchema } from '../../figures/schema.ts';
import { inOrder, instantSchema, localDateSchema } from '../../http/schemas.ts';

/** What one request reads stays bounded however long the history is. */
const maxDays = 366;

const dates = {
  from: localDateSchema.openapi({ description: 'First date, of the doctors’ own zones.' }),
  to: localDateSchema.openapi({ description: `Last date, included; at most ${maxDays} dates.` }),
};
const bounded: [
  (range: { from: Parameters<typeof dayNumber>[0]; to: Parameters<typeof dayNumber>[0] }) => boolean,
  object,
] = [
  ({ from, to }) => dayNumber(to) - dayNumber(from) < maxDays,
  { path: ['to'], message: `must be within ${maxDays} days of from` },
];

/** Query of a doctor's own figures. */
export const analyticsQuerySchema = z
  .strictObject({ ...dates, by: z.enum(periods).default('week').openapi({ description: 'Weeks begin on Monday.' }) })
  .refine(...inOrder)
  .refine(...bounded);

/** Query of the figures of all, or of a clinic. */
export const dashboardQuerySchema = z
  .strictObject({
    ...dates,
    by: z.enum(periods).default('day').openapi({ description: 'Weeks begin on Monday.' }),
    clinicId: z.string().max(64).optional().openapi({ description: 'Of this clinic alone.' }),
  })
  .refine(...inOrder)
  .refine(...bounded);

const period = {
  from: z.string().openapi({ example: '2026-11-02' }),
  to: z.string().openapi({ example: '2026-11-08' }),
};

const cut = 'Every period of the range, the first and last cut to it.';

/** Figures over dates, as a whole and by period. */
export const dashboardSchema = z
  .object({
    asOf: instantSchema,
    total: figuresSchema,
    periods: z.array(figuresSchema.extend(period)).openapi({ description: cut }),
  })
  .openapi('Dashboard');

const wholeMonths = 'Of whole months alone; otherwise `null`.';

/**
 * Figures as the doctor sees them, who is not to know whose review it is. Written out: in the API's description an
 * extension must be what it extends as well, and so could not be `null` here.
 */
const ownFiguresSchema = z
  .object({
    ...figuresSchema.shape,
    reviews: z.int().min(0).nullable().openapi({ description: wholeMonths }),
    stars: z
      .number()
      .nullable()
      .openapi({ description: `The plain mean. ${wholeMonths}` }),
  })
  .openapi('OwnFigures');

/** As {@link dashboardSchema}, with how the doctor stands now. */
export const analyticsSchema = z
  .object({
    asOf: instantSchema,
    total: ownFiguresSchema,
    periods: z.array(ownFiguresSchema.extend(period)).openapi({ description: cut }),
    rating: z.number().nullable().openapi({ description: 'Now, as the profile shows it.' }),
  })
  .openapi('DoctorAnalytics');
