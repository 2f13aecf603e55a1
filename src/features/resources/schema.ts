import { z } from '@hono/zod-openapi';
import { maxKindLength, resourceKind } from '../../domain/resources.ts';
import { pageQuery } from '../../http/pagination.ts';
import { lineSchema } from '../../http/schemas.ts';

const kindSchema = lineSchema(maxKindLength)
  .transform((text, context) => {
    const kind = resourceKind(text);
    if (kind === null) context.addIssue({ code: 'custom', message: 'must hold a letter or a digit' });
    return kind ?? '';
  })
  .openapi({
    type: 'string',
    description: 'The clinic’s own word for what slots ask for. Lower case, with hyphens between the words.',
    example: 'procedure-room',
  });

export const newResourceSchema = z
  .strictObject({ kind: kindSchema, name: lineSchema(80).openapi({ example: 'Room 2' }) })
  .openapi('NewResource');

/** What can change. Its kind stays: slots ask for it. */
export const resourceEditSchema = z
  .strictObject({
    name: lineSchema(80).optional(),
    active: z
      .boolean()
      .optional()
      .openapi({ description: '`false`: given to no more appointments. Those that have it keep it.' }),
  })
  .refine((body) => Object.keys(body).length > 0, 'must hold a name or active')
  .openapi('ResourceEdit');

export const resourceSchema = z
  .object({
    id: z.string().openapi({ example: 'rs_AAAAAAAAAAAAAAAA' }),
    clinicId: z.string(),
    kind: z.string(),
    name: z.string(),
    active: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Resource');

export const resourcesQuerySchema = z.strictObject(pageQuery);
export const resourceParamsSchema = z.object({ id: z.string().max(64), resourceId: z.string().max(64) });
export const resourcePositionSchema = z.strictObject({ kind: z.string(), name: z.string(), id: z.string() });
