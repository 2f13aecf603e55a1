import { z } from '@hono/zod-openapi';
import { authorRoles, recordKinds } from '../../db/schema.ts';
import { icd10Pattern, type Measurement, unitsOf, valueFault } from '../../domain/vitals.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, lineSchema, textSchema } from '../../http/schemas.ts';

const maxTitle = 200;
const maxText = 4_000;
const maxNote = 10_000;
const maxDiagnoses = 20;

const historyCategories = [
  'condition',
  'surgery',
  'allergy',
  'medication',
  'immunisation',
  'family',
  'lifestyle',
  'other',
] as const;

export const newHistorySchema = z
  .strictObject({
    category: z.enum(historyCategories),
    title: lineSchema(maxTitle).openapi({ example: 'Appendectomy' }),
    text: textSchema(maxText).nullable().default(null),
    at: instantSchema.optional().openapi({ description: 'When it was; now if left out.' }),
  })
  .openapi('NewHistoryEntry');

const quantity = (measurement: Measurement) =>
  z.strictObject({ value: z.number(), unit: z.enum(unitsOf(measurement)) }).superRefine(({ value, unit }, ctx) => {
    const message = valueFault(measurement, value, unit);
    if (message !== null) ctx.addIssue({ code: 'custom', path: ['value'], message });
  });

const pressure = (measurement: 'systolic' | 'diastolic') =>
  z.number().superRefine((value, ctx) => {
    const message = valueFault(measurement, value, 'mm[Hg]');
    if (message !== null) ctx.addIssue({ code: 'custom', message });
  });

/** What was measured at one time, each with its UCUM unit. */
const measured = {
  bloodPressure: z
    .strictObject({
      systolic: pressure('systolic'),
      diastolic: pressure('diastolic'),
      unit: z.enum(unitsOf('systolic')),
    })
    .refine(({ systolic, diastolic }) => systolic > diastolic, {
      path: ['diastolic'],
      message: 'must be below systolic',
    }),
  pulse: quantity('pulse'),
  temperature: quantity('temperature'),
  spO2: quantity('spO2'),
  weight: quantity('weight'),
  height: quantity('height'),
  glucose: quantity('glucose'),
};
const optional = Object.fromEntries(Object.entries(measured).map(([name, one]) => [name, one.optional()])) as {
  [Name in keyof typeof measured]: z.ZodOptional<(typeof measured)[Name]>;
};

export const newVitalsSchema = z
  .strictObject({
    ...optional,
    at: instantSchema.optional().openapi({ description: 'When it was measured; now if left out.' }),
  })
  .refine((vitals) => Object.keys(measured).some((name) => vitals[name as keyof typeof measured] !== undefined), {
    message: 'must hold at least one measurement',
  })
  .openapi('NewVitals', {
    example: { bloodPressure: { systolic: 121, diastolic: 79, unit: 'mm[Hg]' }, pulse: { value: 64, unit: '/min' } },
  });

const diagnosisSchema = z.strictObject({
  code: z
    .string()
    .regex(icd10Pattern, 'must have the form of an ICD-10 code, such as J45.0')
    .nullable()
    .default(null)
    .openapi({ description: 'ICD-10; its form is checked, not whether there is such a code.', example: 'J45.0' }),
  text: lineSchema(maxTitle),
});

const noteTextSchema = textSchema(maxNote).min(1);
const diagnosesSchema = z.array(diagnosisSchema).max(maxDiagnoses);

export const newNoteSchema = z
  .strictObject({ text: noteTextSchema, diagnoses: diagnosesSchema.default([]) })
  .openapi('NewVisitNote');
export const amendmentSchema = z
  .strictObject({
    text: noteTextSchema,
    diagnoses: diagnosesSchema
      .optional()
      .openapi({ description: 'If left out, those of the version that is amended stay.' }),
    amends: z.int().min(1).max(50).openapi({ description: 'The version that was read.' }),
    reason: textSchema(500).min(3).openapi({ description: 'Why it is amended.' }),
  })
  .openapi('VisitNoteAmendment');

/** One version of a visit note. */
export const noteVersionSchema = z
  .object({
    version: z.int(),
    text: z.string().nullable(),
    diagnoses: z.array(z.object({ code: z.string().nullable(), text: z.string() })),
    reason: z.string().nullable().openapi({ description: 'Why it was amended; `null` of the first version.' }),
    writtenAt: instantSchema,
  })
  .openapi('VisitNoteVersion');

/** A visit note with all its versions, the newest first. */
export const noteSchema = z
  .object({
    id: z.string().openapi({ example: 'r_AAAAAAAAAAAAAAAA' }),
    appointmentId: z.string(),
    patientId: z.string(),
    doctorId: z.string(),
    doctorName: z.string().nullable(),
    versions: z.array(noteVersionSchema),
  })
  .openapi('VisitNote');

/** An entry of a record as its readers see it. Of the last three fields it has the one of its kind. */
export const recordEntrySchema = z
  .object({
    id: z.string().openapi({ example: 'r_AAAAAAAAAAAAAAAA' }),
    patientId: z.string(),
    kind: z.enum(recordKinds),
    at: instantSchema.openapi({ description: 'When it was so, or was measured; of a note when the visit began.' }),
    recordedAt: instantSchema,
    saidBy: z.enum(authorRoles).openapi({ description: 'As what its author wrote it.' }),
    authorId: z.string(),
    authorName: z.string().nullable(),
    appointmentId: z.string().nullable(),
    withdrawnAt: instantSchema.nullable().openapi({ description: 'When its author declared it a mistake.' }),
    history: z
      .object({ category: z.enum(historyCategories), title: z.string(), text: z.string().nullable() })
      .optional(),
    vitals: z.object(optional).optional(),
    note: noteVersionSchema.optional().openapi({ description: 'The newest version.' }),
  })
  .openapi('RecordEntry');

export const recordsQuerySchema = z
  .strictObject({
    kind: z.enum(recordKinds).optional(),
    from: instantSchema.optional(),
    to: instantSchema.optional().openapi({ description: 'Not included.' }),
    ...pageQuery,
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  });

export const recordPositionSchema = z.strictObject({ atMs: z.int(), id: z.string() });
export const recordParamsSchema = z.object({ id: z.string(), recordId: z.string() });
