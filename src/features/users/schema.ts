import { z } from '@hono/zod-openapi';
import { permissions, roles } from '../../domain/access.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, lineSchema } from '../../http/schemas.ts';
import { emailSchema, phoneSchema } from '../identity/schema.ts';

const roleSchema = z.enum(roles);
const permissionsSchema = z.array(z.enum(permissions)).max(permissions.length);

/** An account as admins see it. */
export const accountSchema = z
  .object({
    id: z.string().openapi({ example: 'u_AAAAAAAAAAAAAAAA' }),
    email: z.string(),
    emailVerified: z.boolean(),
    fullName: z.string(),
    phone: z.string().nullable(),
    phoneVerified: z.boolean(),
    role: roleSchema,
    permissions: permissionsSchema.openapi({ description: 'What an admin may do; empty for everybody else.' }),
    active: z.boolean().openapi({ description: 'A deactivated account can neither sign in nor act.' }),
    deactivatedAt: instantSchema.nullable(),
    createdAt: instantSchema,
  })
  .openapi('Account');

const activeQuery = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .openapi({ type: 'string' });

export const accountsQuerySchema = z.strictObject({
  role: roleSchema.optional(),
  active: activeQuery.optional(),
  ...pageQuery,
});

const maxLimit = 100;

/** What to look for. A person's data stands in the body, for addresses are logged by everything on the way. */
export const accountSearchSchema = z
  .strictObject({
    email: emailSchema.optional().openapi({ description: 'The whole address.' }),
    phone: phoneSchema.optional().openapi({ description: 'The whole number.' }),
    name: lineSchema(120).optional().openapi({ description: 'The beginning of the full name.', example: 'Rahi' }),
    role: roleSchema.optional(),
    active: z.boolean().optional(),
    limit: z.int().min(1).max(maxLimit).default(20),
    cursor: pageQuery.cursor,
  })
  .refine(({ email, phone, name }) => [email, phone, name].filter((one) => one !== undefined).length === 1, {
    message: 'must name one of email, phone and name',
  })
  .openapi('AccountSearch');

export const accountEditSchema = z
  .strictObject({
    active: z.boolean(),
    role: roleSchema.openapi({ description: 'Anything but to and from `doctor`.' }),
    permissions: permissionsSchema.openapi({ description: 'Of an admin; only those that you hold yourself.' }),
  })
  .partial()
  .refine((edit) => Object.keys(edit).length > 0, 'must change something')
  .openapi('AccountEdit');

export const timePositionSchema = z.strictObject({ createdAtMs: z.int(), id: z.string() });
export const namePositionSchema = z.strictObject({ fullName: z.string(), id: z.string() });
