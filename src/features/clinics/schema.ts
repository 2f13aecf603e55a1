import { z } from '@hono/zod-openapi';
import { faultOfHours, inOrderOfWeek } from '../../domain/opening-hours.ts';
import { pageQuery } from '../../http/pagination.ts';
import { countrySchema, lineSchema, localTimeSchema, timeZoneSchema } from '../../http/schemas.ts';
import { emailSchema, phoneSchema } from '../identity/schema.ts';

const replyEmailSchema = emailSchema.nullable().openapi({
  description: 'Where answers to mail about its appointments go (`Reply-To`). Everybody can see it.',
  example: 'desk@dhanmondi-heart.example',
});

/** Several a day, for a break at noon and one in the afternoon. */
const maxSpans = 28;

const closingTimeSchema = z.union([localTimeSchema, z.literal('24:00')]).openapi({ type: 'string', example: '18:00' });

const openingHoursSchema = z
  .array(
    z.strictObject({
      weekday: z.int().min(1).max(7).openapi({ description: 'ISO: 1 is Monday.' }),
      from: localTimeSchema,
      to: closingTimeSchema,
    }),
  )
  .max(maxSpans)
  .superRefine((hours, c) => {
    const at = faultOfHours(hours);
    if (at === null) return;
    c.addIssue({ code: 'custom', path: [at], message: 'must end after it begins and overlap no other of its day' });
  })
  .transform((hours) => [...inOrderOfWeek(hours)])
  .openapi({ description: 'Week by week, in the clinic’s own zone; what goes past midnight is two spans.' });

/** About 10 cm: more digits say nothing of a house. */
const degrees = (most: number) =>
  z
    .number()
    .min(-most)
    .max(most)
    .overwrite((value) => Math.round(value * 1e6) / 1e6);

const positionSchema = z
  .strictObject({ latitude: degrees(90), longitude: degrees(180) })
  .openapi('Position', { description: 'WGS 84.', example: { latitude: 23.7465, longitude: 90.376 } });

const idSchema = z.string().max(80);

/** What can change of a clinic. Its country and its time zone stay: the latter is that of its doctors' sessions. */
const changeable = {
  name: lineSchema(120).openapi({ example: 'Dhanmondi Heart Centre' }),
  address: lineSchema(240).openapi({ example: 'House 12, Road 5' }),
  city: lineSchema(80).openapi({ example: 'Dhaka' }),
  email: replyEmailSchema,
  organizationId: idSchema.nullable().openapi({ description: 'The organization that it is a place of.' }),
  locationId: idSchema.nullable().openapi({ description: 'One of `GET /locations`.', example: 'BD-13' }),
  position: positionSchema.nullable(),
  phone: phoneSchema.nullable(),
  openingHours: openingHoursSchema.nullable(),
};

export const newClinicSchema = z
  .strictObject({
    name: changeable.name,
    address: changeable.address,
    city: changeable.city,
    country: countrySchema,
    timeZone: timeZoneSchema,
    email: replyEmailSchema.default(null),
    organizationId: changeable.organizationId.default(null),
    locationId: changeable.locationId.default(null),
    position: changeable.position.default(null),
    phone: changeable.phone.default(null),
    openingHours: changeable.openingHours.default(null),
  })
  .openapi('NewClinic');

export type NewClinic = z.output<typeof newClinicSchema>;

/** What is absent stays as it is. */
export const clinicEditSchema = z
  .strictObject(changeable)
  .partial()
  .refine((edit) => Object.keys(edit).length > 0, 'must change something')
  .openapi('ClinicEdit');

export type ClinicEdit = z.output<typeof clinicEditSchema>;

export const clinicSchema = z
  .object({
    id: z.string().openapi({ example: 'c_AAAAAAAAAAAAAAAA' }),
    name: z.string(),
    address: z.string(),
    city: z.string(),
    country: z.string(),
    timeZone: z.string(),
    email: z.string().nullable(),
    organizationId: z.string().nullable(),
    locationId: z.string().nullable(),
    position: positionSchema.nullable(),
    phone: z.string().nullable(),
    openingHours: z.array(z.object({ weekday: z.int(), from: z.string(), to: z.string() })).nullable(),
  })
  .openapi('Clinic');

export const clinicsQuerySchema = z.strictObject({
  organizationId: idSchema.optional().openapi({ description: 'Of this organization.' }),
  ...pageQuery,
});

export const clinicPositionSchema = z.strictObject({ name: z.string(), id: z.string() });

export const newOrganizationSchema = z
  .strictObject({ name: lineSchema(120).openapi({ example: 'Dhanmondi Health' }) })
  .openapi('NewOrganization');

const organizationFields = { id: z.string().openapi({ example: 'o_AAAAAAAAAAAAAAAA' }), name: z.string() };

export const organizationSchema = z.object(organizationFields).openapi('Organization');

/** With its places, by name. */
export const organizationWithClinicsSchema = z
  .object({ ...organizationFields, clinics: z.array(clinicSchema) })
  .openapi('OrganizationWithClinics');
