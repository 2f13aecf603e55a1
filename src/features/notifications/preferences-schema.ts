import { z } from '@hono/zod-openapi';
import { channels, notificationKinds } from '../../domain/notifications/kinds.ts';
import {
  locales,
  maxOffsetMinutes,
  maxOffsets,
  minOffsetMinutes,
  type Switches,
} from '../../domain/notifications/preferences.ts';
import { instantSchema, localTimeSchema, timeZoneSchema } from '../../http/schemas.ts';

const each = <Name extends string, T extends z.ZodType>(names: readonly Name[], schema: T) =>
  Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, T>;

const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
const outward = ['email', 'push', 'sms'] as const;
const localeSchema = z.enum(locales).openapi({ description: 'The language of what is sent.' });

const kindsSchema = z
  .strictObject(each(notificationKinds, z.strictObject(each(channels, z.boolean().optional())).optional()))
  .openapi({
    description: 'By kind and channel. What is left out stays as it is.',
    example: { reminder: { sms: false } },
  });

const minutesSchema = z
  .array(z.int().min(minOffsetMinutes).max(maxOffsetMinutes))
  .max(maxOffsets)
  .refine(unique, 'must not hold the same twice');

const remindersSchema = minutesSchema.nullable().openapi({
  description: 'Minutes before the appointment; none is never, `null` leaves it to the doctor, or 24 and 2 hours.',
  example: [1_440, 120],
});
const patientRemindersSchema = minutesSchema.nullable().openapi({
  description: 'For doctors: when patients are reminded who have chosen nothing themselves.',
  example: [2_880],
});

const quietHoursSchema = z
  .strictObject({
    from: localTimeSchema,
    to: localTimeSchema,
    timeZone: timeZoneSchema
      .nullable()
      .openapi({ description: 'Of the person; `null` goes by the time zone of the appointment.' }),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'must not be the same as from' })
  .nullable()
  .openapi({
    description: 'No reminders in these hours, past midnight if `to` is before `from`. `null`: at any time.',
  });

/** How somebody wants to be told, as it is in force. */
export const preferencesSchema = z
  .object({
    locale: localeSchema,
    channels: z
      .array(z.enum(outward))
      .openapi({ description: 'The most preferred first: one that fails falls back to the next.' }),
    kinds: z.record(z.string(), z.record(z.string(), z.boolean())).openapi({
      description: 'What this account can be told of, by channel. Notices about its safety are always sent.',
      example: { reminder: { email: true, push: true, sms: false, in_app: true } },
    }),
    reminderMinutes: remindersSchema,
    patientReminderMinutes: patientRemindersSchema.optional(),
    quietHours: quietHoursSchema,
    updatedAt: instantSchema.nullable().openapi({ description: '`null` while nothing has been chosen.' }),
  })
  .openapi('NotificationPreferences');

export const preferencesEditSchema = z
  .strictObject({
    locale: localeSchema.optional(),
    channels: z.array(z.enum(outward)).max(outward.length).refine(unique, 'must not hold the same twice').optional(),
    kinds: kindsSchema.optional(),
    reminderMinutes: remindersSchema.optional(),
    patientReminderMinutes: patientRemindersSchema.optional(),
    quietHours: quietHoursSchema.optional(),
  })
  .openapi('NotificationPreferencesEdit');

/** A change of preferences; absent parts stay. */
export type PreferencesEdit = Omit<z.output<typeof preferencesEditSchema>, 'kinds'> & { readonly kinds?: Switches };
