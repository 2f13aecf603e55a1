import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { wholeNumberSchema } from '../../http/schemas.ts';

export const locationsQuerySchema = z
  .strictObject({
    parent: z.string().max(120).optional().openapi({ description: 'What lies in it.', example: 'BD-C' }),
    q: z.string().min(1).max(100).optional().openapi({
      description: 'The beginning of a name, in English or the language of the place; case and accents do not matter.',
      example: 'dhan',
    }),
    level: wholeNumberSchema(0, 3)
      .optional()
      .openapi({ description: 'With `q`: 0 for countries, 1 to 3 within them.' }),
    ...pageQuery,
  })
  .refine(({ parent, q }) => parent === undefined || q === undefined, {
    path: ['q'],
    message: 'cannot come with parent',
  })
  .refine(({ level, q }) => level === undefined || q !== undefined, { path: ['level'], message: 'comes with q only' });

const nameSchema = z.object({ id: z.string(), name: z.string(), localName: z.string().nullable() });

export const locationSchema = z
  .object({
    id: z.string().openapi({ example: 'BD-13' }),
    parentId: z.string().nullable(),
    level: z.int().openapi({ description: '0 for a country.' }),
    country: z.string(),
    code: z.string().nullable().openapi({ description: 'ISO 3166-2, of a country ISO 3166-1; `null` without one.' }),
    name: z.string(),
    localName: z.string().nullable().openapi({ description: 'In the language of the place.' }),
    within: z.array(nameSchema).openapi({ description: 'What it lies in, the country first.' }),
  })
  .openapi('Location');

/** Where a page of places begins. */
export const placePositionSchema = z.strictObject({ name: z.string(), id: z.string() });
