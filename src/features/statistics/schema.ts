import { z } from '@hono/zod-openapi';
import { verificationStates } from '../../db/schema.ts';
import { roles } from '../../domain/access.ts';
import { statuses } from '../../domain/doctor-day/status.ts';
import { dayNumber } from '../../domain/local-date.ts';
import { inOrder, instantSchema, localDateSchema, timeZoneSchema } from '../../http/schemas.ts';

/** A quarter of a year: what one request reads stays bounded however long the history is. */
const maxDays = 92;

export const statisticsQuerySchema = z
  .strictObject({
    from: localDateSchema.openapi({ description: 'First date, in `timeZone`.' }),
    to: localDateSchema.openapi({ description: `Last date, included; at most ${maxDays} dates.` }),
    timeZone: timeZoneSchema.default('UTC').openapi({ description: 'The zone whose dates are counted by.' }),
  })
  .refine(...inOrder)
  .refine(({ from, to }) => dayNumber(to) - dayNumber(from) < maxDays, {
    path: ['to'],
    message: `must be within ${maxDays} days of from`,
  });

export type StatisticsQuery = z.output<typeof statisticsQuerySchema>;

const countSchema = z.int().min(0);
const countsOf = <Name extends string>(names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, countSchema])) as Record<Name, typeof countSchema>);
const byStatusSchema = countsOf(statuses);
const shareSchema = z.number().min(0).max(1).nullable();

/** Numbers for the people who run the place. */
export const statisticsSchema = z
  .object({
    asOf: instantSchema,
    timeZone: z.string(),
    users: countsOf(roles).extend({ deactivated: countSchema }).openapi({ description: 'Today, whatever the range.' }),
    doctors: countsOf(verificationStates).openapi({ description: 'Today, by the state of their verification.' }),
    bookings: z.object({
      total: countSchema,
      byStatus: byStatusSchema,
      byDay: z
        .array(z.object({ date: z.string(), total: countSchema, byStatus: byStatusSchema }))
        .openapi({ description: 'Every date of the range, by when the appointment begins.' }),
    }),
    revenue: z
      .array(z.object({ currency: z.string(), completedMinor: z.int(), confirmedMinor: z.int() }))
      .openapi({ description: 'Fees in minor units: of visits that took place, and of those confirmed.' }),
    noShowRate: shareSchema.openapi({
      description: 'Of the visits that were completed or missed, the share missed; `null` when there was none.',
    }),
    fillRate: shareSchema.openapi({
      description:
        'Of the seats still to come in the range, on the doctors’ own dates, the share taken; `null` when none is ' +
        'offered or all of the range has passed: what was once free is not kept.',
    }),
    awaitingApproval: countSchema.openapi({
      description: 'Requests for visits to come that wait for the doctor’s answer now, whatever the range.',
    }),
  })
  .openapi('Statistics');
