import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, localDateSchema } from '../../http/schemas.ts';

const idSchema = z.string().max(128);

export const auditQuerySchema = z.strictObject({
  stream: idSchema.optional().openapi({ example: 'doctor:u_AAAAAAAAAAAAAAAA' }),
  actor: idSchema.optional().openapi({ description: 'The account that did it.' }),
  action: idSchema.optional().openapi({ example: 'doctor.verified' }),
  subject: idSchema.optional().openapi({ description: 'The id of what was changed or read.' }),
  reads: z
    .enum(['shown', 'hidden'])
    .optional()
    .openapi({ description: 'Hidden, only what changed something is listed.' }),
  from: instantSchema.optional(),
  to: instantSchema.optional().openapi({ description: 'Without this instant.' }),
  format: z.enum(['json', 'csv']).optional().openapi({
    description: 'CSV comes 5,000 rows at a time; the next page is in the `Link` header.',
  }),
  ...pageQuery,
});

export const auditPositionSchema = z.strictObject({ atMs: z.int(), stream: z.string(), seq: z.number() });
export const placeSchema = z.strictObject({ stream: z.string().max(128), seq: z.number() });

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

export const verifyQuerySchema = z.strictObject({
  stream: idSchema.optional().openapi({ description: 'One stream; otherwise all.' }),
  anchor: localDateSchema.optional().openapi({ description: 'The day of an anchor; otherwise the newest.' }),
  cursor: pageQuery.cursor,
});

export const verdictSchema = z
  .object({
    findings: z.array(
      z.object({
        stream: z.string(),
        seq: z.number(),
        fault: z.enum(['edited', 'deleted', 'reordered', 'inserted', 'truncated', 'rewritten']),
      }),
    ),
    rows: z.int().openapi({ description: 'How many rows this page checked.' }),
    unsealed: z.int().openapi({ description: 'Rows at the end of their streams that wait for the sealer.' }),
    anchor: z
      .object({ date: z.string(), digest: z.string().nullable(), intact: z.boolean() })
      .nullable()
      .openapi({ description: 'What the chains were compared with; `null` when nothing has been anchored yet.' }),
    nextCursor: z.string().nullable(),
  })
  .openapi('AuditVerdict');

export const exportQuerySchema = z.strictObject({
  stream: idSchema.optional(),
  cursor: pageQuery.cursor.openapi({
    description: 'The `next` of the last line of a file that did not reach the end.',
  }),
});

export const anchorParamSchema = z.object({ date: localDateSchema });

export const anchorListSchema = z.object({ dates: z.array(z.string()) }).openapi('AuditAnchors');

export const accessQuerySchema = z.strictObject({ ...pageQuery });
export type AccessQuery = z.output<typeof accessQuerySchema>;

export const accessSchema = z
  .object({
    at: instantSchema,
    role: z.string().openapi({ example: 'doctor' }),
    name: z.string().nullable().openapi({ description: 'The doctor, or the clinic that staff looked for.' }),
    action: z.string().openapi({ example: 'appointment.read' }),
    subjectId: z.string().nullable().openapi({ description: 'What was looked at, when it was one thing.' }),
    why: z.string().nullable().openapi({ example: 'treatment' }),
  })
  .openapi('RecordAccess');
