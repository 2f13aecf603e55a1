import { z } from '@hono/zod-openapi';
import { verificationStates } from '../../db/schema.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, textSchema } from '../../http/schemas.ts';

const idSchema = z.string().openapi({ example: 'u_AAAAAAAAAAAAAAAA' });
const stateSchema = z.enum(verificationStates).openapi({
  description:
    '`unverified`: nothing was submitted yet. `submitted`: waits for an admin. `verified`: can be found and booked. ' +
    '`rejected`: may be put right and submitted again.',
});

/** A licence document, without the file. */
export const documentSchema = z
  .object({
    id: z.string().openapi({ example: 'f_AAAAAAAAAAAAAAAA' }),
    mediaType: z.enum(['application/pdf', 'image/jpeg', 'image/png']),
    bytes: z.int(),
    sha256: z.string().openapi({ description: 'Of the whole file, in hexadecimal.' }),
    uploadedAt: instantSchema,
  })
  .openapi('LicenceDocument');

/** How far a doctor's verification has come. */
export const verificationSchema = z
  .object({
    doctorId: idSchema,
    state: stateSchema,
    since: instantSchema,
    reason: z.string().nullable().openapi({ description: 'Why it was last rejected; `null` otherwise.' }),
    licenseNumber: z.string(),
    fullName: z.string(),
    specialization: z.string(),
    documents: z.array(documentSchema).openapi({ description: 'Oldest first.' }),
  })
  .openapi('Verification');

/** A doctor in the queue of those who wait for a review. */
export const verificationItemSchema = verificationSchema
  .omit({ documents: true })
  .extend({ documents: z.int().openapi({ description: 'How many documents there are to look at.' }) })
  .openapi('VerificationItem');

export const verificationQuerySchema = z.strictObject({
  state: z.enum(verificationStates).default('submitted'),
  ...pageQuery,
});

export const verificationPositionSchema = z.strictObject({
  state: z.enum(verificationStates),
  sinceMs: z.int(),
  id: z.string(),
});

const maxReason = 1_000;

export const rejectionSchema = z
  .strictObject({
    reason: textSchema(maxReason)
      .min(1)
      .openapi({ description: 'Sent to the doctor as it is.', example: 'The copy of the licence cannot be read.' }),
  })
  .openapi('VerificationRejection');

/** Path of one document. A malformed id answers like a missing one. */
export const documentParamsSchema = z.object({ id: z.string(), documentId: z.string() });
