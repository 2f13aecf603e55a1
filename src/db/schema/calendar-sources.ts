import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { doctorId } from './doctors.ts';

/** Calendars elsewhere that a doctor has given the address of. */
export const calendarSources = sqliteTable(
  'calendar_sources',
  {
    id: text('id').primaryKey(),
    doctorId: doctorId(),
    /** What the doctor calls it. */
    name: text('name').notNull(),
    /** The address's host: all of the address that is ever shown. */
    host: text('host').notNull(),
    /** The address, sealed: whoever has it reads the calendar. */
    address: text('address').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    /** When it is read next; each reading takes it further, so that it is its reader's claim too. */
    dueAtMs: integer('due_at_ms').notNull(),
    /** How often, as far as the calendar asks for it. */
    everyMs: integer('every_ms').notNull(),
    /** When its content was last known to be what `busy_days` holds. */
    readAtMs: integer('read_at_ms').notNull(),
    etag: text('etag'),
    lastModified: text('last_modified'),
    /** The last UTC date, and the zone of the doctor, that its events were spread out for. */
    spreadUntil: text('spread_until').notNull(),
    spreadZone: text('spread_zone').notNull(),
    failingSinceMs: integer('failing_since_ms'),
    /** Why, in a word. */
    failure: text('failure'),
    /** When the doctor was told of this failing. */
    toldAtMs: integer('told_at_ms'),
  },
  (t) => [index('calendar_sources_by_doctor').on(t.doctorId), index('calendar_sources_due').on(t.dueAtMs)],
);

/** When those calendars hold something: a row for each UTC date that is not free. */
export const busyDays = sqliteTable(
  'busy_days',
  {
    doctorId: doctorId(),
    date: text('date').notNull(),
    sourceId: text('source_id').notNull(),
    /** JSON: minutes from midnight UTC, `[[from, to], …]`. */
    minutes: text('minutes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.doctorId, t.date, t.sourceId] })],
);
