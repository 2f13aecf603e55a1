import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema } from '../../http/schemas.ts';
import { emailSchema } from '../identity/schema.ts';

export const newStaffSchema = z
  .strictObject({ email: emailSchema.openapi({ example: 'front.desk@example.org' }) })
  .openapi('NewStaff');

export const staffSchema = z
  .object({
    accountId: z.string().openapi({ example: 'u_AAAAAAAAAAAAAAAA' }),
    fullName: z.string(),
    email: z.string(),
    addedAt: instantSchema,
  })
  .openapi('Staff');

export const staffQuerySchema = z.strictObject(pageQuery);

export const staffPositionSchema = z.strictObject({ addedAtMs: z.int(), accountId: z.string() });

/** Malformed ids answer like missing ones: 404. */
export const staffParamsSchema = z.object({ id: z.string(), accountId: z.string() });
