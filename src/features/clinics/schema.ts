import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { countrySchema, lineSchema, timeZoneSchema } from '../../http/schemas.ts';

export const newClinicSchema = z
  .strictObject({
    name: lineSchema(120).openapi({ example: 'Dhanmondi Heart Centre' }),
    address: lineSchema(240).openapi({ example: 'House 12, Road 5' }),
    city: lineSchema(80).openapi({ example: 'Dhaka' }),
    country: countrySchema,
    timeZone: timeZoneSchema,
  })
  .openapi('NewClinic');

export const clinicSchema = z
  .object({
    id: z.string().openapi({ example: 'c_AAAAAAAAAAAAAAAA' }),
    name: z.string(),
    address: z.string(),
    city: z.string(),
    country: z.string(),
    timeZone: z.string(),
  })
  .openapi('Clinic');

export const clinicsQuerySchema = z.strictObject(pageQuery);

export const clinicPositionSchema = z.strictObject({ name: z.string(), id: z.string() });
