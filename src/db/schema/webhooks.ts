import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { type WebhookEventType, type WebhookFacts, webhookEventTypes } from '../../domain/webhook-event.ts';
import { clinics } from './places.ts';

/** Why a webhook is off: an admin switched it off, it answered 410 Gone, or it has failed for days. */
export const webhookOffReasons = ['switched_off', 'gone', 'failing'] as const;

/** Addresses that are told of a clinic's appointments. */
export const clinicWebhooks = sqliteTable(
  'clinic_webhooks',
  {
    id: text('id').primaryKey(),
    clinicId: text('clinic_id')
      .notNull()
      .references(() => clinics.id),
    url: text('url').notNull(),
    /** `null`: all kinds. */
    events: text('events', { mode: 'json' }).$type<readonly WebhookEventType[]>(),
    /** Sealed. */
    secret: text('secret').notNull(),
    /** Sealed: the secret of before, which signs as well until then. */
    previousSecret: text('previous_secret'),
    previousUntilMs: integer('previous_until_ms'),
    /** The admin who is told when it is switched off. */
    createdBy: text('created_by').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    offReason: text('off_reason', { enum: webhookOffReasons }),
    offAtMs: integer('off_at_ms'),
    /** When it failed first since it last took something; `null` while it takes what it is sent. */
    failingSinceMs: integer('failing_since_ms'),
    tookAtMs: integer('took_at_ms'),
  },
  (t) => [index('clinic_webhooks_by_clinic').on(t.clinicId, t.createdAtMs, t.id)],
);

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const;

/** What each webhook is told, and how far that has come. Ids and times only. */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    /** The `webhook-id` of its posts. */
    id: text('id').primaryKey(),
    webhookId: text('webhook_id').notNull(),
    /** The event of a doctor-day that it tells of. */
    stream: text('stream').notNull(),
    seq: integer('seq').notNull(),
    type: text('type', { enum: webhookEventTypes }).notNull(),
    atMs: integer('at_ms').notNull(),
    appointmentId: text('appointment_id').notNull(),
    facts: text('facts', { mode: 'json' }).$type<WebhookFacts>().notNull(),
    state: text('state', { enum: deliveryStates }).notNull(),
    attempts: integer('attempts').notNull(),
    /** The status of the last answer, or a word for why there was none. */
    answer: text('answer'),
    /** When it is tried next, or its attempt is taken for lost; `null` when nothing is left to do. */
    dueAtMs: integer('due_at_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
    attemptedAtMs: integer('attempted_at_ms'),
  },
  (t) => [
    uniqueIndex('webhook_deliveries_once').on(t.webhookId, t.stream, t.seq),
    index('webhook_deliveries_due').on(t.dueAtMs).where(sql`${t.dueAtMs} is not null`),
    index('webhook_deliveries_by_webhook').on(t.webhookId, t.createdAtMs, t.id),
    index('webhook_deliveries_by_appointment').on(t.appointmentId, t.createdAtMs),
    index('webhook_deliveries_by_age').on(t.createdAtMs),
  ],
);
