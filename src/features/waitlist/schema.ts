import { z } from '@hono/zod-openapi';
import { partsOfDay } from '../../domain/doctor-day/waiting.ts';
import { isAccountId } from '../../domain/ids.ts';
import { dayNumber } from '../../domain/local-date.ts';
import { pageQuery } from '../../http/pagination.ts';
import { inOrder, instantSchema, localDateSchema, modeSchema } from '../../http/schemas.ts';

/** The dates that one entry may span, both ends included. */
const maxDays = 62;
const accountIdSchema = z.string().refine(isAccountId, 'is not the id of an account').openapi({
  example: 'u_AAAAAAAAAAAAAAAA',
});
const partSchema = z.enum(partsOfDay).openapi({
  description: 'By the doctor’s clock: morning before 12:00, afternoon before 17:00, evening from 17:00 on.',
});

export const newEntrySchema = z
  .strictObject({
    doctorId: accountIdSchema,
    patientId: accountIdSchema.optional().openapi({ description: 'For whom; you, unless said otherwise.' }),
    from: localDateSchema,
    to: localDateSchema,
    part: partSchema.default('any'),
    mode: modeSchema.optional(),
  })
  .refine(...inOrder)
  .refine(({ from, to }) => from > to || dayNumber(to) - dayNumber(from) < maxDays, {
    path: ['to'],
    message: `must be less than ${maxDays} days after from`,
  })
  .openapi('NewWaitlistEntry');

const stateSchema = z.enum(['active', 'taken', 'left', 'ended']);

export const entrySchema = z
  .object({
    id: z.string().openapi({ example: 'w_AAAAAAAAAAAAAAAA' }),
    doctorId: z.string(),
    patientId: z.string(),
    patientName: z.string().nullable().optional().openapi({ description: 'Names come with lists and reads.' }),
    doctorName: z.string().nullable().optional(),
    from: z.string(),
    to: z.string(),
    part: partSchema,
    mode: modeSchema.nullable(),
    state: stateSchema.openapi({
      description: '`taken`: an offer was booked; `left`: by wish; `ended`: the dates are over.',
    }),
    joinedAt: instantSchema,
    closedAt: instantSchema.nullable(),
    offers: z
      .array(
        z.object({
          appointmentId: z.string().openapi({ description: 'Confirmed to take it, cancelled to let it go.' }),
          startsAt: instantSchema,
          expiresAt: instantSchema.openapi({ description: 'Until when it is held.' }),
          timeZone: z.string().openapi({ description: 'The doctor’s.', example: 'Asia/Dhaka' }),
        }),
      )
      .openapi({ description: 'What is held for it now: at most one seat of each day, the earliest first.' }),
  })
  .openapi('WaitlistEntry');

export const placedEntrySchema = entrySchema
  .extend({
    ahead: z.int().nullable().openapi({
      description: 'How many stand before it in line whose wishes overlap with it; null once it is over.',
    }),
  })
  .openapi('WaitlistEntryInLine');

export const joinedSchema = placedEntrySchema
  .extend({
    free: z
      .object({ seats: z.int(), firstAt: instantSchema.nullable() })
      .openapi({ description: 'What can be booked of it now: whoever waits is not offered what is free to all.' }),
  })
  .openapi('WaitlistJoined');

export const entriesQuerySchema = z.strictObject({ ...pageQuery, state: stateSchema.default('active') });
export const entryPositionSchema = z.object({ joinedAtMs: z.int(), id: z.string().max(64) });
