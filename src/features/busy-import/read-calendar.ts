import ICAL from 'ical.js';
import { type Interval, overlaps } from '../../domain/interval.ts';
import { type CalendarEvent, eventOf, parameter, type Times, timesOf } from './events.ts';
import { occurrences, ruleOf } from './recurrence.ts';
import { relevant } from './relevant.ts';
import { budgetOf, type CalendarFault, type Spend, Unreadable } from './unreadable.ts';

const dayMs = 86_400_000;
/** More than any zone is from UTC, and than a day is longer where clocks go back. */
const anyOffsetMs = 2 * dayMs;
/** Of characters, after what cannot matter was left out. */
const maxRelevant = 2_000_000;
const maxComponents = 10_000;
/** Sixty events that repeat daily for a year take two thirds of them, and less than a second. */
const maxSteps = 100_000;

/** A time that is taken, with the UID of the event that takes it; VFREEBUSY has none. */
export interface Taken extends Interval {
  readonly uid: string | null;
}

/** What a calendar says, or the one word for why it cannot be known. */
export type Reading =
  | { readonly ok: true; readonly busy: readonly Taken[]; readonly refreshMs: number | null }
  | { readonly ok: false; readonly fault: CalendarFault };

/**
 * When an iCalendar text (RFC 5545) keeps its owner busy within a window: events that are neither cancelled nor shown as
 * free, with all their recurrences, additions, exceptions and changed occurrences, and the times of VFREEBUSY. All or
 * nothing: what cannot be understood to the end gives a fault, so that no time passes for free by mistake.
 *
 * @param timeZone the IANA zone of whole days, and of times without a zone
 */
export const readCalendar = (text: string, window: Interval, timeZone: string): Reading => {
  const spend = budgetOf(maxSteps);
  try {
    const calendars = parsed(relevant(text, window));
    const busy = calendars.flatMap((calendar) => busyIn(calendar, window, timeZone, spend));
    return { ok: true, busy, refreshMs: refreshOf(calendars[0]) };
  } catch (error) {
    // What the library throws of itself is about the text too.
    return { ok: false, fault: error instanceof Unreadable ? error.fault : 'malformed' };
  }
};

const parsed = (text: string): ICAL.Component[] => {
  if (text.length > maxRelevant) throw new Unreadable('too_large');
  if (!/^\s*BEGIN:VCALENDAR/i.test(text)) throw new Unreadable('not_a_calendar');
  const jcal: unknown = ICAL.parse(text);
  const several = Array.isArray(jcal) && Array.isArray(jcal[0]);
  const calendars = ((several ? jcal : [jcal]) as unknown[][]).map((one) => new ICAL.Component(one));
  const components = calendars.reduce((sum, { jCal }) => sum + (jCal[2] as unknown[]).length, 0);
  if (components > maxComponents) throw new Unreadable('too_complex');
  return calendars;
};

const busyIn = (calendar: ICAL.Component, window: Interval, timeZone: string, spend: Spend): Taken[] => {
  const near = { startsAtMs: window.startsAtMs - anyOffsetMs, endsAtMs: window.endsAtMs + anyOffsetMs };
  const times = timesOf(calendar, timeZone, near, spend);
  const events = calendar.getAllSubcomponents('vevent').flatMap((component) => eventOf(component, times) ?? []);
  const series = Map.groupBy(events, ({ uid }) => uid);
  const busy = [...series].flatMap(([uid, one]) =>
    [...busyOf(one, times, near, spend)].map((time) => ({ ...time, uid })),
  );
  const given = calendar.getAllSubcomponents('vfreebusy').flatMap((component) => givenIn(component, times));
  return [...busy, ...given.map((time) => ({ ...time, uid: null }))].filter((one) => overlaps(one, window));
};

