import { eq, inArray } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { notificationPreferences } from '../db/schema.ts';
import { defaultPreferences, type Preferences } from '../domain/notifications/preferences.ts';

/** What is stored of how somebody wants to be told. */
export type PreferencesRow = typeof notificationPreferences.$inferSelect;

/** What stored choices come to; without any, the defaults. */
export const preferencesIn = (row: PreferencesRow | undefined): Preferences => {
  if (row === undefined) return defaultPreferences;
  const { locale, channels, switches, reminderMinutes, patientReminderMinutes, quietHours } = row;
  const same = { locale, switches, offsetsMinutes: reminderMinutes, patientOffsetsMinutes: patientReminderMinutes };
  const chosen = { ...same, channels: channels ?? defaultPreferences.channels };
  if (quietHours === null) return { ...chosen, quietHours: defaultPreferences.quietHours, timeZone: null };
  if (quietHours === 'none') return { ...chosen, quietHours: null, timeZone: null };
  const { from, to, timeZone } = quietHours;
  return { ...chosen, quietHours: { from, to }, timeZone };
};

/** How accounts want to be told, by account; every account asked for is there. One query. */
export const preferencesOf = async (
  db: Database,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, Preferences>> => {
  const rows = await db
    .select()
    .from(notificationPreferences)
    .where(inArray(notificationPreferences.accountId, listOf([...new Set(accountIds)])));
  const found = new Map(rows.map((row) => [row.accountId, row]));
  return new Map(accountIds.map((id) => [id, preferencesIn(found.get(id))]));
};

/** What an account has stored; `undefined` while it has chosen nothing. */
export const storedPreferences = async (db: Database, accountId: string): Promise<PreferencesRow | undefined> =>
  (await db.select().from(notificationPreferences).where(eq(notificationPreferences.accountId, accountId)))[0];
