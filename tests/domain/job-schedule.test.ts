import { describe, expect, test } from 'vitest';
import { cadences, isAlarming, nextDueMs, retryDueMs } from '../../src/domain/job-schedule.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const next = (cadence: (typeof cadences)[number], after: string): string =>
  new Date(nextDueMs(cadence, at(after))).toISOString().slice(0, 16);

describe('when a job is due next', () => {
  test.each([
    ['minute', '2026-11-21T09:00:00', '2026-11-21T09:01'],
    ['minute', '2026-11-21T09:00:59.999', '2026-11-21T09:01'],
    ['five_minutes', '2026-11-21T09:00:00', '2026-11-21T09:05'],
    ['five_minutes', '2026-11-21T09:04:59', '2026-11-21T09:05'],
    ['day', '2026-11-21T02:22:59', '2026-11-21T02:23'],
    ['day', '2026-11-21T02:23:00', '2026-11-22T02:23'],
    ['day', '2026-12-31T23:00:00', '2027-01-01T02:23'],
    // 22 November 2026 is a Sunday.
    ['week', '2026-11-21T09:00:00', '2026-11-22T02:23'],
    ['week', '2026-11-22T02:22:00', '2026-11-22T02:23'],
    ['week', '2026-11-22T02:23:00', '2026-11-29T02:23'],
    ['week', '2026-11-23T00:00:00', '2026-11-29T02:23'],
    ['month', '2026-11-01T02:22:00', '2026-11-01T02:23'],
    ['month', '2026-11-01T02:23:00', '2026-12-01T02:23'],
    ['month', '2026-12-15T00:00:00', '2027-01-01T02:23'],
    ['month', '2028-01-31T12:00:00', '2028-02-01T02:23'],
  ] as const)('[JB1] a job of the %s, after %s: at %s', (cadence, after, due) => {
    expect(next(cadence, after)).toBe(due);
  });

  test('[JB1] it is always later, and never by more than its turn', () => {
    const longest = { minute: 1, five_minutes: 5, day: 1_440, week: 10_080, month: 31 * 1_440 };
    for (let ms = at('2026-01-01T00:00:00'); ms < at('2027-02-01T00:00:00'); ms += 13_717_171) {
      for (const cadence of cadences) {
        const wait = nextDueMs(cadence, ms) - ms;
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(longest[cadence] * 60_000);
      }
    }
  });
});

describe('a job that failed', () => {
  const nowMs = at('2026-11-21T02:24:00');
  const waits = (cadence: (typeof cadences)[number]): number[] =>
    [1, 2, 3, 8, 50].map((failures) => (retryDueMs(cadence, failures, nowMs) - nowMs) / 60_000);

  test('[JB5] is tried again after five minutes, ten and so on up to six hours, and never after its next turn', () => {
    expect(waits('day')).toEqual([5, 10, 20, 360, 360]);
    expect(waits('minute')).toEqual([1, 1, 1, 1, 1]);
    expect(waits('five_minutes')).toEqual([1, 1, 1, 1, 1]);
    expect(retryDueMs('day', 9, at('2026-11-22T01:00:00'))).toBe(at('2026-11-22T02:23:00'));
  });

  test('[JB7] is raised at the first failure of a night, at a later one of what runs by the minute, and once a day', () => {
    const raised = (cadence: (typeof cadences)[number]): number[] =>
      Array.from({ length: 1_500 }, (_, i) => i + 1).filter((failures) => isAlarming(cadence, failures));
    expect(raised('minute')).toEqual([3, 1_443]);
    expect(raised('five_minutes').slice(0, 3)).toEqual([2, 290, 578]);
    expect(raised('day').slice(0, 3)).toEqual([1, 5, 9]);
  });
});
