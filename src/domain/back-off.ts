const firstMs = 10_000;
const longestMs = 3_600_000;
/** A queue holds a message back for twelve hours at most, and a sick provider shall not hold one for longer. */
const longestAskedMs = 12 * 3_600_000;

/**
 * How long to wait after an attempt that failed, ms: 10 s after the first, twice as long after each, an hour at most; up
 * to half as much again, so that what failed together does not come back together; never less than the provider asked
 * for, as far as that is within twelve hours.
 *
 * @param attempts how many there were, from 1
 * @param random from 0 up to 1
 * @param retryAfterMs what the provider asked for; 0 when it asked for nothing
 */
export const backOffMs = (attempts: number, random: number, retryAfterMs = 0): number => {
  const plainMs = Math.min(longestMs, firstMs * 2 ** (attempts - 1));
  return Math.max(Math.round(plainMs * (1 + random / 2)), Math.min(retryAfterMs, longestAskedMs));
};

/** How long a queue holds back a notice whose consumer failed, s: 2 after the first attempt, twice as long after each, 300 at most. */
export const noticeDelaySeconds = (attempts: number): number => Math.min(300, 2 ** attempts);
