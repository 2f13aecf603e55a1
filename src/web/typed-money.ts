import { minorDigits } from '../domain/written-money.ts';

/** How many decimals a currency has; two for what is none, which the API refuses. */
const decimalsOf = (currency: string): number => {
  try {
    return minorDigits(currency);
  } catch {
    return 2;
  }
};

/** Money as a field of numbers shows it: `1500` for 150000 minor units of a currency with two decimals. */
export const typedOf = ({ amount, currency }: { readonly amount: number; readonly currency: string }): string =>
  String(amount / 10 ** decimalsOf(currency));

/**
 * What a field of numbers says, in minor units of a currency. `NaN`, which the API refuses, for nothing, for no number and
 * for more decimals than the currency has.
 */
export const minorOf = (text: string, currency: string): number => {
  const decimals = decimalsOf(currency);
  const [, fraction = ''] = text.split('.');
  return text === '' || fraction.length > decimals ? Number.NaN : Math.round(Number(text) * 10 ** decimals);
};
