import { type Refusal, refusal } from '../refusal.ts';

/** The statuses of a visit that both sides agreed on and that was not called off. */
export const agreedStatuses = ['confirmed', 'completed'] as const;

/** When a visit is to begin, and whether it does earlier. */
export interface Begins {
  readonly startsAtMs: number;
  /** The start for which its patient was called in; `null` while they were not. For another start it counts for nothing. */
  readonly calledForMs: number | null;
}

/** Whether a visit has begun at `nowMs`: at its start, or as its patient was called in. To have checked in is not enough. */
export const hasBegun = ({ startsAtMs, calledForMs }: Begins, nowMs: number): boolean =>
  startsAtMs <= nowMs || calledForMs === startsAtMs;

/**
 * Why nothing is written of a visit at `nowMs`: `invalid_transition` when it was not agreed on or did not take place,
 * `too_early` until it begins; `null` once it has begun.
 */
export const whyNotBegun = (visit: Begins & { readonly status: string }, nowMs: number): Refusal | null => {
  if (!agreedStatuses.some((agreed) => agreed === visit.status)) {
    return refusal('invalid_transition', `The appointment is ${visit.status}.`);
  }
  return visit.status === 'completed' || hasBegun(visit, nowMs) ? null : refusal('too_early');
};
