import { type Refusal, refusal } from '../refusal.ts';

/** The statuses of a visit that both sides agreed on and that was not called off. */
export const agreedStatuses = ['confirmed', 'completed'] as const;

/**
 * Why nothing is written of a visit at `nowMs`: `invalid_transition` when it was not agreed on or did not take place,
 * `too_early` until it begins; `null` once it has begun. To have checked in early is not to have begun.
 */
export const whyNotBegun = (
  { status, startsAtMs }: { readonly status: string; readonly startsAtMs: number },
  nowMs: number,
): Refusal | null => {
  if (!agreedStatuses.some((agreed) => agreed === status)) return refusal('invalid_transition');
  return startsAtMs > nowMs ? refusal('too_early') : null;
};
