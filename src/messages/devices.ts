import { eq, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { pushSubscriptions } from '../db/schema.ts';
import { sealedColumn } from '../db/sealed-column.ts';
import { toBase64Url } from '../domain/base64url.ts';

/** How many devices a person may have told. */
export const maxDevices = 10;

/** A browser that has subscribed (W3C Push API), or an application with a Firebase registration token. */
export type Device =
  | { readonly service: 'web'; readonly endpoint: string; readonly p256dh: string; readonly auth: string }
  | { readonly service: 'fcm'; readonly token: string };

/** A device and the row that it is kept in. */
export interface KnownDevice {
  readonly id: string;
  readonly device: Device;
}

/** The column that holds how a device is reached. */
export const deviceColumn = (dataKey: string) => sealedColumn(dataKey, 'push_subscriptions.device');

/** What tells one device from another: its address, hashed. */
export const addressHashOf = async (device: Device): Promise<string> => {
  const address = device.service === 'web' ? device.endpoint : device.token;
  const bytes = new TextEncoder().encode(`${device.service} ${address}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
};

/** The devices of an account. */
export const devicesOf = async (db: Database, dataKey: string, accountId: string): Promise<KnownDevice[]> => {
  const rows = await db
    .select({ id: pushSubscriptions.id, device: pushSubscriptions.device })
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.accountId, accountId))
    .orderBy(pushSubscriptions.createdAtMs)
    .limit(maxDevices);
  const column = deviceColumn(dataKey);
  return Promise.all(
    rows.map(async ({ id, device }) => ({ id, device: JSON.parse(await column.open(id, device)) as Device })),
  );
};

/** Notes what a round of sending showed: which devices took something, and which are there no more. */
export const noteDevices = async (
  db: Database,
  { used, gone }: { readonly used: readonly string[]; readonly gone: readonly string[] },
  nowMs: number,
): Promise<void> => {
  const among = (ids: readonly string[]) =>
    sql`${pushSubscriptions.id} in (select value from json_each(${JSON.stringify(ids)}))`;
  await db.batch([
    db.update(pushSubscriptions).set({ lastUsedAtMs: nowMs }).where(among(used)),
    db.delete(pushSubscriptions).where(among(gone)),
  ]);
};
