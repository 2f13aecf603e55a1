import type { z } from '@hono/zod-openapi';
import { and, desc, eq, sql } from 'drizzle-orm';
import { type Database, database } from '../../db/client.ts';
import { webhookDeliveries } from '../../db/schema.ts';
import type { Principal } from '../../domain/access.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { dispatchDeliveries } from '../../webhooks/queue.ts';
import { auditStatement } from '../audit/record.ts';
import type { deliverySchema } from './schema.ts';
import { webhookOf } from './webhooks.ts';

type Delivery = typeof webhookDeliveries.$inferSelect;

const graceMs = 30_000;

/** A delivery as the API shows it. */
export const deliveryView = (row: Delivery): z.input<typeof deliverySchema> => ({
  id: row.id,
  type: row.type,
  appointmentId: row.appointmentId,
  happenedAt: new Date(row.atMs).toISOString(),
  state: row.state,
  attempts: row.attempts,
  lastAttemptAt: row.attemptedAtMs === null ? null : new Date(row.attemptedAtMs).toISOString(),
  lastAnswer: row.answer,
  nextAttemptAt: row.dueAtMs === null ? null : new Date(row.dueAtMs).toISOString(),
});

/** What a webhook was told, newest first; one more than `limit` when there is more. `null`: no such webhook. */
export const deliveryPage = async (
  db: Database,
  clinicId: string,
  webhookId: string,
  state: Delivery['state'] | undefined,
  after: { readonly createdAtMs: number; readonly id: string } | null,
  limit: number,
): Promise<Delivery[] | null> => {
  if ((await webhookOf(db, clinicId, webhookId)) === null) return null;
  return db
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.webhookId, webhookId),
        state === undefined ? undefined : eq(webhookDeliveries.state, state),
        after === null
          ? undefined
          : sql`(${webhookDeliveries.createdAtMs}, ${webhookDeliveries.id}) < (${after.createdAtMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(webhookDeliveries.createdAtMs), desc(webhookDeliveries.id))
    .limit(limit + 1);
};

/**
 * Posts a delivery once more, taken or not, under its id, with as many attempts as a new one has. Refuses with
 * `not_found`, `webhook_off`.
 */
export const replayDelivery = async (
  env: Env,
  {
    clinicId,
    webhookId,
    deliveryId,
  }: { readonly clinicId: string; readonly webhookId: string; readonly deliveryId: string },
  actor: Principal,
  nowMs: number,
): Promise<Result<Delivery, Refusal>> => {
  const db = database(env.DB);
  const webhook = await webhookOf(db, clinicId, webhookId);
  const own = and(eq(webhookDeliveries.id, deliveryId), eq(webhookDeliveries.webhookId, webhookId));
  const [known] = webhook === null ? [] : await db.select().from(webhookDeliveries).where(own);
  if (webhook === null || known === undefined) return refused(refusal('not_found'));
  if (webhook.offAtMs !== null) return refused(refusal('webhook_off'));
  const [[delivery]] = await db.batch([
    db
      .update(webhookDeliveries)
      .set({ state: 'waiting', attempts: 0, dueAtMs: nowMs + graceMs })
      .where(own)
      .returning(),
    auditStatement(db, {
      stream: `clinic:${clinicId}`,
      actor,
      action: 'webhook.replayed',
      subjectId: webhookId,
      data: { delivery: deliveryId },
      atMs: nowMs,
    }),
  ]);
  if (delivery === undefined) return refused(refusal('not_found'));
  await dispatchDeliveries(env, [deliveryId]);
  return ok(delivery);
};
