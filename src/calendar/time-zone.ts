import { type ClockChange, clockChanges } from '../domain/zoned-time.ts';
import type { Component, Property } from './jcal.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMs = 24 * hourMs;
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** Zones that are UTC: their times are written as UTC and need no definition. */
export const isUtc = (timeZone: string): boolean => /^(Etc\/)?(UTC|UCT|Universal|Zulu)$/.test(timeZone);

/**
 * The definition of a zone for the years of some instants (RFC 5545 section 3.6.5), from the same rules that slots are
 * computed with, so that a calendar cannot disagree with the booking. Where clocks change by the same two rules every
 * year they are written as rules, which is all that some programs understand; otherwise change by change.
 */
export const timeZoneOf = (timeZone: string, fromMs: number, untilMs: number): Component => {
  const [fromYear, toYear] = [new Date(fromMs).getUTCFullYear() - 1, new Date(untilMs).getUTCFullYear() + 1];
  const { offsetMs, changes } = clockChanges(timeZone, fromYear, toYear);
  const id: Property = ['tzid', {}, 'text', timeZone];
  const always = { atMs: Date.UTC(1970, 0, 1) - offsetMs, fromOffsetMs: offsetMs, toOffsetMs: offsetMs };
  if (changes.length === 0) return ['vtimezone', [id], [observance(always)]];
  const rules = yearlyRules(changes, fromYear, toYear);
  if (rules !== null) return ['vtimezone', [id], rules];
  return ['vtimezone', [id], [observance(always), ...changes.map((change) => observance(change))]];
};

const observance = (change: ClockChange, rule: Readonly<Record<string, unknown>> | null = null): Component => {
  const { atMs, fromOffsetMs, toOffsetMs } = change;
  const wall = new Date(atMs + fromOffsetMs).toISOString().slice(0, 19);
  const repeated: Property[] = rule === null ? [] : [['rrule', {}, 'recur', rule]];
  return [
    toOffsetMs > fromOffsetMs ? 'daylight' : 'standard',
    [
      ['dtstart', {}, 'date-time', wall],
      ['tzoffsetfrom', {}, 'utc-offset', offsetText(fromOffsetMs)],
      ['tzoffsetto', {}, 'utc-offset', offsetText(toOffsetMs)],
      ...repeated,
    ],
    [],
  ];
};

/** The two rules by which clocks change every year, or `null` where it is not so simple (or is about to change). */
const yearlyRules = (changes: readonly ClockChange[], fromYear: number, toYear: number): Component[] | null => {
  const forward = changes.filter(({ fromOffsetMs, toOffsetMs }) => toOffsetMs > fromOffsetMs);
  const back = changes.filter(({ fromOffsetMs, toOffsetMs }) => toOffsetMs < fromOffsetMs);
  const years = toYear - fromYear + 1;
  if (forward.length !== years || back.length !== years) return null;
  const rules = [forward, back].map(yearlyRule);
  const [first, second] = [forward[0], back[0]];
  if (first === undefined || second === undefined || rules[0] == null || rules[1] == null) return null;
  return [observance(first, rules[0]), observance(second, rules[1])];
};

/** The rule that a series of changes follows, one each year: the nth or the last of a weekday in a month. */
const yearlyRule = (changes: readonly ClockChange[]): Readonly<Record<string, unknown>> | null => {
  const places = changes.map(placeOf);
  const [first] = places;
  if (first === undefined) return null;
  const same = (key: 'month' | 'weekday' | 'time' | 'offsets'): boolean =>
    places.every((place) => place[key] === first[key]);
  if (!same('month') || !same('weekday') || !same('time') || !same('offsets')) return null;
  const inYears = new Set(places.map(({ year }) => year)).size === places.length;
  const nth = places.every((place) => place.isLast)
    ? -1
    : places.every((place) => place.nth === first.nth)
      ? first.nth
      : null;
  if (!inYears || nth === null) return null;
  return { freq: 'YEARLY', bymonth: first.month, byday: `${nth}${first.weekday}` };
};

/** Where a change stands in its year, by the clocks before it. */
const placeOf = ({ atMs, fromOffsetMs, toOffsetMs }: ClockChange) => {
  const wall = new Date(atMs + fromOffsetMs);
  const day = wall.getUTCDate();
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    weekday: weekdays[wall.getUTCDay()],
    time: (atMs + fromOffsetMs) % dayMs,
    offsets: `${fromOffsetMs}/${toOffsetMs}`,
    nth: Math.ceil(day / 7),
    isLast: new Date(wall.getTime() + 7 * dayMs).getUTCMonth() !== wall.getUTCMonth(),
  };
};

/** `+06:00`; the clocks of today differ from UTC by whole minutes. */
const offsetText = (offsetMs: number): string => {
  const minutes = Math.round(Math.abs(offsetMs) / minuteMs);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};
