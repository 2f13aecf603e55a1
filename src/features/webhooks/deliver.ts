import { and, eq, isNotNull, lt, lte, or, sql } from 'drizzle-orm';
import { database } from '../../db/client.ts';
import { clinicWebhooks, webhookDeliveries } from '../../db/schema.ts';
import { noticeDelaySeconds } from '../../domain/back-off.ts';
import { retryAfterMs } from '../../domain/retry-after.ts';
import { isDead, nextAttemptMs } from '../../domain/webhook-delivery.ts';
import { webhookBody } from '../../domain/webhook-event.ts';
import { settingsOf } from '../../env.ts';
import { describeError, report } from '../../http/log.ts';
import { fetchOutbound } from '../../http/outbound.ts';
import { signedHeaders } from '../../http/standard-webhooks.ts';
import { dispatchDeliveries, type WebhookNotice } from '../../webhooks/queue.ts';
import { signingSecrets } from './secrets.ts';
import { switchOff } from './switch-off.ts';

/** How long one attempt may take before another may be made. */
const leaseMs = 120_000;
const timeoutMs = 10_000;
/** A queue holds a message back for so long at most; for what waits longer the sweep looks. */
const longestDelaySeconds = 12 * 3_600;
const sweptAtOnce = 500;
const keptMs = 90 * 86_400_000;

/**
 * Makes one attempt at a delivery: one at a time, however often its notice comes, and none once the endpoint has taken
 * it. Gives the seconds after which it wants to be tried again, or `null` when nothing is left to do.
 *
 * @param patienceMs how long the endpoint may take to answer
 */
export const attemptDelivery = async (
  env: Env,
  { id }: WebhookNotice,
  nowMs: number,
  patienceMs = timeoutMs,
): Promise<number | null> => {
  const db = database(env.DB);
  const [delivery] = await db
    .update(webhookDeliveries)
    .set({ attempts: sql`${webhookDeliveries.attempts} + 1`, dueAtMs: nowMs + leaseMs, attemptedAtMs: nowMs })
    .where(
      and(
        eq(webhookDeliveries.id, id),
        isNotNull(webhookDeliveries.dueAtMs),
        or(eq(webhookDeliveries.attempts, 0), lte(webhookDeliveries.dueAtMs, nowMs)),
      ),
    )
    .returning();
  if (delivery === undefined) return null;
  const [webhook] = await db.select().from(clinicWebhooks).where(eq(clinicWebhooks.id, delivery.webhookId));
  if (webhook === undefined || webhook.offAtMs !== null) {
    await settle(env, id, { state: 'failed', answer: 'switched_off', dueAtMs: null });
    return null;
  }
  const settings = settingsOf(env);
  const body = webhookBody(delivery.type, delivery.atMs, delivery.facts);
  const headers = await signedHeaders(await signingSecrets(settings.dataKey, webhook, nowMs), { id, body }, nowMs);
  const limits = { timeoutMs: patienceMs, maxBytes: 0, maxRedirects: 0 };
  const answer = await fetchOutbound(settings, webhook.url, { method: 'POST', headers, body }, limits);
  const said = answer.ok ? String(answer.status) : answer.why;
  if (answer.ok && answer.status >= 200 && answer.status < 300) {
    await db.batch([
      db
        .update(webhookDeliveries)
        .set({ state: 'delivered', answer: said, dueAtMs: null })
        .where(eq(webhookDeliveries.id, id)),
      db.update(clinicWebhooks).set({ failingSinceMs: null, tookAtMs: nowMs }).where(eq(clinicWebhooks.id, webhook.id)),
    ]);
    return null;
  }
  report('webhook_failed', { webhook: webhook.id, delivery: id, attempts: delivery.attempts, why: said });
  const failingSinceMs = webhook.failingSinceMs ?? nowMs;
  const gone = said === '410';
  const asked = answer.ok ? retryAfterMs(answer.headers.get('retry-after'), nowMs) : 0;
  const waitMs = gone ? null : nextAttemptMs(delivery.attempts, Math.random(), asked);
  const next = waitMs === null ? { state: 'failed' as const, dueAtMs: null } : { dueAtMs: nowMs + waitMs };
  await db.batch([
    db
      .update(webhookDeliveries)
      .set({ answer: said, ...next })
      .where(eq(webhookDeliveries.id, id)),
    db
      .update(clinicWebhooks)
      .set({ failingSinceMs: sql`coalesce(${clinicWebhooks.failingSinceMs}, ${nowMs})` })
      .where(eq(clinicWebhooks.id, webhook.id)),
  ]);
  if (gone || isDead(failingSinceMs, nowMs)) {
    await switchOff(env, webhook, gone ? 'gone' : 'failing', nowMs);
    return null;
  }
  return waitMs === null ? null : Math.ceil(waitMs / 1000);
};

const settle = async (env: Env, id: string, columns: Partial<typeof webhookDeliveries.$inferInsert>): Promise<void> => {
  await database(env.DB).update(webhookDeliveries).set(columns).where(eq(webhookDeliveries.id, id));
};

/** Consumes a batch of the webhooks queue, all at once, so that an endpoint that is slow holds up no other. */
export const consumeWebhookNotices = async (batch: MessageBatch<WebhookNotice>, env: Env): Promise<void> => {
  await Promise.all(
    batch.messages.map(async (notice) => {
      try {
        const delaySeconds = await attemptDelivery(env, notice.body, Date.now());
        if (delaySeconds === null || delaySeconds > longestDelaySeconds) notice.ack();
        else notice.retry({ delaySeconds });
      } catch (error) {
        report('webhook_notice_failed', { attempts: notice.attempts, ...describeError(error) });
        notice.retry({ delaySeconds: noticeDelaySeconds(notice.attempts) });
      }
    }),
  );
};

/** Tells the queue again of deliveries that are due: their notice was lost, or waited longer than a queue can. */
export const sweepDeliveries = async (env: Env, nowMs: number): Promise<number> => {
  const due = await database(env.DB)
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(lte(webhookDeliveries.dueAtMs, nowMs))
    .orderBy(webhookDeliveries.dueAtMs)
    .limit(sweptAtOnce);
  await dispatchDeliveries(
    env,
    due.map(({ id }) => id),
  );
  return due.length;
};

/** Deletes deliveries that are over 90 days old, and gives their number. A daily job. */
export const forgetDeliveries = async (env: Env, nowMs: number): Promise<number> => {
  const { meta } = await database(env.DB)
    .delete(webhookDeliveries)
    .where(lt(webhookDeliveries.createdAtMs, nowMs - keptMs));
  return meta.changes;
};
