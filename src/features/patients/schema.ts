import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../http/schemas.ts';
import { emailSchema, phoneSchema } from '../identity/schema.ts';

/** What is known of a name must narrow it down. */
const minName = 3;

export const patientSearchSchema = z
  .strictObject({
    email: emailSchema.optional(),
    phone: phoneSchema.optional(),
    name: lineSchema(120).min(minName).optional(),
  })
  .refine(
    (search) => Object.values(search).filter((value) => value !== undefined).length === 1,
    'must name one of them',
  )
  .openapi('PatientSearch', {
    description:
      'One of: the whole e-mail address, the whole phone number, or words that begin words of the name, in any order.',
  });

export const foundPatientSchema = z
  .object({
    id: z.string().openapi({ example: 'u_AAAAAAAAAAAAAAAA' }),
    fullName: z.string(),
    birthDate: z.string().nullable().openapi({ description: 'Of dependants.' }),
    guardianId: z.string().nullable().openapi({ description: 'Who acts for them, if they have no login.' }),
    guardianName: z.string().nullable(),
    email: z.string().openapi({ description: 'Masked: enough to recognise it.', example: 'n***@example.com' }),
    phone: z.string().nullable().openapi({ description: 'Masked.', example: '***678' }),
  })
  .openapi('FoundPatient');

export const foundPatientsSchema = z.object({ items: z.array(foundPatientSchema) }).openapi('FoundPatients');
