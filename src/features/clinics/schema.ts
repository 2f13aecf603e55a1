import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { countrySchema, lineSchema, timeZoneSchema } from '../../http/schemas.ts';
import { emailSchema } from '../identity/schema.ts';

const replyEmailSchema = emailSchema.nullable().openapi({
  description: 'Where answers to mail about its appointments go (`Reply-To`). Everybody can see it.',
  example: 'desk@dhanmondi-heart.example',
});

export const newClinicSchema = z
  .strictObject({
    name: lineSchema(120).openapi({ example: 'Dhanmondi Heart Centre' }),
    address: lineSchema(240).openapi({ example: 'House 12, Road 5' }),
    city: lineSchema(80).openapi({ example: 'Dhaka' }),
    country: countrySchema,
    timeZone: timeZoneSchema,
    email: replyEmailSchema.default(null),
  })
  .openapi('NewClinic');

/** What can change of a clinic: doctors are found by its city, and its time zone is that of their sessions. */
export const clinicEditSchema = z.strictObject({ email: replyEmailSchema }).openapi('ClinicEdit');

export const clinicSchema = z
  .object({
    id: z.string().openapi({ example: 'c_AAAAAAAAAAAAAAAA' }),
    name: z.string(),
    address: z.string(),
    city: z.string(),
    country: z.string(),
    timeZone: z.string(),
    email: z.string().nullable(),
  })
  .openapi('Clinic');

export const clinicsQuerySchema = z.strictObject(pageQuery);

export const clinicPositionSchema = z.strictObject({ name: z.string(), id: z.string() });
