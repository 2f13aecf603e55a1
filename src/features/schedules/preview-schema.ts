import { z } from '@hono/zod-openapi';
import { instantSchema, modeSchema } from '../../http/schemas.ts';

/** How many dates a preview shows slot by slot, from today on. */
export const previewedDays = 14;
/** How many appointments ahead a preview looks at, and how many of those that it finds it names. */
export const maxLookedAt = 1_000;
export const maxNamed = 100;

/** What a weekly schedule would come to. */
export const schedulePreviewSchema = z
  .object({
    doctorId: z.string(),
    timeZone: z.string(),
    days: z
      .array(
        z.object({
          date: z.string().openapi({ format: 'date' }),
          slots: z.array(
            z.object({
              startsAt: instantSchema,
              endsAt: instantSchema,
              capacity: z.int(),
              mode: modeSchema,
              clinicId: z.string().nullable(),
            }),
          ),
        }),
      )
      .openapi({ description: `${previewedDays} dates from today on, with extra sessions and without time off.` }),
    slotsBefore: z.int().openapi({ description: 'Of these dates, by the schedule as it is.' }),
    slotsAfter: z.int(),
    touched: z.int().openapi({
      description: `How many appointments would be left outside the schedule, of the next ${maxLookedAt}.`,
    }),
    appointments: z
      .array(
        z.object({
          appointmentId: z.string(),
          patientId: z.string(),
          patientName: z.string().nullable(),
          status: z.string(),
          startsAt: instantSchema,
          timeZone: z.string(),
        }),
      )
      .openapi({ description: `Those, by time; the first ${maxNamed}.` }),
  })
  .openapi('SchedulePreview');
