import { z } from '@hono/zod-openapi';
import { jobOutcomes } from '../../db/schema.ts';
import { cadences } from '../../domain/job-schedule.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema } from '../../http/schemas.ts';

const countsSchema = z
  .record(z.string(), z.int())
  .openapi({ description: 'What it did, in numbers.', example: { deleted: 12 } });

/** A run of a job. */
export const jobRunSchema = z
  .object({
    id: z.string().openapi({ example: 'r_3e2f1c0a-6c1e-4c1f-9f0e-0d2f7c9b1a11' }),
    startedAt: instantSchema,
    durationMs: z.int(),
    outcome: z.enum(jobOutcomes).openapi({ description: '`crashed`: it began, and never ended.' }),
    counts: countsSchema,
    error: z.string().nullable().openapi({ description: 'The name of the error.', example: 'TimeoutError' }),
    askedBy: z.string().nullable().openapi({ description: 'The admin who asked for it; `null`: the clock.' }),
  })
  .openapi('JobRun');

/** A job, and how it has been doing. */
export const jobSchema = z
  .object({
    name: z.string().openapi({ example: 'forget_answers' }),
    description: z.string(),
    every: z.enum(cadences),
    running: z.boolean(),
    nextRunAt: instantSchema.openapi({ description: 'When it is due. A run may begin a little later.' }),
    lastRun: z
      .object({
        startedAt: instantSchema,
        durationMs: z.int(),
        outcome: z.enum(jobOutcomes),
        counts: countsSchema,
        error: z.string().nullable(),
      })
      .nullable(),
    lastSuccessAt: instantSchema.nullable(),
    lastFailureAt: instantSchema.nullable(),
    runs: z.int(),
    failures: z.int(),
    failuresInRow: z.int(),
  })
  .openapi('Job');

export const jobParamsSchema = z.object({ name: z.string() });

export const jobRunsQuerySchema = z.strictObject(pageQuery);

export const jobRunPositionSchema = z.strictObject({ startedAtMs: z.int(), id: z.string() });
