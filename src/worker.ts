import { AlertRelay as AlertRelayObject } from '../durable-objects/alert-relay.ts';
import { ClinicResourcesObject } from '../durable-objects/clinic-resources.ts';
import { DoctorDayObject } from '../durable-objects/doctor-day.ts';
import { app } from './app.ts';
import { ring } from './cron.ts';
import { database } from './db/client.ts';
import { d1Projection } from './doctor-days/projection.ts';
import type { DayMessage } from './doctor-days/queue.ts';
import { announceWaitlistChange } from './doctor-days/waitlist-changes.ts';
import { noticeDelaySeconds } from './domain/back-off.ts';
import { toBase64Url } from './domain/base64url.ts';
import { dayName } from './domain/ids.ts';
import { settingsOf } from './env.ts';
import { sha256 } from './features/audit/digest.ts';
import { receiveMail } from './features/calendar-replies/receive.ts';
import { tellBehind, tellMeter } from './features/metrics/meter.ts';
import { watched } from './features/metrics/queue-counts.ts';
import { activeResources } from './features/resources/queries.ts';
import { consumeDayMessage } from './features/schedules/consume.ts';
import { isDead, keepDeadLetters } from './features/system/dead-letters.ts';
import { consumeWebhookNotices } from './features/webhooks/deliver.ts';
import { describeError, report } from './http/log.ts';
import { postSigned } from './http/standard-webhooks.ts';
import { consumeNotices } from './messages/consume.ts';
import type { MessageNotice } from './messages/message.ts';
import { onSettled } from './messages/settling.ts';
import { consumeNotifications } from './notifications/consume.ts';
import { type NotificationNotice, wakeForIntents } from './notifications/queue.ts';
import { ledgerListener } from './notifications/settled.ts';
import type { WebhookNotice } from './webhooks/queue.ts';

export { LoginThrottle } from '../durable-objects/login-throttle.ts';
export { Meter } from '../durable-objects/meter.ts';
export { RateCounter } from '../durable-objects/rate-counter.ts';
export { SessionGuard } from '../durable-objects/session-guard.ts';

const messageQueue = 'daybook-messages';
const webhookQueue = 'daybook-webhooks';
const notificationQueue = 'daybook-notifications';
const moveTtlMs = 30_000;
const dayMs = 86_400_000;
const hookTimeoutMs = 10_000;

onSettled(ledgerListener);

/** One doctor-day: its class is in `durable-objects/`, here it gets what it depends on. */
export class DoctorDay extends DoctorDayObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const settings = settingsOf(env);
    this.start({
      projection: d1Projection(
        env.DB,
        report,
        () => wakeForIntents(env),
        (entryIds) => announceWaitlistChange(env, entryIds, Date.now()),
      ),
      digest: sha256,
      peer: (day) => env.DOCTOR_DAY.getByName(dayName(day)),
      rooms: {
        newId: () => `rv_${toBase64Url(crypto.getRandomValues(new Uint8Array(12)))}`,
        reserve: (clinicId, request) => env.CLINIC_RESOURCES.getByName(clinicId).reserve(request),
        release: (clinicId, id) => env.CLINIC_RESOURCES.getByName(clinicId).release(id),
      },
      limits: {
        holdTtlMs: settings.holdTtlMs,
        approvalTtlMs: settings.approvalTtlMs,
        paymentTtlMs: settings.paymentTtlMs,
        offerTtlMs: settings.waitlistOfferTtlMs,
        maxHoldsPerDay: settings.maxHoldsPerDay,
        moveTtlMs,
        retentionMs: settings.dayRetentionDays * dayMs,
      },
      report: (what, day, error) => {
        report(what, { day: dayName(day), ...describeError(error) });
        if (what === 'outbox_drain_failed' && settings.metricsToken !== null)
          ctx.waitUntil(tellBehind(env, day, this.status()));
      },
    });
  }
}

/** The rooms and devices of one clinic. */
export class ClinicResources extends ClinicResourcesObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.start({
      resources: (clinicId) => activeResources(database(env.DB), clinicId),
      standing: (day, id) => env.DOCTOR_DAY.getByName(dayName(day)).reservationHeld(id),
      report: (what, clinicId, error) => report(what, { clinicId, ...describeError(error) }),
    });
  }
}

/** Where security events are posted from. */
export class AlertRelay extends AlertRelayObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.start({ hook: settingsOf(env).alerts, post: (hook, post) => postSigned(hook, post, hookTimeoutMs), report });
  }
}

/** Each message on its own: one that fails is tried again later, the others are done. */
const consume = async (
  batch: MessageBatch<DayMessage | MessageNotice | NotificationNotice | WebhookNotice>,
  env: Env,
): Promise<void> => {
  if (isDead(batch)) return keepDeadLetters(batch, env);
  if (batch.queue === messageQueue) return consumeNotices(batch as MessageBatch<MessageNotice>, env);
  if (batch.queue === webhookQueue) return consumeWebhookNotices(batch as MessageBatch<WebhookNotice>, env);
  if (batch.queue === notificationQueue) return consumeNotifications(batch as MessageBatch<NotificationNotice>, env);
  for (const message of (batch as MessageBatch<DayMessage>).messages) {
    try {
      await consumeDayMessage(env, message.body);
      message.ack();
    } catch (error) {
      report('day_message_failed', { kind: message.body.kind, attempts: message.attempts, ...describeError(error) });
      message.retry({ delaySeconds: noticeDelaySeconds(message.attempts) });
    }
  }
};

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  async queue(batch, env) {
    const { batch: shown, counts } = watched(batch);
    await consume(shown, env);
    if (settingsOf(env).metricsToken !== null) await tellMeter(env, counts());
  },

  email: (message, env) => receiveMail(message, env, Date.now()),

  async scheduled(event, env) {
    await ring(env, event.cron, event.scheduledTime);
  },
} satisfies ExportedHandler<Env, DayMessage | MessageNotice | NotificationNotice | WebhookNotice>;
