import { z } from '@hono/zod-openapi';
import { documentSchema } from '../documents/schema.ts';
import { profileSchema } from '../patient-profiles/schema.ts';
import { prescriptionSchema } from '../prescriptions/schema.ts';
import { noteSchema, recordEntrySchema } from '../records/entry-schema.ts';
import { followUpSchema, followUpWithSlotsSchema } from '../visits/schema.ts';

/** How many of each a chart shows: what a doctor looks through before a visit. */
export const latest = { entries: 20, prescriptions: 10, documents: 20 } as const;

export const chartQuerySchema = z.strictObject({
  appointmentId: z.string().max(64).optional().openapi({ description: 'The visit whose note is to be in it.' }),
});

/** What is known of a patient, at one look. */
export const chartSchema = z
  .object({
    patientId: z.string(),
    profile: profileSchema,
    entries: z.array(recordEntrySchema).openapi({ description: `The latest ${latest.entries} of the record.` }),
    prescriptions: z
      .array(prescriptionSchema)
      .openapi({ description: `The latest ${latest.prescriptions} of the patient.` }),
    documents: z
      .array(documentSchema)
      .openapi({ description: `The latest ${latest.documents} of those that the reader may see.` }),
    note: noteSchema.nullable().openapi({ description: 'Of the visit that was named; `null` while there is none.' }),
    followUp: followUpSchema
      .nullable()
      .openapi({ description: 'Proposed at that visit and ended by nobody, for its patient and its doctor.' }),
  })
  .openapi('Chart');

/** What there is to a visit. */
export const summarySchema = z
  .object({
    appointmentId: z.string(),
    patientId: z.string(),
    documents: z
      .array(documentSchema)
      .openapi({ description: 'Brought to this visit, the newest first; for its patient and its doctor.' }),
    note: noteSchema.nullable(),
    prescriptions: z.array(prescriptionSchema).openapi({ description: 'Written from this visit, the newest first.' }),
    followUp: followUpWithSlotsSchema
      .nullable()
      .openapi({ description: 'The proposal that nobody has ended, for its patient and its doctor.' }),
  })
  .openapi('AfterVisitSummary');
