import type { Status } from '../domain/doctor-day/appointment.ts';
import { localDateTimeOf } from '../domain/zoned-time.ts';
import { type Component, type Property, text, utcTime } from './jcal.ts';
import { isUtc } from './time-zone.ts';

/** STATUS of an event (RFC 5545 section 3.8.1.11). */
export type EventStatus = 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED';

/** One event, as every program shall see it. Texts are plain; instants in ms. */
export interface CalendarEvent {
  /** Names the event for ever, however often it moves (RFC 7986 section 5.3). */
  readonly uid: string;
  /** Rises with every change (RFC 5545 section 3.8.7.4). */
  readonly sequence: number;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly timeZone: string;
  readonly status: EventStatus;
  /** When it was made, and when it last changed. */
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** DTSTAMP: when this version was made, or in a message when the message was. */
  readonly stampMs: number;
  readonly summary: string;
  readonly description?: string | null;
  readonly location?: string | null;
  /** Whether the time is taken. */
  readonly busy: boolean;
  /** Whose invitation it is, and to whom: in messages alone. */
  readonly more?: readonly Property[];
}

/** What an appointment is in a calendar: asked for, agreed, or off. */
export const eventStatus = (status: Status): EventStatus => {
  switch (status) {
    case 'pending':
    case 'awaiting_approval':
      return 'TENTATIVE';
    case 'confirmed':
    case 'completed':
    case 'no_show':
      return 'CONFIRMED';
    case 'cancelled':
    case 'rejected':
    case 'expired':
      return 'CANCELLED';
  }
};

/** An event as a component. Its times are wall times with their zone, which the calendar must define. */
export const eventComponent = (event: CalendarEvent): Component => [
  'vevent',
  [
    ['uid', {}, 'text', event.uid],
    utcTime('dtstamp', event.stampMs),
    utcTime('created', event.createdAtMs),
    utcTime('last-modified', event.changedAtMs),
    ['sequence', {}, 'integer', event.sequence],
    localTime('dtstart', event.startsAtMs, event.timeZone),
    localTime('dtend', event.endsAtMs, event.timeZone),
    ['status', {}, 'text', event.status],
    ['transp', {}, 'text', event.busy && event.status !== 'CANCELLED' ? 'OPAQUE' : 'TRANSPARENT'],
    ['class', {}, 'text', 'PRIVATE'],
    text('summary', event.summary),
    ...(event.description ? [text('description', event.description)] : []),
    ...(event.location ? [text('location', event.location)] : []),
    ...(event.more ?? []),
  ],
  [],
];

const localTime = (name: string, ms: number, timeZone: string): Property =>
  isUtc(timeZone) ? utcTime(name, ms) : [name, { tzid: timeZone }, 'date-time', `${localDateTimeOf(ms, timeZone)}:00`];