/** The busy times of the events of one UID: those that stand for themselves, and those that stand for an occurrence. */
function* busyOf(events: readonly CalendarEvent[], times: Times, near: Interval, spend: Spend): Generator<Interval> {
  const changes = events.flatMap((event) => (event.replaces === null ? [] : [{ event, ...event.replaces }]));
  const changed = new Set(changes.map(({ start }) => start.atMs));
  const later = changes.filter(({ andLater }) => andLater).sort((a, b) => a.start.atMs - b.start.atMs);
  for (const { event } of changes) if (event.isBusy) yield intervalOf(event, event.start.wallMs);
  for (const event of events) {
    if (event.replaces !== null || (!event.isBusy && later.length === 0)) continue;
    for (const wallMs of startsOf(event, times, near, spend)) {
      const atMs = event.start.clock(wallMs);
      if (changed.has(atMs)) continue;
      spend(later.length);
      const change = later.findLast(({ start }) => start.atMs <= atMs);
      const as = change?.event ?? event;
      const shiftMs = change === undefined ? 0 : change.event.start.wallMs - change.start.wallMs;
      if (as.isBusy) yield intervalOf(as, wallMs + shiftMs);
    }
    if (event.isBusy) yield* addedTo(event, times, changed);
  }
}

const intervalOf = (event: CalendarEvent, wallMs: number): Interval => ({
  startsAtMs: event.start.clock(wallMs),
  endsAtMs: event.endOf(wallMs),
});

/** The wall times at which an event starts near the window: DTSTART and by RRULE, less EXDATE. */
function* startsOf(event: CalendarEvent, times: Times, near: Interval, spend: Spend): Generator<number> {
  const { component, start, longestMs } = event;
  const without = new Set(
    component.getAllProperties('exdate').flatMap((one) => times.all(one).map(({ atMs }) => atMs)),
  );
  const range = { fromWallMs: near.startsAtMs - longestMs, toWallMs: near.endsAtMs };
  if (!without.has(start.atMs)) yield start.wallMs;
  for (const property of component.getAllProperties('rrule')) {
    const { recur, until } = ruleOf(property);
    // A date alone takes in all of that day.
    const untilWallMs = until === null ? 0 : until.wallMs + (until.isDate ? dayMs - 1 : 0);
    for (const wallMs of occurrences(recur, start.wallMs, range, spend)) {
      const atMs = start.clock(wallMs);
      if (until !== null && (until.isUtc ? atMs : wallMs) > untilWallMs) break;
      if (wallMs !== start.wallMs && !without.has(atMs)) yield wallMs;
    }
  }
}

/** What RDATE adds to an event: starts, or periods with an end of their own. */
function* addedTo(event: CalendarEvent, times: Times, changed: ReadonlySet<number>): Generator<Interval> {
  const { start, endOf } = event;
  const lengthMs = endOf(start.wallMs) - start.atMs;
  for (const property of event.component.getAllProperties('rdate')) {
    const added =
      property.type === 'period'
        ? times.periods(property)
        : times.all(property).map(({ atMs, wallMs, isDate }) => ({
            startsAtMs: atMs,
            endsAtMs: isDate ? endOf(wallMs) : atMs + lengthMs,
          }));
    for (const one of added) if (!changed.has(one.startsAtMs)) yield one;
  }
}

/** The times that a VFREEBUSY gives as anything but free. */
const givenIn = (component: ICAL.Component, times: Times): Interval[] =>
  component
    .getAllProperties('freebusy')
    .filter((property) => parameter(property, 'fbtype') !== 'FREE')
    .flatMap((property) => times.periods(property));

const refreshOf = (calendar: ICAL.Component | undefined): number | null => {
  for (const name of ['refresh-interval', 'x-published-ttl']) {
    const given: unknown = calendar?.getFirstProperty(name)?.jCal[3];
    if (typeof given === 'string' && ICAL.Duration.isValueString(given)) {
      return ICAL.Duration.fromString(given).toSeconds() * 1000;
    }
  }
  return null;
};
