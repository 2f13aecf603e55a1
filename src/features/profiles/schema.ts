import { z } from '@hono/zod-openapi';
import { locales } from '../../domain/notifications/preferences.ts';
import { timeZoneSchema } from '../../http/schemas.ts';
import { fullNameSchema, userSchema } from '../identity/schema.ts';

/** An account with what its owner says of themselves. */
export const meSchema = userSchema
  .extend({
    locale: z.enum(locales).openapi({ description: 'The language in which they are told.' }),
    timeZone: z.string().nullable().openapi({ description: 'The zone that they live in.' }),
    hasPicture: z.boolean().openapi({ description: 'Whether there is one at `/users/{id}/picture`.' }),
  })
  .openapi('Me');

/** A header that asks for the picture that was seen. */
export const ifMatchSchema = z.object({
  'if-match': z
    .string()
    .max(1_000)
    .optional()
    .openapi({ description: 'The ETag of the picture that was seen: of another, `precondition_failed`.' }),
});

/** What is absent stays as it is. */
export const meEditSchema = z
  .strictObject({
    fullName: fullNameSchema.openapi({ description: 'Of a doctor by `PUT /doctors/{id}`, for a licence names them.' }),
    phone: z.null().openapi({ description: 'To have none. A number becomes mine by `POST /auth/verification`.' }),
    locale: z.enum(locales),
    timeZone: timeZoneSchema.nullable(),
  })
  .partial()
  .refine((edit) => Object.keys(edit).length > 0, 'must change something')
  .openapi('MeEdit');

export type MeEdit = z.output<typeof meEditSchema>;
