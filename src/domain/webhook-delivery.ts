const seconds = 1_000;
const hours = 3_600_000;

/** Waits between attempts: about three days and a half in all. */
const waitsMs = [
  5 * seconds,
  60 * seconds,
  300 * seconds,
  0.5 * hours,
  2 * hours,
  5 * hours,
  10 * hours,
  16 * hours,
  24 * hours,
  24 * hours,
] as const;

/** An endpoint may ask for so much patience at most. */
const longestAskedMs = 24 * hours;

/** An endpoint that has taken nothing for so long is switched off. */
export const maxFailingMs = 72 * hours;

/**
 * How long to wait before the next attempt, ms: up to a fifth more by chance, so that what failed together does not come
 * back together, and not less than was asked for. `null`: it is given up.
 *
 * @param attempts how many there were, from 1
 * @param random from 0 up to 1
 * @param retryAfterMs what the endpoint asked for; 0 when nothing
 */
export const nextAttemptMs = (attempts: number, random: number, retryAfterMs: number): number | null => {
  const waitMs = waitsMs[attempts - 1];
  if (waitMs === undefined) return null;
  return Math.max(Math.round(waitMs * (1 + random / 5)), Math.min(retryAfterMs, longestAskedMs));
};

/** Whether an endpoint that has failed since then is to be switched off. */
export const isDead = (failingSinceMs: number | null, nowMs: number): boolean =>
  failingSinceMs !== null && nowMs - failingSinceMs >= maxFailingMs;
