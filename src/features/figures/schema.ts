import { z } from '@hono/zod-openapi';
import { periods } from '../../domain/figures.ts';
import { dayNumber } from '../../domain/local-date.ts';
import { inOrder, instantSchema, localDateSchema, moneySchema } from '../../http/schemas.ts';

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

const countSchema = z.int().min(0);
const shareSchema = z.number().min(0).max(1).nullable();

/** What figures come to, as they are shown. */
export const figuresSchema = z
  .object({
    booked: countSchema.openapi({ description: 'Agreed on by both sides, whatever became of them.' }),
    completed: countSchema,
    noShows: countSchema,
    cancelledByPatient: countSchema,
    cancelledByPractice: countSchema.openapi({ description: 'By the doctor, the desk or an admin.' }),
    expired: countSchema.openapi({ description: 'Holds and requests whose time ran out.' }),
    rejected: countSchema,
    newPatients: countSchema.openapi({
      description: 'Of the completed: patients whom the doctor had not seen before.',
    }),
    returningPatients: countSchema,
    offered: countSchema.openapi({ description: 'Seats, as far as it is known what was offered.' }),
    noShowRate: shareSchema.openapi({ description: 'Of the visits completed or missed, those missed.' }),
    cancellationRate: shareSchema.openapi({ description: 'Of what was booked.' }),
    fillRate: shareSchema.openapi({ description: 'Of the seats offered, those taken.' }),
    leadHours: z.number().nullable().openapi({ description: 'From the booking to the visit, on average.' }),
    income: z.array(moneySchema.extend({ amount: z.int() })).openapi({
      description: 'What was paid online and not given back, and the fees of other visits that took place.',
    }),
    reviews: countSchema,
    stars: z.number().nullable().openapi({ description: 'The plain mean of the reviews of these visits.' }),
  })
  .openapi('Figures');

const periodSchema = figuresSchema.extend({
  from: z.string().openapi({ example: '2026-11-02' }),
  to: z.string().openapi({ example: '2026-11-08' }),
});

/** Figures over dates, as a whole and by period. */
export const dashboardSchema = z
  .object({
    asOf: instantSchema,
    total: figuresSchema,
    periods: z.array(periodSchema).openapi({ description: 'Every period of the range, the first and last cut to it.' }),
  })
  .openapi('Dashboard');

/** As {@link dashboardSchema}, with how the doctor stands now. */
export const analyticsSchema = dashboardSchema
  .extend({ rating: z.number().nullable().openapi({ description: 'Now, as the profile shows it.' }) })
  .openapi('DoctorAnalytics');
