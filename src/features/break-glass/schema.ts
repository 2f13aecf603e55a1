import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, textSchema } from '../../http/schemas.ts';

const minReason = 10;
const maxReason = 500;

export const breakGlassSchema = z
  .strictObject({
    reason: textSchema(maxReason)
      .min(minReason)
      .openapi({ example: 'Unconscious in the emergency room, allergies unknown' }),
  })
  .openapi('BreakGlass');

export const openRecordSchema = z
  .object({
    id: z.string().openapi({ example: 'b_AAAAAAAAAAAAAAAA' }),
    patientId: z.string(),
    openedAt: instantSchema,
    endsAt: instantSchema.openapi({ description: 'Until then the record may be read; at that instant no more.' }),
  })
  .openapi('OpenRecord');

export const openedRecordSchema = openRecordSchema
  .extend({
    doctorId: z.string(),
    doctorName: z.string().nullable(),
    patientName: z.string().nullable(),
    reason: z.string().nullable().openapi({ description: '`null` once the patient was erased.' }),
  })
  .openapi('OpenedRecord');

export const openedQuerySchema = z.strictObject(pageQuery);

export const openedPositionSchema = z.strictObject({ openedAtMs: z.int(), id: z.string() });
