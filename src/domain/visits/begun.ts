import { type Refusal, refusal } from '../refusal.ts';

/** The statuses of a visit that both sides agreed on and that was not called off. */
export const agreedStatuses = ['confirmed', 'completed'] as const;

/** That a patient was called in: to which doctor, for which start, Unix ms. After a move to another it counts for nothing. */
export interface Call {
  readonly doctorId: string;
  readonly startsAtMs: number;
}

/** What is known of the patient having been called in: for what last, not at all, or `unknown` while D1 is out of reach. */
export type KnownCall = Call | 'unknown' | null;

/** Whether a call was for a visit as it is now. */
export const isCallFor = (call: KnownCall, visit: Call): boolean =>
  call !== null && call !== 'unknown' && call.doctorId === visit.doctorId && call.startsAtMs === visit.startsAtMs;

/**
 * Why nothing is written of a visit at `nowMs`: `invalid_transition` when it was not agreed on or did not take place,
 * `too_early` until it begins, at its start or as its patient is called in; `null` once it has begun. To have checked in
 * early is not to have begun.
 */
export const whyNotBegun = (
  {
    status,
    startsAtMs,
    isCalledIn,
  }: { readonly status: string; readonly startsAtMs: number; readonly isCalledIn: boolean },
  nowMs: number,
): Refusal | null => {
  if (!agreedStatuses.some((agreed) => agreed === status)) {
    return refusal('invalid_transition', `The appointment is ${status}.`);
  }
  return status === 'completed' || isCalledIn || startsAtMs <= nowMs ? null : refusal('too_early');
};
