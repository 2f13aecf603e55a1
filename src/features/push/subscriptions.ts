import type { z } from '@hono/zod-openapi';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { pushSubscriptions } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { fromBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import type { Settings } from '../../env.ts';
import { addressHashOf, type Device, deviceColumn, maxDevices } from '../../messages/devices.ts';
import { isPushHost } from '../../messages/push-hosts.ts';
import { auditStatement } from '../audit/record.ts';
import type { deviceSchema, newDeviceSchema } from './schema.ts';

type Row = typeof pushSubscriptions.$inferSelect;

/** A subscription as its owner sees it. */
export const subscriptionView = ({
  id,
  service,
  name,
  createdAtMs,
  lastUsedAtMs,
}: Row): z.input<typeof deviceSchema> => ({
  id,
  service,
  name,
  createdAt: new Date(createdAtMs).toISOString(),
  lastUsedAt: lastUsedAtMs === null ? null : new Date(lastUsedAtMs).toISOString(),
});

/** The subscriptions of an account, oldest first; there are at most ten. */
export const subscriptionsOf = (db: Database, accountId: string): Promise<Row[]> =>
  db
    .select()
    .from(pushSubscriptions)
    .where(eq(pushSubscriptions.accountId, accountId))
    .orderBy(asc(pushSubscriptions.createdAtMs), asc(pushSubscriptions.id));

/**
 * Registers a device for its owner. A device is there once: registering it again changes its name and keys, and who
 * registers one that was another account's takes it over, since a browser tells whoever is signed in on it. Refuses with
 * `unknown_push_service`, `too_many_devices`, and `invalid_request` for a key that is no point of P-256.
 */
export const subscribe = async (
  db: Database,
  settings: Settings,
  owner: Identity,
  given: z.output<typeof newDeviceSchema>,
  nowMs: number,
): Promise<Result<Row, Refusal>> => {
  const device = deviceOf(given);
  if (!isReachable(settings, device)) return refused(refusal('unknown_push_service'));
  if (device.service === 'web' && !(await isPoint(device.p256dh))) {
    const errors = [{ path: 'subscription.keys.p256dh', message: 'is not a point of P-256' }];
    return refused(refusal('invalid_request', undefined, { errors }));
  }
  const addressHash = await addressHashOf(device);
  const [known] = await db
    .select({ id: pushSubscriptions.id })
    .from(pushSubscriptions)
    .where(and(eq(pushSubscriptions.addressHash, addressHash), eq(pushSubscriptions.accountId, owner.id)));
  const id = known?.id ?? `ps_${crypto.randomUUID()}`;
  const row: Row = {
    ...{ id, accountId: owner.id, service: device.service, name: given.name, addressHash },
    device: await deviceColumn(settings.dataKey).seal(id, JSON.stringify(device)),
    ...{ createdAtMs: nowMs, lastUsedAtMs: null },
  };
  try {
    const [, stored] = await db.batch([
      guard(
        db,
        sql`(select count(*) from push_subscriptions
          where account_id = ${owner.id} and address_hash <> ${addressHash}) < ${maxDevices}`,
      ),
      db
        .insert(pushSubscriptions)
        .values(row)
        .onConflictDoUpdate({ target: pushSubscriptions.addressHash, set: row })
        .returning(),
      auditStatement(db, {
        ...{ stream: `account:${owner.id}`, actor: owner, action: 'push_subscription.added', subjectId: owner.id },
        ...{ data: { id, service: device.service }, atMs: nowMs },
      }),
    ]);
    return ok(stored[0] ?? row);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('too_many_devices'));
  }
};

/** Forgets a subscription; `false` when the account has no such one. */
export const unsubscribe = async (db: Database, owner: Identity, id: string, nowMs: number): Promise<boolean> => {
  const mine = and(eq(pushSubscriptions.id, id), eq(pushSubscriptions.accountId, owner.id));
  const [known] = await db.select({ id: pushSubscriptions.id }).from(pushSubscriptions).where(mine);
  if (known === undefined) return false;
  await db.batch([
    db.delete(pushSubscriptions).where(mine),
    auditStatement(db, {
      ...{ stream: `account:${owner.id}`, actor: owner, action: 'push_subscription.removed', subjectId: owner.id },
      ...{ data: { id }, atMs: nowMs },
    }),
  ]);
  return true;
};

const deviceOf = (given: z.output<typeof newDeviceSchema>): Device => {
  if (given.service === 'fcm') return { service: 'fcm', token: given.token };
  const { endpoint, keys } = given.subscription;
  return { service: 'web', endpoint, ...keys };
};

const isReachable = (settings: Settings, device: Device): boolean => {
  const { transport, web, fcm } = settings.delivery.push;
  if (device.service === 'fcm') return transport === 'local' || fcm !== null;
  return (transport === 'local' || web !== null) && isPushHost(settings, device.endpoint);
};

/** Whether a browser's key can be used at all: what cannot would fail with every message. */
const isPoint = async (p256dh: string): Promise<boolean> => {
  const bytes = fromBase64Url(p256dh);
  if (bytes === null) return false;
  try {
    await crypto.subtle.importKey('raw', bytes, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    return true;
  } catch {
    return false;
  }
};
