import { retryAfterMs } from '../domain/retry-after.ts';

/**
 * What came of an attempt to send. `why` is a fact in our own words: a provider's may quote a person's address.
 * `retryAfterMs` is how long the provider asked to wait, 0 when it did not.
 */
export type Outcome =
  | { readonly taken: true; readonly receipt: string | null }
  | { readonly taken: false; readonly forGood: true; readonly why: string }
  | { readonly taken: false; readonly forGood: false; readonly why: string; readonly retryAfterMs: number };

/** A provider has it now, and calls it `receipt`. */
export const taken = (receipt: string | null = null): Outcome => ({ taken: true, receipt });

/** It was refused, and would be refused again. */
export const refusedForGood = (why: string): Outcome => ({ taken: false, forGood: true, why });

/** It was not taken this time. */
export const notNow = (why: string, afterMs = 0): Outcome => ({
  taken: false,
  forGood: false,
  why,
  retryAfterMs: afterMs,
});

/**
 * What an HTTP status of a provider says that is not 2xx. Wrong credentials (401, 403) are the operator's to mend, so
 * they count as a failure that passes; any other 4xx is about the message, and will not change.
 */
export const outcomeOf = (status: number, headers: Headers, nowMs: number): Outcome => {
  const afterMs = retryAfterMs(headers.get('retry-after'), nowMs);
  if (status === 429) return notNow('rate_limited', afterMs);
  if (status === 401 || status === 403) return notNow('credentials_refused', afterMs);
  if (status === 408 || status === 425 || status >= 500 || status < 400) return notNow('provider_failed', afterMs);
  return refusedForGood('message_refused');
};

/** What an error says that kept an attempt from having an answer at all. */
export const outcomeOfError = (error: unknown): Outcome =>
  notNow(
    error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name)
      ? 'timed_out'
      : 'provider_unreachable',
  );
