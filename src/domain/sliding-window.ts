/** What became of asking for one more. */
export interface Taken {
  readonly ok: boolean;
  /** How many more may follow at once. */
  readonly remaining: number;
  /** Until at least one more may follow, or, while some are left, until the oldest is forgotten; ms. */
  readonly resetMs: number;
  /** The instants that still count, oldest first; ms. */
  readonly times: readonly number[];
}

/**
 * One more of at most `limit` in any `periodMs`, exactly: not in a window that begins anew, in which twice as many could
 * come round its beginning. An instant stops counting `periodMs` after it.
 *
 * @param times when the earlier ones were, oldest first, ms
 */
export const take = (times: readonly number[], limit: number, periodMs: number, nowMs: number): Taken => {
  // A clock that was set back must not keep anybody out for longer than the period.
  const counting = times.filter((time) => time > nowMs - periodMs && time <= nowMs);
  const ok = counting.length < limit;
  const after = ok ? [...counting, nowMs] : counting;
  const first = after[Math.max(0, after.length - limit)] ?? nowMs;
  return { ok, remaining: Math.max(0, limit - after.length), resetMs: first + periodMs - nowMs, times: after };
};
