import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import {
  audiences,
  channels,
  ledgerReasons,
  ledgerStates,
  notificationKinds,
} from '../../domain/notifications/kinds.ts';

/**
 * Events of doctor-days that somebody is to be told of: written with the event, deleted with what comes of it in the
 * ledger. One row, no index: an event that tells nobody costs nothing here.
 */
export const notificationIntents = sqliteTable('notification_intents', {
  id: integer('id').primaryKey(),
  /** The event, in `audit_events`. */
  stream: text('stream').notNull(),
  seq: integer('seq').notNull(),
});

/**
 * The ledger: who was told what, by what way, when, and who was not and why. Ids, kinds and times; what was said is in
 * `messages`, sealed, and only until it is sent.
 */
export const notifications = sqliteTable(
  'notifications',
  {
    id: text('id').primaryKey(),
    /** The appointment; for a digest the doctor. */
    subjectId: text('subject_id').notNull(),
    /** The appointment's version; for a digest the number of the day that it lists. */
    version: integer('version').notNull(),
    kind: text('kind', { enum: notificationKinds }).notNull(),
    /** How long before the appointment a reminder is for, minutes; 0 for everything else. */
    offsetMinutes: integer('offset_minutes').notNull(),
    channel: text('channel', { enum: channels }).notNull(),
    /** The account that is told. */
    recipientId: text('recipient_id').notNull(),
    audience: text('audience', { enum: audiences }).notNull(),
    /** When the appointment begins, as of `version`; for a digest, when the day begins. */
    startsAtMs: integer('starts_at_ms').notNull(),
    /**
     * Until when, with whom, where and how the appointment was when this happened, so that it is told as it was then; of
     * a reminder, when it went. `null` until that is known, and of a digest all but the zone.
     */
    endsAtMs: integer('ends_at_ms'),
    timeZone: text('time_zone'),
    doctorId: text('doctor_id'),
    clinicId: text('clinic_id'),
    mode: text('mode', { enum: ['in_person', 'video'] }),
    /** Of a move: when the appointment was before, and the zone of the day on which it was. */
    previousStartsAtMs: integer('previous_starts_at_ms'),
    previousTimeZone: text('previous_time_zone'),
    /** When the event happened that this is from, and by which side; `null` by anybody else. */
    causedAtMs: integer('caused_at_ms').notNull(),
    causedBy: text('caused_by', { enum: audiences }),
    /** When it is to go. */
    dueAtMs: integer('due_at_ms').notNull(),
    state: text('state', { enum: ledgerStates }).notNull(),
    reason: text('reason', { enum: ledgerReasons }),
    /** When it is looked at next: when it is due, or when a claim has lapsed; `null` when nothing is left to do. */
    nextAtMs: integer('next_at_ms'),
    claims: integer('claims').notNull().default(0),
    /** The row whose way did not take it, when this one goes in its stead. */
    insteadOf: text('instead_of'),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When it was handed over: to `messages`, or to the list in the app. */
    sentAtMs: integer('sent_at_ms'),
    /** When it came to rest: delivered, failed or suppressed. */
    settledAtMs: integer('settled_at_ms'),
    /** When the person marked it as read; in the app only. */
    readAtMs: integer('read_at_ms'),
  },
  (t) => [
    uniqueIndex('notifications_key').on(t.subjectId, t.version, t.kind, t.offsetMinutes, t.channel, t.recipientId),
    index('notifications_next').on(t.nextAtMs).where(sql`${t.nextAtMs} is not null`),
    index('notifications_in_app')
      .on(t.recipientId, t.sentAtMs, t.id)
      .where(sql`${t.channel} = 'in_app' and ${t.sentAtMs} is not null`),
    index('notifications_unread')
      .on(t.recipientId)
      .where(sql`${t.channel} = 'in_app' and ${t.sentAtMs} is not null and ${t.readAtMs} is null`),
    index('notifications_by_recipient').on(t.recipientId, t.createdAtMs, t.id),
    index('notifications_by_state').on(t.state, t.createdAtMs, t.id),
    index('notifications_by_time').on(t.createdAtMs, t.id),
  ],
);
