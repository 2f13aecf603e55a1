import { z } from '@hono/zod-openapi';
import { statuses } from '../../domain/doctor-day/status.ts';
import { priorities } from '../../domain/schedule.ts';
import { pageQuery } from '../../http/pagination.ts';
import {
  inOrder,
  instantSchema,
  localDateSchema,
  modeSchema,
  moneySchema,
  slotIdSchema,
  textSchema,
} from '../../http/schemas.ts';

const maxReason = 500;
const maxSymptoms = 2_000;
const reason = textSchema(maxReason).openapi({ example: 'Check-up' });
const symptoms = textSchema(maxSymptoms).openapi({ example: 'Short of breath on stairs for two weeks' });

export const holdSchema = z
  .strictObject({
    slotId: slotIdSchema,
    patientId: z.string().max(64).optional().openapi({
      description: 'On whose behalf: a dependant, or a patient of one’s own day or clinic. By default oneself.',
    }),
    mode: modeSchema.optional(),
    priority: z.enum(priorities).default('routine').openapi({
      description:
        '`emergency` may take the seats that are kept for emergencies, also at short notice. It needs a `reason`.',
    }),
    reason: reason.optional(),
    symptoms: symptoms.optional(),
  })
  .openapi('Hold');

export const describeSchema = z
  .strictObject({ reason: reason.nullable().optional(), symptoms: symptoms.nullable().optional() })
  .refine((body) => Object.keys(body).length > 0, 'must hold a reason or symptoms')
  .openapi('Description');

export const cancelSchema = z.strictObject({ reason: reason.optional() }).openapi('Cancellation');

export const rejectSchema = z.strictObject({ reason: reason.min(1) }).openapi('Rejection');

export const rescheduleSchema = z.strictObject({ slotId: slotIdSchema }).openapi('Reschedule');

/** Commands that say nothing further take an empty body, or none. */
export const nothingSchema = z.strictObject({});

const conflictSchema = z.object({
  appointmentId: z.string(),
  doctorId: z.string(),
  startsAt: instantSchema,
  endsAt: instantSchema,
});

export const appointmentSchema = z
  .object({
    id: z.string().openapi({ example: 'a_AAAAAAAAAAAAAAAAJoJpdnMtYS1yYW5kb20taWQ' }),
    status: z.enum(statuses),
    slotId: z.string(),
    doctorId: z.string(),
    patientId: z.string(),
    startsAt: instantSchema,
    endsAt: instantSchema,
    timeZone: z.string().openapi({ example: 'Asia/Dhaka', description: 'The IANA zone of the doctor.' }),
    mode: modeSchema,
    priority: z.enum(priorities),
    clinicId: z.string().nullable(),
    expiresAt: instantSchema
      .nullable()
      .openapi({ description: 'When the hold, or the request for approval, runs out.' }),
    consultationFee: moneySchema,
    payment: z
      .object({
        required: z.boolean().openapi({ description: 'The patient pays before the hold is confirmed.' }),
        paid: moneySchema.nullable(),
      })
      .openapi({
        description: 'What was paid stays what it was when the appointment moves to where the fee is another.',
      }),
    offer: z
      .object({ waitlistEntryId: z.string() })
      .nullable()
      .openapi({ description: 'Of one that was offered to who waited for it: a hold until it is confirmed.' }),
    resources: z
      .array(z.object({ id: z.string(), kind: z.string(), name: z.string() }))
      .openapi({ description: 'The rooms and devices of the clinic that are held for it.' }),
    outsideSchedule: z.boolean().openapi({ description: 'The schedule has changed and no longer offers this time.' }),
    calendarUid: z.string().openapi({ description: 'RFC 5545 UID; stays the same when the appointment moves.' }),
    createdAt: instantSchema,
    updatedAt: instantSchema,
    version: z.int(),
    patientName: z
      .string()
      .nullable()
      .optional()
      .openapi({ description: 'Names come with lists and reads, not with the answers of changes.' }),
    doctorName: z.string().nullable().optional(),
    clinicName: z.string().nullable().optional(),
    reason: z
      .string()
      .nullable()
      .optional()
      .openapi({ description: 'For the patient, a guardian and the doctor only.' }),
    symptoms: z.string().nullable().optional(),
    statusReason: z.string().nullable().optional(),
    attendanceConfirmedAt: instantSchema.nullable().optional().openapi({
      description: 'When the invitation to this time was accepted by mail. With reads of one appointment only.',
    }),
    conflictsWith: z
      .array(conflictSchema)
      .optional()
      .openapi({ description: 'For the patient: own live appointments with other doctors at an overlapping time.' }),
  })
  .openapi('Appointment');

export const listQuerySchema = z
  .strictObject({
    status: z.enum(statuses).optional(),
    from: localDateSchema.optional().openapi({ description: 'First local date of the appointments.' }),
    to: localDateSchema.optional().openapi({ description: 'Last local date of the appointments.' }),
    doctorId: z.string().max(64).optional(),
    patientId: z.string().max(64).optional(),
    clinicId: z.string().max(64).optional(),
    order: z.enum(['oldest', 'newest']).optional().openapi({ description: 'By their start; `oldest` unless told.' }),
    outsideSchedule: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional()
      .openapi({ description: '`true`: those that the doctor’s schedule no longer offers.' }),
    ...pageQuery,
  })
  .refine(...inOrder);

export const slotsQuerySchema = z.strictObject({ date: localDateSchema });

export const slotsSchema = z
  .object({
    doctorId: z.string(),
    date: localDateSchema,
    timeZone: z.string(),
    slots: z.array(
      z.object({
        id: z.string(),
        startsAt: instantSchema,
        endsAt: instantSchema,
        localStart: z.string().openapi({ example: '2026-12-01T09:00' }),
        capacity: z.int(),
        remaining: z.int(),
        emergencyRemaining: z.int().optional().openapi({
          description: 'Seats that an emergency could take beyond those. Only for who is signed in.',
        }),
        mode: modeSchema,
        clinicId: z.string().nullable(),
        requires: z
          .array(z.string())
          .openapi({ description: 'Kinds of rooms and devices that a hold needs as well: they may be taken.' }),
      }),
    ),
  })
  .openapi('Slots');
