import { z } from '@hono/zod-openapi';
import { dayNumber } from '../../domain/local-date.ts';
import { inOrder, instantSchema, localDateSchema, modeSchema } from '../../http/schemas.ts';

const maxDays = 62;

export const availabilityQuerySchema = z
  .strictObject({
    from: localDateSchema.openapi({ description: 'Local date in the doctor’s time zone.' }),
    include: z.literal('slots').optional().openapi({ description: 'Each date with its free slots, too.' }),
    to: localDateSchema.openapi({ description: `Included; at most ${maxDays} days in all.`, example: '2026-12-31' }),
  })
  .refine(...inOrder)
  .refine((range) => dayNumber(range.to) - dayNumber(range.from) < maxDays, {
    path: ['to'],
    message: `must be within ${maxDays} days`,
  });

/** What a doctor's days offer. */
export const availabilitySchema = z
  .object({
    doctorId: z.string(),
    timeZone: z.string(),
    days: z.array(
      z.object({
        date: localDateSchema,
        slots: z.int().openapi({ description: 'Slots of the day, full ones included; 0 outside the booking window.' }),
        remaining: z.int().openapi({ description: 'Free seats that may still be booked.' }),
        firstAvailableAt: instantSchema.nullable(),
        freeSlots: z
          .array(
            z.object({
              id: z.string(),
              startsAt: instantSchema,
              endsAt: instantSchema,
              remaining: z.int(),
              mode: modeSchema,
              clinicId: z.string().nullable(),
            }),
          )
          .optional()
          .openapi({ description: 'Those with seats left, with `include=slots`.' }),
      }),
    ),
  })
  .openapi('Availability');
