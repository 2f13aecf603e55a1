import { z } from '@hono/zod-openapi';
import { dayNumber } from '../../domain/local-date.ts';
import { pageQuery } from '../../http/pagination.ts';
import { inOrder, instantSchema as instant, localDateSchema, modeSchema, textSchema } from '../../http/schemas.ts';

const maxFollowUpDays = 93;

/** Somebody who has come. */
export const visitSchema = z
  .object({ appointmentId: z.string(), checkedInAt: instant, calledAt: instant.nullable() })
  .openapi('Visit');

/** Where somebody stands in the queue. */
export const standingSchema = z
  .object({
    appointmentId: z.string(),
    checkedInAt: instant.nullable(),
    calledAt: instant.nullable(),
    ahead: z.int().nullable().openapi({ description: 'How many are called in before; null for who does not wait.' }),
    delayMinutes: z.int().openapi({ description: 'How late the doctor is.' }),
  })
  .openapi('QueueStanding');

export const queueSchema = z
  .object({
    doctorId: z.string(),
    date: z.string().openapi({ format: 'date' }),
    delayMinutes: z.int(),
    items: z.array(
      z.object({
        appointmentId: z.string(),
        patientId: z.string(),
        patientName: z.string().nullable(),
        startsAt: instant,
        mode: modeSchema,
        clinicId: z.string().nullable(),
        state: z.enum(['expected', 'waiting', 'called_in', 'completed', 'no_show']),
        checkedInAt: instant.nullable(),
        calledAt: instant.nullable(),
        ahead: z.int().nullable(),
      }),
    ),
  })
  .openapi('Queue');

export const delaySchema = z.strictObject({
  minutes: z.int().min(0).max(240).openapi({ description: '0 for on time again.', example: 20 }),
});

export const saidDelaySchema = z
  .object({ doctorId: z.string(), date: z.string().openapi({ format: 'date' }), minutes: z.int() })
  .openapi('DoctorDelay');

export const roomSchema = z
  .object({ url: z.url(), opensAt: instant, closesAt: instant })
  .openapi('VideoRoom', { description: 'Whoever has the address can enter: it is for the two parties only.' });

export const newFollowUpSchema = z
  .strictObject({
    from: localDateSchema.openapi({ description: 'By the clock of the doctor.' }),
    to: localDateSchema.openapi({ description: 'Included.' }),
    note: textSchema(500).optional().openapi({ description: 'To the patient.' }),
  })
  .refine(...inOrder)
  .refine((wish) => dayNumber(wish.to) - dayNumber(wish.from) < maxFollowUpDays, {
    path: ['to'],
    message: `must be within ${maxFollowUpDays} days`,
  });

export type NewFollowUp = z.output<typeof newFollowUpSchema>;

export const followUpSchema = z
  .object({
    id: z.string(),
    appointmentId: z.string().openapi({ description: 'The visit that it follows.' }),
    doctorId: z.string(),
    patientId: z.string(),
    from: z.string().openapi({ format: 'date' }),
    to: z.string().openapi({ format: 'date' }),
    note: z.string().nullable(),
    state: z.enum(['open', 'booked', 'ended', 'lapsed']),
    createdAt: instant,
  })
  .openapi('FollowUp');

/** A proposal with times that are free just now. */
export const followUpWithSlotsSchema = followUpSchema
  .extend({
    slots: z
      .array(z.object({ id: z.string(), startsAt: instant, mode: modeSchema, clinicId: z.string().nullable() }))
      .openapi({ description: 'The first free ones of its dates, three at most; none once it is not open.' }),
  })
  .openapi('FollowUpWithSlots');

export const followUpsQuerySchema = z.strictObject({ ...pageQuery });
export const followUpPositionSchema = z.strictObject({ createdAtMs: z.int(), id: z.string() });
