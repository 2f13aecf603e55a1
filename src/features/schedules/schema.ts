import { z } from '@hono/zod-openapi';
import { dayNumber } from '../../domain/local-date.ts';
import { maxKindLength, maxKinds } from '../../domain/resources.ts';
import { windowMinutes } from '../../domain/rule-overlap.ts';
import { pageQuery } from '../../http/pagination.ts';
import {
  inOrder,
  localDateSchema,
  localTimeSchema,
  modeSchema,
  textSchema,
  timeZoneSchema,
} from '../../http/schemas.ts';

const maxRules = 100;
const maxSessionsAtOnce = 100;
const maxTimeOffDays = 366;
const maxReasonLength = 500;
const idSchema = z.string().max(64);

/** What a working window offers. */
const slotFields = {
  start: localTimeSchema,
  end: localTimeSchema.openapi({
    example: '13:00',
    description: 'Local time. Not after the start means on the next day.',
  }),
  slotMinutes: z.int().min(5).max(480).openapi({ example: 20 }),
  bufferMinutes: z.int().min(0).max(240).default(0).openapi({ description: 'Pause after each slot.', example: 5 }),
  capacity: z.int().min(1).max(100).default(1).openapi({ description: 'Patients a slot takes.' }),
  emergencySeats: z.int().min(0).max(5).default(0).openapi({
    description: 'Seats beyond the capacity that only emergencies can take, also within the minimum notice.',
  }),
  mode: modeSchema,
  clinicId: idSchema.nullable().default(null).openapi({ description: 'One of the doctor’s clinics.' }),
  requires: z
    .array(z.string().max(maxKindLength))
    .max(maxKinds)
    .refine(hasNoTwins, 'must not hold a kind twice')
    .default([])
    .openapi({
      description: 'Kinds of the clinic’s rooms and devices of which each slot is given one, together with its seats.',
      example: ['procedure-room'],
    }),
};

const weekdaySchema = z.int().min(1).max(7).openapi({ description: 'ISO 8601: 1 is Monday, 7 is Sunday.', example: 1 });
// Said again for the API's description, where the date's own type would hide that null may be sent.
const effectiveSchema = localDateSchema
  .nullable()
  .default(null)
  .openapi({ type: ['string', 'null'], format: 'date' });

const fitsASlot = (window: { start: string; end: string; slotMinutes: number }): boolean =>
  windowMinutes(window.start, window.end) >= window.slotMinutes;
const tooShort = { path: ['slotMinutes'], message: 'is longer than the window from start to end' };

const ruleFields = {
  weekday: weekdaySchema,
  ...slotFields,
  effectiveFrom: effectiveSchema.openapi({ description: 'First date on which the rule starts a window.' }),
  effectiveUntil: effectiveSchema.openapi({ description: 'Last date on which the rule starts a window.' }),
};

const newRuleSchema = z
  .strictObject({ id: idSchema.optional(), ...ruleFields })
  .refine(fitsASlot, tooShort)
  .refine(
    (rule) => rule.effectiveFrom === null || rule.effectiveUntil === null || rule.effectiveFrom <= rule.effectiveUntil,
    {
      path: ['effectiveUntil'],
      message: 'must not be before effectiveFrom',
    },
  );

const minimumNoticeMinutesSchema = z.int().min(0).max(43_200);
const bookingWindowDaysSchema = z.int().min(1).max(365);

/** A doctor's weekly schedule, as it is read. */
export const scheduleSchema = z
  .object({
    timeZone: z.string().openapi({ description: 'Changed in the profile.', example: 'Asia/Dhaka' }),
    version: z.int().openapi({ description: 'Rises with every change that a booking could notice; also the ETag.' }),
    minimumNoticeMinutes: minimumNoticeMinutesSchema,
    bookingWindowDays: bookingWindowDaysSchema,
    approvalRequired: z.boolean(),
    rules: z.array(z.object({ id: z.string(), ...ruleFields })),
  })
  .openapi('Schedule');

