import type { Money } from './schedule.ts';

/** The digits of a currency after the point (ISO 4217): 2 of most, 0 of JPY, 3 of BHD. Throws for what is no code. */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** An amount for people: its currency by code, and the number with its point: `BDT 1,500.00`. */
export const writtenMoney = ({ amount, currency }: Money): string => {
  const digits = minorDigits(currency);
  const number = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${currency} ${number.format(amount / 10 ** digits)}`;
};

/** Digits, or digits with commas where English (1,400,000) or Indian (14,00,000) numbers have them; with a point or not. */
const written = /^(?<whole>\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})*,\d{3})(?:\.(?<fraction>\d+))?$/;

/**
 * Reads an amount as people write it, in Bengali digits as well: `1,500.50` with two decimals is 150050 minor units. `null`
 * for what is written otherwise, or says more than there are decimals: what can be read in two ways is not guessed at.
 */
export const minorUnitsWith = (text: string, digits: number): number | null => {
  const ascii = text.trim().replaceAll(/[০-৯]/g, (digit) => String(digit.charCodeAt(0) - '০'.charCodeAt(0)));
  const { whole, fraction = '' } = written.exec(ascii)?.groups ?? {};
  if (whole === undefined || fraction.length > digits) return null;
  const amount = Number(whole.replaceAll(',', '') + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(amount) ? amount : null;
};

/** Reads an amount of a currency as {@link minorUnitsWith} does; `null` also for nothing. */
export const minorUnitsIn = (text: string, currency: string): number | null =>
  minorUnitsWith(text, minorDigits(currency)) || null;
