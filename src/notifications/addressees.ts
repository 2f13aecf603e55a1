import { and, inArray, isNull, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { listOf } from '../db/doctor-listing.ts';
import { accounts, pushSubscriptions } from '../db/schema.ts';
import type { Preferences } from '../domain/notifications/preferences.ts';
import { defaultPreferences } from '../domain/notifications/preferences.ts';
import type { Reach } from '../domain/notifications/ways.ts';
import type { Settings } from '../env.ts';
import { preferencesOf } from './preferences.ts';

/** Somebody who can be told: where, and how they want it. */
export interface Addressee {
  readonly id: string;
  readonly fullName: string;
  readonly email: string;
  /** E.164, and verified. */
  readonly phone: string | null;
  readonly reach: Reach;
  readonly preferences: Preferences;
}

/** Those of the accounts that somebody holds, by id. By what ways they can be told depends on the settings as well. */
export const addresseesOf = async (
  db: Database,
  { delivery }: Settings,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Addressee>> => {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const [rows, preferences] = await Promise.all([
    db
      .select({
        id: accounts.id,
        fullName: accounts.fullName,
        email: accounts.email,
        phone: accounts.phone,
        phoneVerifiedAtMs: accounts.phoneVerifiedAtMs,
        devices: sql<number>`exists (select 1 from ${pushSubscriptions} where ${pushSubscriptions.accountId} = "accounts"."id")`,
      })
      .from(accounts)
      .where(and(inArray(accounts.id, listOf(wanted)), isNull(accounts.deactivatedAtMs))),
    preferencesOf(db, wanted),
  ]);
  return new Map(
    rows.map(({ phoneVerifiedAtMs, devices, ...row }) => {
      const phone = phoneVerifiedAtMs === null ? null : row.phone;
      const reach = { email: true, sms: phone !== null && delivery.sms.transport !== 'none', push: devices === 1 };
      return [row.id, { ...row, phone, reach, preferences: preferences.get(row.id) ?? defaultPreferences }];
    }),
  );
};
