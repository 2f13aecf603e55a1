/** How often a job runs. All by UTC; those of the day or more seldom at 02:23, weekly on Sundays, monthly on the 1st. */
export const cadences = ['minute', 'five_minutes', 'day', 'week', 'month'] as const;
export type Cadence = (typeof cadences)[number];

const minuteMs = 60_000;
const dayMs = 86_400_000;
const nightlyMs = (2 * 60 + 23) * minuteMs;
const lastRetryMs = 6 * 60 * minuteMs;

/** When a job that runs so often is due next, strictly after an instant, ms. */
export const nextDueMs = (cadence: Cadence, afterMs: number): number => {
  switch (cadence) {
    case 'minute':
      return after(afterMs, minuteMs);
    case 'five_minutes':
      return after(afterMs, 5 * minuteMs);
    case 'day':
      return after(afterMs - nightlyMs, dayMs) + nightlyMs;
    case 'week': {
      const next = nextDueMs('day', afterMs);
      return next + ((7 - new Date(next).getUTCDay()) % 7) * dayMs;
    }
    case 'month': {
      const at = new Date(afterMs);
      const first = (month: number): number => Date.UTC(at.getUTCFullYear(), month, 1) + nightlyMs;
      const here = first(at.getUTCMonth());
      return here > afterMs ? here : first(at.getUTCMonth() + 1);
    }
  }
};

const after = (ms: number, step: number): number => (Math.floor(ms / step) + 1) * step;

/**
 * When a job is tried again that has failed, ms: at its next turn, or before it after five minutes, ten and so on up to
 * six hours.
 *
 * @param failures how many runs in a row have failed, from 1
 */
export const retryDueMs = (cadence: Cadence, failures: number, nowMs: number): number =>
  Math.min(nextDueMs(cadence, nowMs), nowMs + Math.min(lastRetryMs, 5 * minuteMs * 2 ** (failures - 1)));

/**
 * Whether the latest failure is one to call somebody for: the first of a nightly job, the third in a row of what comes by
 * the minute, which an outage of moments fails too; and while it goes on, once a day.
 *
 * @param failures how many runs in a row have failed, from 1
 */
export const isAlarming = (cadence: Cadence, failures: number): boolean => {
  const [first, perDay] = alarms[cadence];
  return failures >= first && (failures - first) % perDay === 0;
};

const alarms: Readonly<Record<Cadence, readonly [first: number, perDay: number]>> = {
  minute: [3, 1440],
  five_minutes: [2, 288],
  day: [1, 4],
  week: [1, 4],
  month: [1, 4],
};
