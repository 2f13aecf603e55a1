import { z } from '@hono/zod-openapi';
import { priorities } from '../../domain/schedule.ts';
import { instantSchema, localDateSchema, modeSchema, queryInstantSchema } from '../../http/schemas.ts';

export const whyQuerySchema = z.strictObject({
  at: queryInstantSchema.openapi({
    description:
      'RFC 3339, with an offset; in a URL, its `+` is written `%2B`. As it is written it is also taken for the clock of the doctor.',
    example: '2026-12-01T09:00:00+06:00',
  }),
});

/** What can keep a time from being booked. */
const reasonCodes = [
  'not_verified',
  'past',
  'outside_booking_window',
  'minimum_notice',
  'clocks_skip',
  'no_rule',
  'time_off',
  'busy_elsewhere',
  'buffer',
  'not_a_start',
  'overlapped',
  'full',
  'emergency_only',
  'frozen',
  'room_missing',
] as const;

const spanSchema = z.object({ startsAt: instantSchema, endsAt: instantSchema });
const localTime = z.string().openapi({ example: '09:00' });

const reasonSchema = z
  .object({
    code: z.enum(reasonCodes),
    text: z.string(),
    from: localDateSchema.optional(),
    to: localDateSchema.optional(),
    minutes: z.int().optional(),
    bookableFrom: instantSchema.optional(),
    nextTime: instantSchema.optional().openapi({ description: 'The moment at which the clocks go on.' }),
    rules: z
      .array(
        z.object({
          id: z.string(),
          start: localTime,
          end: localTime,
          effectiveFrom: localDateSchema.nullable(),
          effectiveUntil: localDateSchema.nullable(),
          inForce: z.boolean(),
        }),
      )
      .optional()
      .openapi({ description: 'The weekly rules of that weekday.' }),
    timeOff: z
      .array(
        z.object({
          id: z.string(),
          from: localDateSchema,
          to: localDateSchema,
          start: localTime.nullable(),
          end: localTime.nullable(),
          reason: z.string().optional().openapi({ description: 'For the doctor and admins only.' }),
        }),
      )
      .optional(),
    busy: z.array(spanSchema).optional(),
    within: spanSchema.optional(),
    nearestStarts: z.array(instantSchema).optional(),
    visits: z.int().optional(),
    capacity: z.int().optional(),
    seats: z
      .object({
        held: z.int(),
        awaitingApproval: z.int(),
        confirmed: z.int(),
        over: z.int(),
        arriving: z.int(),
        emergencies: z.int(),
      })
      .optional()
      .openapi({ description: 'Who has the seats, in numbers.' }),
    emergencyRemaining: z.int().optional(),
    kind: z.string().optional().openapi({ description: 'The kind of room or device of which none is free.' }),
  })
  .openapi('Reason');

/** Why a time can or cannot be booked. */
export const whySchema = z
  .object({
    doctorId: z.string(),
    at: instantSchema,
    local: z.string().openapi({ example: '2026-12-01T09:00', description: 'By the doctor’s clock.' }),
    timeZone: z.string(),
    available: z.boolean().openapi({ description: 'Whether anybody can book it: there is no reason against it.' }),
    slot: z
      .object({
        id: z.string(),
        ...spanSchema.shape,
        capacity: z.int(),
        remaining: z.int(),
        emergencyRemaining: z.int(),
        mode: modeSchema,
        clinicId: z.string().nullable(),
      })
      .nullable(),
    openTo: z.array(z.enum(priorities)),
    reasons: z.array(reasonSchema),
  })
  .openapi('SlotExplanation');
