import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs } from '../../src/domain/back-off.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test('[MS4] waits twice as long each time, an hour at most', () => {
  expect([1, 2, 3, 7, 8, 9, 10, 100].map((attempts) => backOffMs(attempts, 0))).toEqual([
    ...[10_000, 20_000, 40_000, 640_000, 1_280_000, 2_560_000, hourMs, hourMs],
  ]);
});

test('[MS4] waits up to half as long again, never shorter, and as long as was asked for up to twelve hours', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 0, max: 100 * hourMs }),
      (attempts, random, askedMs) => {
        const plainMs = backOffMs(attempts, 0);
        const delayMs = backOffMs(attempts, random, askedMs);
        expect(delayMs).toBeGreaterThanOrEqual(Math.min(askedMs, 12 * hourMs));
        expect(delayMs).toBeGreaterThanOrEqual(plainMs);
        expect(delayMs).toBeLessThanOrEqual(Math.max(plainMs * 1.5, Math.min(askedMs, 12 * hourMs)));
      },
    ),
  );
});
