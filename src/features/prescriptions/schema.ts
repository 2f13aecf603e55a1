import { z } from '@hono/zod-openapi';
import { interactionSeverities } from '../../domain/interactions.ts';
import { defaultValidDays, maxItems, maxValidDays, prescriptionStates } from '../../domain/prescription.ts';
import { instantSchema, lineSchema, textSchema } from '../../http/schemas.ts';

const optionalLine = (max: number) => lineSchema(max).nullable().default(null);

const itemSchema = z.strictObject({
  drug: lineSchema(120).openapi({ example: 'Amoxicillin' }),
  strength: optionalLine(60).openapi({ example: '500 mg' }),
  form: optionalLine(60).openapi({ example: 'capsule' }),
  dose: lineSchema(120).openapi({ example: '1 capsule' }),
  frequency: lineSchema(120).openapi({ example: 'every 8 hours' }),
  duration: optionalLine(60).openapi({ example: '7 days' }),
  notes: textSchema(500).nullable().default(null).openapi({ example: 'After meals.' }),
});

const overridesSchema = z
  .array(z.strictObject({ key: z.string().min(1).max(400), reason: lineSchema(500) }))
  .max(200)
  .default([])
  .openapi({ description: 'For each severe hit its `key`, and why it is prescribed all the same.' });
const validDaysSchema = z.int().min(1).max(maxValidDays).default(defaultValidDays);

/** What a doctor prescribes. */
export const orderSchema = z
  .strictObject({
    patientId: z.string().max(64),
    appointmentId: z.string().max(64).optional().openapi({
      description: 'The visit that it is from, which has begun; without it, your latest such with the patient.',
    }),
    items: z.array(itemSchema).min(1).max(maxItems),
    validDays: validDaysSchema,
    overrides: overridesSchema,
  })
  .openapi('PrescriptionOrder');

export const renewalSchema = z
  .strictObject({ validDays: validDaysSchema, overrides: overridesSchema })
  .openapi('PrescriptionRenewal');

export const cancellationSchema = z.strictObject({ reason: lineSchema(500) }).openapi('PrescriptionCancellation');

export const checkSchema = z
  .strictObject({
    patientId: z.string().max(64),
    drugs: z.array(lineSchema(120)).min(1).max(maxItems),
  })
  .openapi('InteractionCheck');

const hitSchema = z.object({
  key: z.string().openapi({ description: 'By which an override names it.' }),
  kind: z.enum(['interaction', 'allergy', 'duplicate']),
  severity: z.enum(interactionSeverities),
  between: z.array(z.string()).openapi({ description: 'The two names, as they were written.' }),
  text: z.string(),
  source: z.string().nullable(),
});

/** What no check may keep silent about. */
export const notComplete =
  'This data is not complete. That nothing is found does not mean that medicines go together; it replaces no reference ' +
  'and no judgement.';

export const checkedSchema = z
  .object({
    hits: z.array(hitSchema),
    unknown: z.array(z.string()).openapi({
      description: 'Names that could not be checked: they are on no list here, and in no pair that was found.',
    }),
    complete: z.literal(false),
    notice: z.string().openapi({ description: 'To be shown: which names could not be checked.', example: notComplete }),
  })
  .openapi('InteractionHits');

const item = z.object({
  drug: z.string(),
  strength: z.string().nullable(),
  form: z.string().nullable(),
  dose: z.string(),
  frequency: z.string(),
  duration: z.string().nullable(),
  notes: z.string().nullable(),
});

/** A prescription as who may read it sees it. The code that dispenses it is on the paper only. */
export const prescriptionSchema = z
  .object({
    id: z.string(),
    patientId: z.string(),
    doctorId: z.string(),
    doctorName: z.string(),
    appointmentId: z.string(),
    state: z.enum(prescriptionStates),
    authentic: z.boolean().openapi({ description: 'Whether the signature is good.' }),
    items: z.array(item),
    overrides: z.array(z.object({ key: z.string(), text: z.string(), reason: z.string() })),
    renews: z.string().nullable(),
    scanUrl: z
      .string()
      .nullable()
      .optional()
      .openapi({
        description:
          'What the QR code of the paper holds, while it may be dispensed: for the patient, the guardian and the doctor who ' +
          'wrote it. With reads of one prescription only.',
      }),
    issuedAt: instantSchema,
    validUntil: instantSchema,
    dispensedAt: instantSchema.nullable(),
    dispensedBy: z.string().nullable(),
    cancelledAt: instantSchema.nullable(),
    cancelReason: z.string().nullable(),
  })
  .openapi('Prescription');

/** A prescription that has just been written, with what its check has found. */
export const writtenSchema = prescriptionSchema
  .extend({
    check: checkedSchema.openapi({ description: 'What was found, and which names could not be checked.' }),
  })
  .openapi('PrescriptionWritten');

export const positionSchema = z.object({ issuedAtMs: z.int(), id: z.string() });

/** What a pharmacy says to dispense. Blanks in the code are how it is printed. */
export const dispensingSchema = z
  .strictObject({
    code: z
      .string()
      .max(20)
      .transform((text) => text.replaceAll(/\s/g, ''))
      .pipe(z.string().regex(/^\d{8}$/, 'must be the eight digits beside the QR code')),
    pharmacy: lineSchema(120).openapi({ example: 'Lazz Pharma, Kalabagan' }),
  })
  .openapi('Dispensing');

/** What anybody learns who has the address in the QR code. */
export const verifiedSchema = z
  .object({
    authentic: z.boolean(),
    state: z.enum(prescriptionStates),
    issuedAt: instantSchema,
    validUntil: instantSchema,
    timeZone: z.string().openapi({ description: 'In which the paper says its dates.', example: 'Asia/Dhaka' }),
    dispensedAt: instantSchema.nullable(),
    doctor: z.object({ name: z.string(), licenseNumber: z.string() }),
    patientInitials: z.string().openapi({ example: 'N. I.' }),
    itemCount: z.int().openapi({ description: 'How many medicines are on it.' }),
  })
  .openapi('VerifiedPrescription');

export type Verified = z.input<typeof verifiedSchema>;
