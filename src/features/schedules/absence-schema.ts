import { z } from '@hono/zod-openapi';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema, slotIdSchema } from '../../http/schemas.ts';
import { newTimeOffSchema } from './schema.ts';

/** Appointments that one absence takes care of. */
export const maxDisplaced = 500;

const actions = ['move', 'offer', 'cancel'] as const;
const actionSchema = z.enum(actions).openapi({
  description:
    'To move it to a slot, to ask the patient to choose another time, or to cancel it. Each patient is told; what was ' +
    'paid for a visit that is cancelled is given back.',
});

export const absencePreviewSchema = z.strictObject({ timeOff: newTimeOffSchema });

export const newAbsenceSchema = z.strictObject({
  timeOff: newTimeOffSchema,
  choices: z
    .array(
      z.strictObject({
        appointmentId: z.string().max(64),
        action: actionSchema,
        slotId: slotIdSchema.optional().openapi({ description: 'Of a move: another slot than the one proposed.' }),
      }),
    )
    .max(maxDisplaced)
    .default([])
    .refine((list) => new Set(list.map(({ appointmentId }) => appointmentId)).size === list.length, 'names one twice')
    .openapi({ description: 'What is done otherwise than proposed.' }),
});

export type NewAbsence = z.output<typeof newAbsenceSchema>;

const item = {
  appointmentId: z.string(),
  action: actionSchema,
  slotId: z.string().nullable().openapi({ description: 'Of a move: where it goes.' }),
};

export const absencePlanSchema = z
  .object({
    doctorId: z.string(),
    items: z.array(
      z.object({
        ...item,
        patientId: z.string(),
        patientName: z.string().nullable(),
        status: z.string(),
        startsAt: instantSchema,
        timeZone: z.string(),
        proposedAt: instantSchema.nullable().openapi({ description: 'When it would be; null where nothing is free.' }),
      }),
    ),
  })
  .openapi('AbsencePlan');

export const absenceSchema = z
  .object({
    id: z.string(),
    doctorId: z.string(),
    timeOffId: z.string(),
    createdAt: instantSchema,
    doneAt: instantSchema.nullable().openapi({ description: 'When everybody was taken care of.' }),
    items: z.array(
      z.object({
        ...item,
        state: z.enum(['pending', 'moved', 'offered', 'cancelled', 'unresolved']),
        why: z.string().nullable().openapi({ description: 'Code of the refusal that stands in the way.' }),
      }),
    ),
  })
  .openapi('Absence');

export const absencesQuerySchema = z.strictObject({ ...pageQuery });
export const absencePositionSchema = z.strictObject({ createdAtMs: z.int(), id: z.string() });
export const absenceParamsSchema = z.object({ id: z.string(), absenceId: z.string() });
