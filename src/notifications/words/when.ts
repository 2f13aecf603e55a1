import type { Locale } from '../../domain/notifications/preferences.ts';
import type { Time } from './facts.ts';

/** A time in words, always on the clock of its own zone. */
export interface When {
  /** `Tuesday, 1 December 2026`. */
  readonly date: string;
  /** `09:00 to 09:30`. */
  readonly hours: string;
  /** `09:00`. */
  readonly start: string;
  /** `Bangladesh Standard Time`: the name that the zone goes by at that time of the year. */
  readonly zone: string;
  /** `Tue, 1 Dec, 09:00`. */
  readonly short: string;
}

const tags: Readonly<Record<Locale, string>> = { en: 'en-GB', bn: 'bn-BD' };
const digits: Readonly<Record<Locale, string>> = { en: 'latn', bn: 'beng' };

/** Intl's formats are dear to make: each locale's and zone's are made once, up to so many. */
const kept = new Map<string, Intl.DateTimeFormat>();
const maxKept = 500;

const format = (locale: Locale, timeZone: string, name: string, options: Intl.DateTimeFormatOptions) => {
  const key = `${locale} ${timeZone} ${name}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= maxKept) kept.clear();
  const made = new Intl.DateTimeFormat(tags[locale], { ...options, timeZone, numberingSystem: digits[locale] });
  kept.set(key, made);
  return made;
};

const partOf = (parts: readonly Intl.DateTimeFormatPart[], type: Intl.DateTimeFormatPartTypes): string =>
  parts.find((part) => part.type === type)?.value ?? '';

/** A time of day: on 24 hours in English; in Bengali on twelve, after the part of the day, as it is said there. */
const clock = (locale: Locale, timeZone: string, atMs: number): string => {
  if (locale === 'en') {
    return format(locale, timeZone, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(atMs);
  }
  const twelve = { hour: 'numeric', minute: '2-digit', hour12: true, dayPeriod: 'short' } as const;
  const parts = format(locale, timeZone, 'time', twelve).formatToParts(atMs);
  return `${partOf(parts, 'dayPeriod')} ${partOf(parts, 'hour')}:${partOf(parts, 'minute')}`;
};

/** A time in words. The zone is named as it goes at that instant: summer time by its own name. */
export const whenOf = ({ startsAtMs, endsAtMs, timeZone }: Time, locale: Locale): When => {
  const to = locale === 'en' ? ' to ' : ' থেকে ';
  const start = clock(locale, timeZone, startsAtMs);
  const long = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const brief = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  const named = format(locale, timeZone, 'zone', { timeZoneName: 'long' }).formatToParts(startsAtMs);
  return {
    date: format(locale, timeZone, 'date', long).format(startsAtMs),
    hours: `${start}${to}${clock(locale, timeZone, endsAtMs)}`,
    start,
    zone: partOf(named, 'timeZoneName'),
    short: `${format(locale, timeZone, 'brief', brief).format(startsAtMs)}, ${start}`,
  };
};

/** A whole number in the digits of a language. */
export const numberIn = (locale: Locale, value: number): string =>
  new Intl.NumberFormat(tags[locale], { numberingSystem: digits[locale], useGrouping: false }).format(value);
