import { type CalendarEvent, eventComponent } from './event.ts';
import { type Component, type Property, toCalendarText } from './jcal.ts';
import { isUtc, timeZoneOf } from './time-zone.ts';

const product = '-//Daybook//Daybook//EN';

/** A calendar of events with the zones that they name, as iCalendar text (RFC 5545). */
export const calendarText = (events: readonly CalendarEvent[], more: readonly Property[] = []): string =>
  toCalendarText([
    'vcalendar',
    [['version', {}, 'text', '2.0'], ['prodid', {}, 'text', product], ['calscale', {}, 'text', 'GREGORIAN'], ...more],
    [...zonesOf(events), ...events.map(eventComponent)],
  ]);

const zonesOf = (events: readonly CalendarEvent[]): Component[] =>
  [...Map.groupBy(events, ({ timeZone }) => timeZone)]
    .filter(([timeZone]) => !isUtc(timeZone))
    .map(([timeZone, those]) =>
      timeZoneOf(
        timeZone,
        those.reduce((least, { startsAtMs }) => Math.min(least, startsAtMs), Number.POSITIVE_INFINITY),
        those.reduce((most, { endsAtMs }) => Math.max(most, endsAtMs), 0),
      ),
    );
