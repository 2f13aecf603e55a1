import type { Database } from '../db/client.ts';
import { defaultPreferences, type Preferences } from '../domain/notifications/preferences.ts';

/** How accounts want to be told, by account; every account asked for is there. */
export const preferencesOf = async (
  _db: Database,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, Preferences>> => new Map(accountIds.map((id) => [id, defaultPreferences]));
