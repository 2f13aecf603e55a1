/**
 * How long a Retry-After asks to wait, ms: seconds or an HTTP date (RFC 9110, 10.2.3). 0 for none, one that is over, and
 * one that is not understood.
 */
export const retryAfterMs = (value: string | null, nowMs: number): number => {
  if (value === null) return 0;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Every HTTP date begins with the name of a day; `Date.parse` alone would take `2026` and `-5` for dates.
  const atMs = /^[A-Z][a-z]+, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - nowMs);
};
