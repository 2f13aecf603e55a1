import { z } from '@hono/zod-openapi';
import { subjectKinds } from '../../domain/report.ts';
import { figuresSchema } from '../../figures/schema.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, wholeNumberSchema } from '../../http/schemas.ts';

const monthSchema = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month as YYYY-MM, from 2000-01 to 2099-12')
  .openapi({ example: '2026-11' });
const idSchema = z.string().max(64);
export const formats = ['json', 'csv', 'pdf'] as const;
const formatSchema = z.enum(formats).optional().openapi({ description: 'Instead of `Accept`.' });
const revisionSchema = wholeNumberSchema(1, 1_000_000)
  .optional()
  .openapi({ description: 'An earlier one; the newest if absent.' });

/** Query of the reports of a month. */
export const reportsQuerySchema = z.strictObject({
  month: monthSchema,
  clinicId: idSchema.optional().openapi({ description: 'Of this clinic alone.' }),
  format: formatSchema,
  ...pageQuery,
});

/** Query of one report. */
export const summaryQuerySchema = z
  .strictObject({
    month: monthSchema,
    clinicId: idSchema.optional(),
    doctorId: idSchema.optional(),
    revision: revisionSchema,
    format: formatSchema,
  })
  .refine(({ clinicId, doctorId }) => clinicId === undefined || doctorId === undefined, {
    path: ['doctorId'],
    message: 'must not come with clinicId',
  });

export const ownReportsQuerySchema = z.strictObject(pageQuery);
export const ownReportQuerySchema = z.strictObject({ revision: revisionSchema, format: formatSchema });
export const monthParamSchema = z.object({ month: monthSchema });

/** Of whom reports are to be made anew. */
export const regenerateSchema = z
  .strictObject({
    month: monthSchema,
    clinicId: idSchema.optional().openapi({ description: 'The clinic’s, and those of its doctors.' }),
    doctorId: idSchema.optional(),
  })
  .refine(({ clinicId, doctorId }) => clinicId === undefined || doctorId === undefined, {
    path: ['doctorId'],
    message: 'must not come with clinicId',
  })
  .openapi('ReportsToRegenerate');

export const regeneratedSchema = z
  .object({ made: z.int(), unchanged: z.int().openapi({ description: 'They say what they said before.' }) })
  .openapi('ReportsRegenerated');

/** A report as a list shows it. */
export const reportItemSchema = z
  .object({
    kind: z.enum(subjectKinds),
    subjectId: z.string().openapi({ description: 'Of the doctor or the clinic; `*` of all.' }),
    name: z.string(),
    month: z.string(),
    revision: z.int(),
    madeAt: instantSchema,
    total: figuresSchema,
  })
  .openapi('MonthlyReportItem');

/** A whole report. */
export const reportSchema = reportItemSchema
  .extend({
    previous: figuresSchema.nullable().openapi({ description: 'The month before.' }),
    days: z.array(
      z.object({
        date: z.string(),
        booked: z.int(),
        completed: z.int(),
        noShows: z.int(),
        cancelled: z.int(),
      }),
    ),
    rating: z.number().nullable().openapi({ description: 'A doctor’s, when the report was made.' }),
    doctors: z
      .array(z.object({ id: z.string(), name: z.string(), total: figuresSchema }))
      .openapi({ description: 'Of a clinic: what each doctor did there, those with the most visits first.' }),
  })
  .openapi('MonthlyReport');

/** What a doctor did in a month. */
export const byDoctorSchema = z
  .object({ doctorId: z.string(), name: z.string(), total: figuresSchema })
  .openapi('DoctorMonth');

export const subjectPositionSchema = z.strictObject({ subjectId: z.string() });
export const monthPositionSchema = z.strictObject({ month: z.string() });
