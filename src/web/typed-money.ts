import { minorDigits, minorUnitsWith } from '../domain/written-money.ts';

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

/** What a field says of money, in minor units of a currency; less than nothing, which the API refuses, for what is none. */
export const minorOf = (text: string, currency: string): number => minorUnitsWith(text, decimalsOf(currency)) ?? -1;
