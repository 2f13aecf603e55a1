import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema } from '../../http/schemas.ts';

export const auditQuerySchema = z.strictObject({
  stream: z.string().max(128).optional().openapi({ example: 'doctor:u_AAAAAAAAAAAAAAAA' }),
  subject: z.string().max(128).optional().openapi({ description: 'The id of what was changed.' }),
  ...pageQuery,
});

export const auditPositionSchema = z.strictObject({ atMs: z.int(), stream: z.string(), seq: z.int() });

export const auditEventSchema = z
  .object({
    stream: z.string().openapi({ description: '`day:<doctor>/<date>`, `doctor:<id>`, `account:<id>`, `clinic:<id>`.' }),
    seq: z.int().openapi({ description: 'Its number within the stream, from 1 without gaps.' }),
    at: instantSchema,
    actorId: z.string().nullable(),
    actorRole: z.string(),
    action: z.string().openapi({ example: 'doctor.verified' }),
    subjectId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi('AuditEvent');
