import type { Locale } from '../domain/notifications/preferences.ts';
import { inLocalDigits } from './words/digits.ts';

const tagOf = (locale: Locale): string => (locale === 'en' ? 'en-GB' : 'bn-BD');

/** Money as its reader writes it: minor units of an ISO 4217 currency. */
export const moneyText = ({ amount, currency }: { amount: number; currency: string }, locale: Locale): string => {
  const format = new Intl.NumberFormat(tagOf(locale), {
    ...{ style: 'currency', currency, currencyDisplay: 'narrowSymbol' },
    trailingZeroDisplay: 'stripIfInteger',
  });
  const { maximumFractionDigits = 2 } = format.resolvedOptions();
  // Data of locales puts the sign of Bengali money last; people write it first.
  const parts = format.formatToParts(amount / 10 ** maximumFractionDigits);
  const text = (isSign: boolean): string =>
    parts.flatMap(({ type, value }) => ((type === 'currency') === isSign ? [value] : [])).join('');
  return locale === 'bn' ? `${text(true)}${text(false).trim()}` : parts.map(({ value }) => value).join('');
};

/** A number as its reader writes it. */
export const numberText = (value: number, locale: Locale, options: Intl.NumberFormatOptions = {}): string =>
  new Intl.NumberFormat(tagOf(locale), options).format(value);

const written = (options: Intl.DateTimeFormatOptions) => (instant: string, timeZone: string, locale: Locale) =>
  new Intl.DateTimeFormat(tagOf(locale), { ...options, timeZone, hourCycle: 'h23' }).format(new Date(instant));

/** An instant (RFC 3339) by the clock of a zone: `Mon, 23 Nov, 09:00`. */
export const timeText = written({
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** The time of an instant alone: `09:00`. */
export const clockText = written({ hour: '2-digit', minute: '2-digit' });

/** A part of a day (each `HH:MM`), in the digits of the reader: `09:00 – 13:00`. */
export const spanText = (start: string, end: string, locale: Locale): string =>
  inLocalDigits(`${start} – ${end}`, locale);

/** The date of an instant in a zone, with its year: `23 Nov 2026`. */
export const dayText = written({ day: 'numeric', month: 'short', year: 'numeric' });

/** A local date (YYYY-MM-DD): `Monday 23 November`. */
export const dateText = (date: string, locale: Locale): string =>
  written({ weekday: 'long', day: 'numeric', month: 'long' })(`${date}T00:00:00Z`, 'UTC', locale);

/** A local date, shortly: `Mon 23 Nov`. */
export const shortDateText = (date: string, locale: Locale): string =>
  written({ weekday: 'short', day: 'numeric', month: 'short' })(`${date}T00:00:00Z`, 'UTC', locale);

/** A calendar month (YYYY-MM): `November 2026`. */
export const monthText = (month: string, locale: Locale): string =>
  written({ month: 'long', year: 'numeric' })(`${month}-01T00:00:00Z`, 'UTC', locale);

/** What a zone is called at an instant, which decides about summer time. */
export const zoneText = (timeZone: string, locale: Locale, at: string): string =>
  new Intl.DateTimeFormat(tagOf(locale), { timeZone, timeZoneName: 'long' })
    .formatToParts(new Date(at))
    .find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;

/** A language by its tag (BCP 47), in the reader's. */
export const languageText = (tag: string, locale: Locale): string =>
  new Intl.DisplayNames(tagOf(locale), { type: 'language' }).of(tag) ?? tag;
