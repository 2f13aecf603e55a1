import type { z } from '@hono/zod-openapi';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { pushSubscriptions, sessions } from '../../db/schema.ts';
import type { Identity } from '../../domain/access.ts';
import { fromBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { type Settings, settingsOf } from '../../env.ts';
import { addressHashOf, type Device, deviceColumn, maxDevices } from '../../messages/devices.ts';
import { dispatch } from '../../messages/message.ts';
import { isPushHost } from '../../messages/push-hosts.ts';
import { auditStatement } from '../audit/record.ts';
import { deviceAdded } from './device-added.ts';
import type { deviceSchema, newDeviceSchema } from './schema.ts';

type Row = typeof pushSubscriptions.$inferSelect;

/** Who is told, and the session for which. */
interface Subscriber {
  readonly owner: Identity;
  readonly sessionId: string;
}

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
 * Registers a device for its owner, for as long as the session that asks goes on. A device is there once: registering it
 * again changes its name and keys, and who registers one that was another account's takes it over, since a browser tells
 * whoever is signed in on it. The owner is told of a new one by mail: a thief of the session would want to go on reading.
 * Refuses with `unknown_push_service`, `too_many_devices`, `invalid_request` for a key that is no point of P-256, and
 * `unauthenticated` when the session has ended meanwhile.
 */
export const subscribe = async (
  env: Env,
  by: Subscriber,
  given: z.output<typeof newDeviceSchema>,
  nowMs: number,
): Promise<Result<Row, Refusal>> => {
  const { owner, sessionId } = by;
  const [db, settings] = [database(env.DB), settingsOf(env)];
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
    ...{ id, accountId: owner.id, sessionId, service: device.service, name: given.name, addressHash },
    device: await deviceColumn(settings.dataKey).seal(id, JSON.stringify(device)),
    ...{ createdAtMs: nowMs, lastUsedAtMs: null },
  };
  const told = known === undefined ? await deviceAdded(db, settings.dataKey, owner.id, given.name, nowMs) : [];
  try {
    const [, , stored] = await db.batch([
      // Else a device that is added while its session ends would stay for good.
      guard(db, sql`exists (select 1 from ${sessions} where ${goesOn(by)})`),
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
      ...told.map(({ statement }) => statement),
    ]);
    await dispatch(env, ...told.map((message) => message.id));
    return ok(stored[0] ?? row);
  } catch (error) {
    if (!guardFailed(error)) throw error;
    const [live] = await db.select({ id: sessions.id }).from(sessions).where(goesOn(by));
    return refused(refusal(live === undefined ? 'unauthenticated' : 'too_many_devices'));
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

/** The session that asks, while it goes on. */
const goesOn = ({ owner, sessionId }: Subscriber) =>
  and(eq(sessions.id, sessionId), eq(sessions.accountId, owner.id), isNull(sessions.endedAtMs));

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
