import fc from 'fast-check';
import { expect, test } from 'vitest';
import { take } from '../../src/domain/sliding-window.ts';

test('[ED11] never lets more through in any period than the limit, wherever the period begins', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 120 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 6 }), (gaps, limit) => {
      const periodMs = 100;
      const through: number[] = [];
      let [nowMs, times] = [1_000, [] as readonly number[]];
      for (const gap of gaps) {
        nowMs += gap;
        const taken = take(times, limit, periodMs, nowMs);
        times = taken.times;
        if (taken.ok) through.push(nowMs);
        const inPeriod = through.filter((time) => time > nowMs - periodMs).length;
        expect(inPeriod).toBeLessThanOrEqual(limit);
        expect(taken.remaining).toBe(limit - inPeriod);
        // Who waits as long as they are told gets through, and not a moment before.
        if (taken.remaining > 0) continue;
        expect(take(times, limit, periodMs, nowMs + taken.resetMs).ok).toBe(true);
        expect(take(times, limit, periodMs, nowMs + taken.resetMs - 1).ok).toBe(false);
      }
    }),
  );
});

test('[ED11] keeps nobody out when the clock is set back', () => {
  const { times } = take([], 1, 1_000, 50_000);
  expect(take(times, 1, 1_000, 40_000).ok).toBe(true);
});
