import { z } from '@hono/zod-openapi';
import { bloodGroups, severities, sexes } from '../../domain/patient-profile.ts';
import { instantSchema, lineSchema, textSchema } from '../../http/schemas.ts';
import { phoneSchema } from '../identity/schema.ts';

const maxItems = 50;
const maxName = 120;
const maxNote = 500;

/** A date of birth: a real day, from 1900 on. That it is not to come is for whoever knows the clock. */
const birthDateSchema = z
  .string()
  .regex(/^(19|20)\d\d-\d\d-\d\d$/, 'must be a date as YYYY-MM-DD, from 1900')
  .refine((text) => {
    const ms = Date.parse(`${text}T00:00:00Z`);
    return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
  }, 'must be a day of the calendar')
  .openapi({ format: 'date', example: '1987-03-14' });

const itemFields = {
  name: lineSchema(maxName).openapi({ example: 'Penicillin' }),
  note: textSchema(maxNote).nullable().default(null),
};
const severitySchema = z.enum(severities).nullable();
const codeSchema = z
  .string()
  .openapi({ description: 'The name as it is looked up and compared.', example: 'penicillin' });

const contactSchema = z.strictObject({ name: lineSchema(maxName), relation: lineSchema(60), phone: phoneSchema });
const insuranceSchema = z.strictObject({ provider: lineSchema(maxName), policyNumber: lineSchema(60) });
const deskFields = {
  birthDate: birthDateSchema.nullable(),
  sex: z.enum(sexes).nullable(),
  emergencyContact: contactSchema.nullable(),
  insurance: insuranceSchema.nullable(),
};
const bloodGroupSchema = z.enum(bloodGroups).nullable();
const items = z.array(z.strictObject(itemFields)).max(maxItems);

/** A change of a profile: what it leaves out stays. */
export const profileEditSchema = z
  .strictObject({
    ...deskFields,
    bloodGroup: bloodGroupSchema,
    allergies: z.array(z.strictObject({ ...itemFields, severity: severitySchema.default(null) })).max(maxItems),
    conditions: items,
    medications: items,
  })
  .partial()
  .openapi('PatientProfileEdit');

export type ProfileEdit = z.output<typeof profileEditSchema>;

const shownItem = { name: z.string(), code: codeSchema, note: z.string().nullable() };
const shownItems = z.array(z.object(shownItem)).optional();

/** A profile as its reader sees it: staff without what is for who treats. */
export const profileSchema = z
  .object({
    patientId: z.string(),
    ...deskFields,
    bloodGroup: bloodGroupSchema.optional(),
    allergies: z.array(z.object({ ...shownItem, severity: severitySchema })).optional(),
    conditions: shownItems,
    medications: shownItems,
    revision: z.int().openapi({ description: '0 while nothing was said. The `ETag` has it as well.' }),
    updatedAt: instantSchema.nullable(),
  })
  .openapi('PatientProfile');

/** Header of a change that rests on what was read. */
export const ifMatchSchema = z.object({
  'if-match': z
    .string()
    .regex(/^("\d{1,15}"|\*)$/, 'must be an ETag of the profile')
    .optional()
    .openapi({ description: 'The ETag of the profile that was read.', example: '"7"' }),
});
