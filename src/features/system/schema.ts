import { z } from '@hono/zod-openapi';
import { isAccountId } from '../../domain/ids.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, localDateSchema } from '../../http/schemas.ts';

const daySchema = z.object({
  doctorId: z.string().openapi({ example: 'u_AAAAAAAAAAAAAAAA' }),
  date: z.string().openapi({ example: '2026-12-01', description: 'Local date of the doctor.' }),
});

const count = (description: string) => z.int().openapi({ description });

/** How the parts that work behind the answers are doing. */
export const systemSchema = z
  .object({
    asOf: instantSchema,
    days: z.object({
      open: count('Doctor-days that hold something; counted up to 10,000.'),
      neverProjected: count('Opened over a minute ago and not in D1 yet; counted up to 1,000.'),
      behindSchedule: count('Not known to have learnt of the doctor’s newest schedule; counted up to 1,000.'),
      sample: z
        .array(
          daySchema.extend({
            reached: z.boolean().openapi({ description: 'Whether the day answered in time.' }),
            owed: z.int().nullable().openapi({ description: 'Events that D1 has not taken yet.' }),
            oldestOwedAt: instantSchema.nullable(),
          }),
        )
        .openapi({ description: 'What the busiest coming days and the oldest open ones say of themselves.' }),
    }),
    quarantined: count('Rows that D1 refused; counted up to 1,000.'),
    messages: z.object({
      overdue: count('Mail and SMS not sent over five minutes after they were due; counted up to 1,000.'),
      givenUp: count('Of the last 30 days; counted up to 1,000.'),
    }),
    deadLetters: count('Queue messages that were given up and not retried; counted up to 1,000.'),
  })
  .openapi('System');

/** Path of a doctor-day. What is none answers like one that does not exist. */
export const dayParamsSchema = z.object({ id: z.string().refine(isAccountId), date: localDateSchema });

const findingSchema = z.object({
  appointmentId: z.string(),
  kind: z.enum(['missing', 'different', 'unknown']).openapi({
    description: '`missing` in D1; `different` there; `unknown` to the day, though D1 has it on this date.',
  }),
  fields: z.array(z.string()).openapi({ description: 'What is different.', example: ['status', 'seat'] }),
});

/** A doctor-day against what D1 has of it. */
export const dayCheckSchema = daySchema
  .extend({
    open: z.boolean().openapi({ description: '`false`: the day holds nothing, and D1 alone answers for it.' }),
    owed: z.int().openapi({ description: 'Events on their way to D1; findings may be theirs.' }),
    findings: z.array(findingSchema),
  })
  .openapi('DayCheck');

const maxSweep = 50;

export const sweepSchema = z
  .strictObject({
    limit: z.int().min(1).max(maxSweep).default(20).openapi({ description: 'Days to check.' }),
    cursor: pageQuery.cursor,
    repair: z.boolean().default(false).openapi({ description: 'Have days with findings project all they hold again.' }),
  })
  .openapi('Sweep');

export const sweptSchema = z
  .object({
    checked: z.int(),
    unreached: z.array(daySchema).openapi({ description: 'Days that did not answer; nothing is known of them.' }),
    items: z.array(dayCheckSchema).openapi({ description: 'The days with findings; after a repair, what is left.' }),
    repaired: z.int(),
    nextCursor: z.string().nullable(),
  })
  .openapi('Swept');

export const dayPositionSchema = z.strictObject({ date: z.string(), doctorId: z.string() });

/** A queue message that was given up. */
export const deadLetterSchema = z
  .object({
    id: z.string(),
    queue: z.string().openapi({ example: 'daybook-days' }),
    message: z.record(z.string(), z.unknown()).openapi({ description: 'As it was sent: ids and dates only.' }),
    diedAt: instantSchema,
    retriedAt: instantSchema.nullable(),
  })
  .openapi('DeadLetter');

export const deadLettersQuerySchema = z.strictObject({
  state: z.enum(['waiting', 'all']).default('waiting').openapi({ description: '`waiting`: not retried yet.' }),
  ...pageQuery,
});

export const deadLetterPositionSchema = z.strictObject({ diedAtMs: z.int(), id: z.string() });
