import ICAL from 'ical.js';
import type { Interval } from '../../domain/interval.ts';
import { instantOfWall, parseTimeZone } from '../../domain/zoned-time.ts';
import { occurrences, ruleOf } from './recurrence.ts';
import { type Spend, Unreadable } from './unreadable.ts';
import { wallTimeOf } from './values.ts';
import { windowsZones } from './windows-zones.ts';

/** The instant (ms) of a wall time, which is given as the instant at which UTC shows it. */
export type Clock = (wallMs: number) => number;

/** Wall time in UTC is the instant. */
export const utcClock: Clock = (wallMs) => wallMs;

/** The clock of an IANA zone. */
export const clockOfZone =
  (timeZone: string): Clock =>
  (wallMs) =>
    instantOfWall(wallMs, timeZone);

const maxObservances = 100;
const maxOnsets = 500;
const overAYearMs = 400 * 86_400_000;

/**
 * The clock that a calendar means by a TZID: that of the zone database if it knows the name, also as Windows writes it or
 * with a prefix as RFC 5545 3.8.3.1 allows; or else as the calendar's own VTIMEZONE says. Throws {@link Unreadable} as
 * `unknown_zone`: a time whose zone is not known may be any time of the day.
 *
 * @param near when the clock must be right
 */
export const clockOfTzid = (tzid: string, calendar: ICAL.Component, near: Interval, spend: Spend): Clock => {
  const zone = zoneNamed(tzid);
  if (zone !== null) return clockOfZone(zone);
  const own = calendar
    .getAllSubcomponents('vtimezone')
    .find((component) => component.getFirstPropertyValue('tzid') === tzid);
  if (own === undefined) throw new Unreadable('unknown_zone');
  return clockOfObservances(own, near, spend);
};

const zoneNamed = (tzid: string): string | null => {
  const name = tzid.trim();
  const windows = Object.hasOwn(windowsZones, name) ? windowsZones[name] : undefined;
  if (windows !== undefined) return parseTimeZone(windows);
  // `/citadel.org/20250101_1/Europe/London`: the zone's name has one to three parts.
  const parts = name.split('/');
  const names = name.startsWith('/') ? [-3, -2].map((from) => parts.slice(from).join('/')) : [name];
  for (const one of names) {
    const zone = parseTimeZone(one);
    if (zone !== null) return zone;
  }
  return null;
};

interface Onset {
  readonly atMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

const clockOfObservances = (zone: ICAL.Component, near: Interval, spend: Spend): Clock => {
  const observances = [...zone.getAllSubcomponents('standard'), ...zone.getAllSubcomponents('daylight')];
  if (observances.length === 0 || observances.length > maxObservances) throw new Unreadable('unknown_zone');
  const onsets = observances.flatMap((observance) => onsetsOf(observance, near, spend)).sort((a, b) => a.atMs - b.atMs);
  if (onsets.length > maxOnsets) throw new Unreadable('too_complex');
  return (wallMs) => {
    let offsetMs = onsets[0]?.fromMs ?? 0;
    for (const { atMs, toMs } of onsets) {
      if (wallMs - offsetMs < atMs) break;
      // Skipped by the clocks: read with the offset from before.
      if (wallMs - toMs < atMs) break;
      offsetMs = toMs;
    }
    return wallMs - offsetMs;
  };
};

const onsetsOf = (observance: ICAL.Component, near: Interval, spend: Spend): Onset[] => {
  const [fromMs, toMs] = [offsetOf(observance, 'tzoffsetfrom'), offsetOf(observance, 'tzoffsetto')];
  const start = observance.getFirstProperty('dtstart');
  if (start === null) throw new Unreadable('unknown_zone');
  const startWallMs = wallTimeOf(start.jCal[3]).wallMs;
  const walls = [startWallMs];
  for (const property of observance.getAllProperties('rdate')) {
    for (const value of property.jCal.slice(3)) walls.push(wallTimeOf(value).wallMs);
  }
  for (const property of observance.getAllProperties('rrule')) {
    const { recur, until } = ruleOf(property);
    const lastWallMs = until === null ? Number.POSITIVE_INFINITY : until.wallMs + (until.isUtc ? fromMs : 0);
    // From a year before what matters on, or before the rule's end: the last change before that still holds.
    const fromWallMs = Math.max(startWallMs, Math.min(near.startsAtMs, lastWallMs) - overAYearMs);
    const range = { fromWallMs, toWallMs: Math.min(near.endsAtMs + fromMs, lastWallMs) };
    walls.push(...occurrences(recur, startWallMs, range, spend));
  }
  spend(walls.length);
  return walls.map((wallMs) => ({ atMs: wallMs - fromMs, fromMs, toMs }));
};

const offsetOf = (observance: ICAL.Component, name: 'tzoffsetfrom' | 'tzoffsetto'): number => {
  const offset = observance.getFirstPropertyValue(name);
  if (!(offset instanceof ICAL.UtcOffset)) throw new Unreadable('unknown_zone');
  return offset.toSeconds() * 1000;
};
