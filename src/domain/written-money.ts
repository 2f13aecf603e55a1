import type { Money } from './schedule.ts';

/** The digits of a currency after the point (ISO 4217): 2 of most, 0 of JPY, 3 of BHD. */
const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** An amount for people: its currency by code, and the number with its point: `BDT 1,500.00`. */
export const writtenMoney = ({ amount, currency }: Money): string => {
  const digits = minorDigits(currency);
  const number = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${currency} ${number.format(amount / 10 ** digits)}`;
};