/** A weekly schedule to put in the place of the present one. What was read may be sent back. */
export const newScheduleSchema = z
  .strictObject({
    timeZone: timeZoneSchema.optional().openapi({ description: 'Only the one that the doctor has.' }),
    version: z
      .int()
      .optional()
      .openapi({ description: 'Refused unless it is still the present one, as with `If-Match`.' }),
    minimumNoticeMinutes: minimumNoticeMinutesSchema.optional(),
    bookingWindowDays: bookingWindowDaysSchema.optional(),
    approvalRequired: z.boolean().optional(),
    rules: z
      .array(newRuleSchema)
      .max(maxRules)
      .refine((rules) => hasNoTwins(rules.flatMap((rule) => rule.id ?? [])), 'must not hold an id twice'),
  })
  .openapi('NewSchedule');

export type NewSchedule = z.output<typeof newScheduleSchema>;

/** Header of a change that rests on what was read. */
export const ifMatchSchema = z.object({
  'if-match': z
    .string()
    .regex(/^("\d{1,15}"|\*)$/, 'must be an ETag of the schedule')
    .optional()
    .openapi({ description: 'The ETag of the schedule that was read.', example: '"7"' }),
});

const sessionFields = { date: localDateSchema, ...slotFields };

/** Working hours of one date. */
export const sessionSchema = z.object({ id: z.string(), ...sessionFields }).openapi('ExtraSession');

export const newSessionsSchema = z.strictObject({
  sessions: z.array(z.strictObject(sessionFields).refine(fitsASlot, tooShort)).min(1).max(maxSessionsAtOnce),
});

export type NewSession = z.output<typeof newSessionsSchema>['sessions'][number];

export const sessionIdsSchema = z.strictObject({
  ids: z
    .string()
    .max(maxSessionsAtOnce * 65)
    .transform((text) => text.split(','))
    .pipe(z.array(idSchema.min(1)).max(maxSessionsAtOnce).refine(hasNoTwins, 'must not hold an id twice'))
    .openapi({
      type: 'string',
      description: 'Ids of sessions, with commas between them.',
      example: 'x_AAAAAAAAAAAAAAAA',
    }),
});

export const sessionsQuerySchema = z
  .strictObject({
    from: localDateSchema.optional(),
    to: localDateSchema.optional(),
    ...pageQuery,
  })
  .refine(...inOrder);

const timeOffFields = {
  from: localDateSchema,
  to: localDateSchema.openapi({ description: 'Included.' }),
  start: localTimeSchema.nullable().default(null).openapi({ description: 'With `end`: only this part of each day.' }),
  end: localTimeSchema.nullable().default(null),
  reason: textSchema(maxReasonLength).default('').openapi({ description: 'Seen by the doctor and admins only.' }),
};

/** An absence. */
export const timeOffSchema = z
  .object({
    id: z.string(),
    ...timeOffFields,
    reason: z.string().optional().openapi({ description: 'For the doctor and admins.' }),
  })
  .openapi('TimeOff');

export const newTimeOffSchema = z
  .strictObject(timeOffFields)
  .refine(...inOrder)
  .refine((off) => dayNumber(off.to) - dayNumber(off.from) < maxTimeOffDays, {
    path: ['to'],
    message: `must be within ${maxTimeOffDays} days`,
  })
  .refine((off) => (off.start === null) === (off.end === null), {
    path: ['end'],
    message: 'must come with start, or neither',
  })
  .refine((off) => off.start === null || off.start !== off.end, { path: ['end'], message: 'must differ from start' });

export type NewTimeOff = z.output<typeof newTimeOffSchema>;

export const timeOffQuerySchema = z.strictObject({
  from: localDateSchema.optional().openapi({ description: 'Only absences that end on this date or later.' }),
  ...pageQuery,
});

export const timeOffParamsSchema = z.object({ id: idSchema, timeOffId: idSchema });

/** Positions of the lists' cursors. */
export const timeOffPositionSchema = z.strictObject({ from: z.string(), id: z.string() });
export const sessionPositionSchema = z.strictObject({ date: z.string(), start: z.string(), id: z.string() });

function hasNoTwins(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}
