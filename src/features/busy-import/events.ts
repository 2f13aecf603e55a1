import ICAL from 'ical.js';
import type { Interval } from '../../domain/interval.ts';
import { type Clock, clockOfTzid, clockOfZone, utcClock } from './clocks.ts';
import { type Spend, Unreadable } from './unreadable.ts';
import { type WallTime, wallTimeOf } from './values.ts';

const dayMs = 86_400_000;
/** Names of zones in one calendar. */
const maxZones = 50;

/** A time with the clock that shows it. */
export interface Moment extends WallTime {
  readonly clock: Clock;
  readonly atMs: number;
}

/** An event, or an exception of one that repeats, as far as it takes up time. */
export interface CalendarEvent {
  readonly component: ICAL.Component;
  readonly uid: string;
  readonly start: Moment;
  /** When an occurrence ends that starts at a wall time of the event's clock. */
  readonly endOf: (startWallMs: number) => number;
  /** No occurrence lasts longer. */
  readonly longestMs: number;
  /** Whether it keeps its owner from anything: not cancelled, and not shown as free. */
  readonly isBusy: boolean;
  /** Which occurrence this stands for, and whether for all after it as well. */
  readonly replaces: { readonly start: Moment; readonly andLater: boolean } | null;
}

/** Reads the times of one calendar: their zones are those that it names. */
export interface Times {
  /** The values of a property such as DTSTART or EXDATE. */
  all(property: ICAL.Property): Moment[];
  one(component: ICAL.Component, name: string): Moment | null;
  /** The values of a property that are periods: a start with an end or a length. */
  periods(property: ICAL.Property): Interval[];
}

/**
 * @param timeZone of whole days, and of times without a zone
 * @param near when its clocks must be right
 */
export const timesOf = (calendar: ICAL.Component, timeZone: string, near: Interval, spend: Spend): Times => {
  const floating = clockOfZone(timeZone);
  const clocks = new Map<string, Clock>();
  const clockNamed = (tzid: string): Clock => {
    const known = clocks.get(tzid);
    if (known !== undefined) return known;
    if (clocks.size >= maxZones) throw new Unreadable('too_complex');
    const clock = clockOfTzid(tzid, calendar, near, spend);
    clocks.set(tzid, clock);
    return clock;
  };
  const momentOf = (value: unknown, tzid: unknown): Moment => {
    const time = wallTimeOf(value);
    const zoned = typeof tzid === 'string' && tzid !== '' && !time.isDate;
    const clock = time.isUtc ? utcClock : zoned ? clockNamed(tzid) : floating;
    return { ...time, clock, atMs: clock(time.wallMs) };
  };
  const all = (property: ICAL.Property): Moment[] => {
    const values: unknown[] = property.jCal.slice(3);
    spend(values.length);
    return values.map((value) => momentOf(value, property.getFirstParameter('tzid')));
  };
  const periods = (property: ICAL.Property): Interval[] => {
    const values: unknown[] = property.jCal.slice(3);
    spend(values.length);
    return values.map((value) => {
      if (!Array.isArray(value)) throw new Unreadable('malformed');
      const [from, to]: unknown[] = value;
      const tzid = property.getFirstParameter('tzid');
      const startsAtMs = momentOf(from, tzid).atMs;
      const isLength = typeof to === 'string' && ICAL.Duration.isValueString(to);
      const endsAtMs = isLength
        ? startsAtMs + ICAL.Duration.fromString(to).toSeconds() * 1000
        : momentOf(to, tzid).atMs;
      return { startsAtMs, endsAtMs };
    });
  };
  return {
    all,
    periods,
    one: (component, name) => {
      const property = component.getFirstProperty(name);
      return property === null ? null : (all(property)[0] ?? null);
    },
  };
};

/** Reads an event; `null` for one without a time. Throws {@link Unreadable}. */
export const eventOf = (component: ICAL.Component, times: Times): CalendarEvent | null => {
  const start = times.one(component, 'dtstart');
  if (start === null) return null;
  const recurrence = component.getFirstProperty('recurrence-id');
  const replaced = times.one(component, 'recurrence-id');
  return {
    component,
    uid: String(component.getFirstPropertyValue('uid') ?? ''),
    start,
    ...lengthOf(component, start, times),
    isBusy: isBusy(component),
    replaces:
      replaced === null ? null : { start: replaced, andLater: parameter(recurrence, 'range') === 'THISANDFUTURE' },
  };
};

/** A parameter of a property, in capitals. */
export const parameter = (property: ICAL.Property | null, name: string): string | undefined =>
  (property?.getFirstParameter(name) as string | undefined)?.toUpperCase();

const isBusy = (component: ICAL.Component): boolean => {
  const says = (name: string) => String(component.getFirstPropertyValue(name) ?? '').toUpperCase();
  // Outlook says so in its own words when it leaves out TRANSP.
  const transparency = says('transp') || (says('x-microsoft-cdo-busystatus') === 'FREE' ? 'TRANSPARENT' : 'OPAQUE');
  return says('status') !== 'CANCELLED' && transparency !== 'TRANSPARENT';
};

/** How long occurrences last. By DTEND as long as the first, and at least until the same time of day (RFC 5545 3.8.5.3). */
const lengthOf = (component: ICAL.Component, start: Moment, times: Times) => {
  const { clock } = start;
  const end = times.one(component, 'dtend');
  if (end !== null) {
    const exactMs = Math.max(0, end.atMs - start.atMs);
    const shownMs = end.clock === clock ? end.wallMs - start.wallMs : 0;
    const endOf = (wallMs: number) =>
      start.isDate ? clock(wallMs + shownMs) : Math.max(clock(wallMs) + exactMs, clock(wallMs + Math.max(0, shownMs)));
    return { endOf, longestMs: Math.max(exactMs, shownMs) + dayMs };
  }
  const given = component.getFirstPropertyValue('duration');
  if (given === null) return fixed(clock, start.isDate ? 1 : 0, 0);
  if (!(given instanceof ICAL.Duration)) throw new Unreadable('malformed');
  const { weeks, days, hours, minutes, seconds, isNegative } = given;
  return isNegative ? fixed(clock, 0, 0) : fixed(clock, weeks * 7 + days, (hours * 60 + minutes) * 60 + seconds);
};

/** Days are days of the calendar, the rest is exact. */
const fixed = (clock: Clock, days: number, seconds: number) => {
  const [daysMs, restMs] = [days * dayMs, seconds * 1000];
  if (!Number.isFinite(daysMs + restMs)) throw new Unreadable('malformed');
  return { endOf: (wallMs: number) => clock(wallMs + daysMs) + restMs, longestMs: daysMs + restMs + dayMs };
};
