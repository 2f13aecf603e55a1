import type { z } from '@hono/zod-openapi';
import { and, asc, eq, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { guard, guardFailed } from '../../db/guard.ts';
import { clinics, clinicWebhooks, webhookDeliveries } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { toBase64Url } from '../../domain/base64url.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { type Settings, settingsOf } from '../../env.ts';
import { mayAsk } from '../../http/outbound.ts';
import { newHookSecret } from '../../http/standard-webhooks.ts';
import { auditStatement } from '../audit/record.ts';
import type { newWebhookSchema, webhookChangeSchema, webhookSchema } from './schema.ts';
import { secretColumn, type Webhook } from './secrets.ts';
import { giveUpWaiting } from './switch-off.ts';

/** How many webhooks a clinic can have: every event is told to each. */
const maxWebhooks = 5;
/** How long the secret of before signs as well. */
const bothSecretsMs = 24 * 3_600_000;

const audit = (
  db: Database,
  action: 'created' | 'changed' | 'secret_rotated' | 'deleted',
  { id, clinicId }: Pick<Webhook, 'id' | 'clinicId'>,
  actor: Principal,
  data: Readonly<Record<string, unknown>>,
  atMs: number,
) =>
  auditStatement(db, { stream: `clinic:${clinicId}`, actor, action: `webhook.${action}`, subjectId: id, data, atMs });

const at = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A webhook as the API shows it: without its secret. */
export const webhookView = (row: Webhook): z.input<typeof webhookSchema> => ({
  id: row.id,
  clinicId: row.clinicId,
  url: row.url,
  events: row.events === null ? null : [...row.events],
  enabled: row.offAtMs === null,
  offReason: row.offReason,
  offAt: at(row.offAtMs),
  failingSince: at(row.failingSinceMs),
  lastTakenAt: at(row.tookAtMs),
  previousSecretUntil: at(row.previousUntilMs),
  createdAt: new Date(row.createdAtMs).toISOString(),
});

/** The webhooks of a clinic, oldest first; one more than `limit` when there are more. `null`: no such clinic. */
export const webhookPage = async (
  db: Database,
  clinicId: string,
  after: { readonly createdAtMs: number; readonly id: string } | null,
  limit: number,
): Promise<Webhook[] | null> => {
  const [clinic, rows] = await db.batch([
    db.select({ id: clinics.id }).from(clinics).where(eq(clinics.id, clinicId)),
    db
      .select()
      .from(clinicWebhooks)
      .where(
        and(
          eq(clinicWebhooks.clinicId, clinicId),
          after === null
            ? undefined
            : sql`(${clinicWebhooks.createdAtMs}, ${clinicWebhooks.id}) > (${after.createdAtMs}, ${after.id})`,
        ),
      )
      .orderBy(asc(clinicWebhooks.createdAtMs), asc(clinicWebhooks.id))
      .limit(limit + 1),
  ]);
  return clinic.length === 0 ? null : rows;
};

/** A webhook of a clinic; `null` when there is none. */
export const webhookOf = async (db: Database, clinicId: string, id: string): Promise<Webhook | null> => {
  const [row] = await db
    .select()
    .from(clinicWebhooks)
    .where(and(eq(clinicWebhooks.id, id), eq(clinicWebhooks.clinicId, clinicId)));
  return row ?? null;
};

const allowedAddress = (settings: Settings, url: string | undefined): boolean =>
  url === undefined || mayAsk(settings, url);

/** Registers a webhook; its secret is given this once. Refuses with `not_found`, `address_not_allowed`, `too_many_items`. */
export const createWebhook = async (
  env: Env,
  clinicId: string,
  { url, events }: z.output<typeof newWebhookSchema>,
  actor: Principal,
  nowMs: number,
): Promise<Result<{ readonly webhook: Webhook; readonly secret: string }, Refusal>> => {
  const db = database(env.DB);
  const settings = settingsOf(env);
  const [clinic] = await db.select({ id: clinics.id }).from(clinics).where(eq(clinics.id, clinicId));
  if (clinic === undefined) return refused(refusal('not_found'));
  if (!allowedAddress(settings, url)) return refused(refusal('address_not_allowed'));
  const id = `w_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`;
  const secret = newHookSecret();
  const sealed = await secretColumn(settings.dataKey).seal(id, secret);
  const given = { id, clinicId, url, events, secret: sealed, createdBy: actor.id, createdAtMs: nowMs };
  try {
    const [, [webhook]] = await db.batch([
      guard(db, sql`(select count(*) from clinic_webhooks where clinic_id = ${clinicId}) < ${maxWebhooks}`),
      db.insert(clinicWebhooks).values(given).returning(),
      audit(db, 'created', given, actor, { events }, nowMs),
    ]);
    if (webhook === undefined) throw new Error('an inserted webhook comes back');
    return ok({ webhook, secret });
  } catch (error) {
    if (!guardFailed(error)) throw error;
    return refused(refusal('too_many_items'));
  }
};

/**
 * Changes a webhook. Switched off, nothing more is recorded for it, and what waits is given up; switched on, it begins
 * afresh. Refuses with `not_found`, `address_not_allowed`.
 */
export const changeWebhook = async (
  env: Env,
  clinicId: string,
  id: string,
  { url, events, enabled }: z.output<typeof webhookChangeSchema>,
  actor: Principal,
  nowMs: number,
): Promise<Result<Webhook, Refusal>> => {
  const db = database(env.DB);
  const before = await webhookOf(db, clinicId, id);
  if (before === null) return refused(refusal('not_found'));
  if (!allowedAddress(settingsOf(env), url)) return refused(refusal('address_not_allowed'));
  const turnsOff = enabled === false && before.offAtMs === null;
  const change = {
    ...(url === undefined ? {} : { url, failingSinceMs: null }),
    ...(events === undefined ? {} : { events }),
    ...(enabled === true ? { offReason: null, offAtMs: null, failingSinceMs: null } : {}),
    ...(turnsOff ? { offReason: 'switched_off' as const, offAtMs: nowMs } : {}),
  };
  const fields = Object.entries({ url, events, enabled }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  const update = db
    .update(clinicWebhooks)
    .set({ id, ...change })
    .where(eq(clinicWebhooks.id, id))
    .returning();
  const noted = audit(db, 'changed', before, actor, { fields, ...(enabled === undefined ? {} : { enabled }) }, nowMs);
  const [[webhook]] = await db.batch(turnsOff ? [update, noted, giveUpWaiting(db, id)] : [update, noted]);
  return webhook === undefined ? refused(refusal('not_found')) : ok(webhook);
};

/** Gives a webhook a new secret, this once; the one before signs as well for a day. Refuses with `not_found`. */
export const rotateSecret = async (
  env: Env,
  clinicId: string,
  id: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<{ readonly webhook: Webhook; readonly secret: string }, Refusal>> => {
  const db = database(env.DB);
  const before = await webhookOf(db, clinicId, id);
  if (before === null) return refused(refusal('not_found'));
  const secret = newHookSecret();
  const sealed = await secretColumn(settingsOf(env).dataKey).seal(id, secret);
  const [[webhook]] = await db.batch([
    db
      .update(clinicWebhooks)
      .set({ secret: sealed, previousSecret: sql`${clinicWebhooks.secret}`, previousUntilMs: nowMs + bothSecretsMs })
      .where(eq(clinicWebhooks.id, id))
      .returning(),
    audit(db, 'secret_rotated', before, actor, {}, nowMs),
  ]);
  return webhook === undefined ? refused(refusal('not_found')) : ok({ webhook, secret });
};

/** Deletes a webhook with everything it was told. Refuses with `not_found`. */
export const deleteWebhook = async (
  env: Env,
  clinicId: string,
  id: string,
  actor: Principal,
  nowMs: number,
): Promise<Result<null, Refusal>> => {
  const db = database(env.DB);
  if ((await webhookOf(db, clinicId, id)) === null) return refused(refusal('not_found'));
  await db.batch([
    db.delete(clinicWebhooks).where(eq(clinicWebhooks.id, id)),
    db.delete(webhookDeliveries).where(eq(webhookDeliveries.webhookId, id)),
    audit(db, 'deleted', { id, clinicId }, actor, {}, nowMs),
  ]);
  return ok(null);
};
