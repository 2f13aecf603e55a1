import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

/** What a feed tells of an appointment: that there is one, by initials, or with names and place. */
export const feedPrivacies = ['busy', 'initials', 'full'] as const;
export type FeedPrivacy = (typeof feedPrivacies)[number];

/** As whom the owner of a feed has appointments. */
export const feedKinds = ['doctor', 'patient'] as const;
export type FeedKind = (typeof feedKinds)[number];

/** Secret addresses of calendars. Who has one may read the feed, and nothing else. A feed that is revoked is deleted. */
export const calendarFeeds = sqliteTable(
  'calendar_feeds',
  {
    id: text('id').primaryKey(),
    /** SHA-256 of the token, which has 192 random bits and is nowhere else. */
    tokenHash: text('token_hash').notNull(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    kind: text('kind', { enum: feedKinds }).notNull(),
    /** What the owner calls it. */
    label: text('label').notNull(),
    privacy: text('privacy', { enum: feedPrivacies }).notNull(),
    /** Whether free time is shown too, for doctors. */
    showsFree: integer('shows_free', { mode: 'boolean' }).notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When the address was last replaced by another. */
    rotatedAtMs: integer('rotated_at_ms'),
    /** When it was last fetched, to the quarter of an hour. */
    lastFetchedAtMs: integer('last_fetched_at_ms'),
    /** What changed until then has been recorded as read, by whoever fetches it. */
    recordedThroughMs: integer('recorded_through_ms').notNull().default(0),
  },
  (t) => [
    uniqueIndex('calendar_feeds_token').on(t.tokenHash),
    index('calendar_feeds_by_account').on(t.accountId, t.createdAtMs, t.id),
  ],
);

/** Who answered an invitation that they will come, for the time that they were asked for. */
export const attendances = sqliteTable(
  'attendances',
  {
    appointmentId: text('appointment_id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** The start of the appointment that was accepted: it says nothing about another time. */
    startsAtMs: integer('starts_at_ms').notNull(),
    acceptedAtMs: integer('accepted_at_ms').notNull(),
  },
  (t) => [index('attendances_by_account').on(t.accountId, t.appointmentId)],
);
