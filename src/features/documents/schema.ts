import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, lineSchema } from '../../http/schemas.ts';

const maxName = 120;

/** What a file is called: a label, and never the name of a path or of something that looks like another. */
const nameSchema = lineSchema(maxName)
  .transform((text) => text.normalize('NFC'))
  .refine((text) => !/[/\\:*?"<>|]|^\.|\.\.|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u.test(text), {
    message: 'must be a name without a path and without invisible characters',
  })
  .openapi({ type: 'string', example: 'Blood count, May' });

export const documentEditSchema = z
  .strictObject({
    name: nameSchema,
    appointmentId: z
      .string()
      .max(64)
      .nullable()
      .openapi({ description: 'One of the patient’s: its doctor may read the document while treating the patient.' }),
  })
  .partial()
  .openapi('PatientDocumentEdit');

export type DocumentEdit = z.output<typeof documentEditSchema>;

export const documentSchema = z
  .object({
    id: z.string().openapi({ example: 'd_AAAAAAAAAAAAAAAA' }),
    patientId: z.string(),
    name: z.string().nullable(),
    mediaType: z.enum(['application/pdf', 'image/jpeg', 'image/png']),
    bytes: z.int(),
    appointmentId: z.string().nullable(),
    uploadedAt: instantSchema,
  })
  .openapi('PatientDocument');

export const documentsQuerySchema = z.strictObject(pageQuery);
export const documentPositionSchema = z.strictObject({ createdAtMs: z.int(), id: z.string() });

export const newShareSchema = z
  .strictObject({
    doctorId: z.string().max(64).openapi({ example: 'u_AAAAAAAAAAAAAAAA' }),
    endsAt: instantSchema.openapi({ description: 'At that instant it ends. At most a year ahead.' }),
  })
  .openapi('NewDocumentShare');

export const shareSchema = z
  .object({ doctorId: z.string(), doctorName: z.string().nullable(), sharedAt: instantSchema, endsAt: instantSchema })
  .openapi('DocumentShare');

/** There are at most 20, so a list of them has no pages. */
export const sharesSchema = z.object({ items: z.array(shareSchema) }).openapi('DocumentShares');
export const shareParamsSchema = z.object({ id: z.string(), doctorId: z.string() });

export const linkSchema = z
  .object({
    url: z.string().openapi({ description: 'Gives the file to whoever has it: keep it to yourself.' }),
    expiresAt: instantSchema,
  })
  .openapi('DocumentLink');

export const tokenParamsSchema = z.object({ token: z.string() });
