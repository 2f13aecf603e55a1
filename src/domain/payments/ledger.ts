import type { LedgerAccount, PostingLine } from './facts.ts';

/** Money from one account to another: the one it comes to is debited. */
const transfer = (from: LedgerAccount, to: LedgerAccount, amountMinor: number, currency: string): PostingLine[] => [
  { account: to, amountMinor, currency },
  { account: from, amountMinor: -amountMinor, currency },
];

/** The gateway took money from a patient. */
export const capturedPostings = (amountMinor: number, currency: string): PostingLine[] =>
  transfer('patient_prepaid', 'gateway_clearing', amountMinor, currency);

/** What a patient paid for is over: what is not given back is earned. */
export const earnedPostings = (amountMinor: number, currency: string): PostingLine[] =>
  transfer('clinic_revenue', 'patient_prepaid', amountMinor, currency);

/** Money is to be given back: of what is not earned yet, or of what was. */
export const refundOwedPostings = (amountMinor: number, currency: string, isEarned: boolean): PostingLine[] =>
  transfer('refunds_payable', isEarned ? 'clinic_revenue' : 'patient_prepaid', amountMinor, currency);

/** The gateway gave money back. */
export const refundedPostings = (amountMinor: number, currency: string): PostingLine[] =>
  transfer('gateway_clearing', 'refunds_payable', amountMinor, currency);

/** Whether postings come to zero in each currency, with none of nothing. */
export const isBalanced = (postings: readonly PostingLine[]): boolean => {
  const sums = new Map<string, number>();
  for (const { currency, amountMinor } of postings) sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  return postings.every(({ amountMinor }) => Number.isSafeInteger(amountMinor) && amountMinor !== 0)
    ? [...sums.values()].every((sum) => sum === 0)
    : false;
};
