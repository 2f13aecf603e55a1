import { z } from '@hono/zod-openapi';
import { instantSchema, lineSchema } from '../../http/schemas.ts';

/** A date of birth: a real day, from 1900 on. That it is not to come is for whoever knows the clock. */
const birthDateSchema = z
  .string()
  .regex(/^(19|20)\d\d-\d\d-\d\d$/, 'must be a date as YYYY-MM-DD, from 1900')
  .refine(isRealDay, 'must be a day of the calendar')
  .openapi({ format: 'date', example: '2019-04-30' });

export const newDependantSchema = z
  .strictObject({ fullName: lineSchema(120).openapi({ example: 'Tuli Islam' }), birthDate: birthDateSchema })
  .openapi('NewDependant');

export const dependantSchema = z
  .object({
    id: z.string().openapi({ example: 'u_AAAAAAAAAAAAAAAA' }),
    fullName: z.string(),
    birthDate: z.string(),
    createdAt: instantSchema,
  })
  .openapi('Dependant');

/** There are at most 20, so a list of them has no pages. */
export const dependantsSchema = z.object({ items: z.array(dependantSchema) }).openapi('Dependants');

function isRealDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}
