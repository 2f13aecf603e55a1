import type { DayKey } from '../ids.ts';
import type { Refusal } from '../refusal.ts';
import type { Result } from '../result.ts';
import type { AppointmentView } from './view.ts';

/** A request's Idempotency-Key, with the fingerprint of the request it came with. */
export interface RequestKey {
  readonly key: string;
  readonly fingerprint: string;
}

/** A day's reply: an answer, or where the appointment is now, or that it knows nothing of it. */
export type Reply =
  | { readonly kind: 'answer'; readonly result: Result<AppointmentView, Refusal> }
  | { readonly kind: 'elsewhere'; readonly day: DayKey }
  | { readonly kind: 'unknown' };
