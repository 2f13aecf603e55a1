import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Channel } from '../../domain/notifications/kinds.ts';
import { locales, type QuietHours, type Switches } from '../../domain/notifications/preferences.ts';
import { accounts } from './accounts.ts';

/** How people want to be told, of those who have chosen anything; `null` is the default. */
export const notificationPreferences = sqliteTable('notification_preferences', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => accounts.id),
  locale: text('locale', { enum: locales }).notNull(),
  channels: text('channels', { mode: 'json' }).$type<readonly Channel[]>(),
  switches: text('switches', { mode: 'json' }).$type<Switches>().notNull(),
  /** How long before an appointment the person is reminded, and a doctor's patients are, minutes. */
  reminderMinutes: text('reminder_minutes', { mode: 'json' }).$type<readonly number[]>(),
  patientReminderMinutes: text('patient_reminder_minutes', { mode: 'json' }).$type<readonly number[]>(),
  quietHours: text('quiet_hours', { mode: 'json' }).$type<
    (QuietHours & { readonly timeZone: string | null }) | 'none'
  >(),
  /** Rises with every change, so that of two at once one is made again. */
  revision: integer('revision').notNull(),
  updatedAtMs: integer('updated_at_ms').notNull(),
});
