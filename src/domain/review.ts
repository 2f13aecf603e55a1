import type { Status } from './doctor-day/appointment.ts';
import { type Refusal, refusal } from './refusal.ts';

const dayMs = 86_400_000;

/** For so long after a visit has ended it can be reviewed, ms. */
const reviewWindowMs = 90 * dayMs;
/** For so long after it was written a review can be changed, ms. */
const editWindowMs = 14 * dayMs;
/** Characters of a review, and of the doctor's answer. */
export const maxReviewLength = 2_000;

/** Why a visit cannot be reviewed at `nowMs`; `null` when it can. Both ends of the window are included. */
export const whyNotReviewed = (
  visit: { readonly status: Status; readonly endsAtMs: number },
  nowMs: number,
): Refusal | null => {
  if (visit.status !== 'completed') return refusal('not_visited');
  return nowMs > visit.endsAtMs + reviewWindowMs ? refusal('review_window_over') : null;
};

/** Whether a review can still be changed at `nowMs`: it was written no longer ago than that, and not withdrawn. */
export const canEdit = (
  review: { readonly createdAtMs: number; readonly withdrawnAtMs: number | null },
  nowMs: number,
): boolean => review.withdrawnAtMs === null && nowMs <= review.createdAtMs + editWindowMs;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** All that readers see of an author who shows a name: the first word, and the initial of the last. */
export const shownName = (fullName: string): string => {
  const words = fullName.trim().split(/\s+/u);
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  const [initial] = graphemes.segment(last);
  return initial === undefined ? first : `${first} ${initial.segment}.`;
};
