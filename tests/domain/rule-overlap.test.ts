import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlaps } from '../../src/domain/interval.ts';
import { addDays, datesBetween, isoWeekday } from '../../src/domain/local-date.ts';
import { overlappingRules, windowMinutes } from '../../src/domain/rule-overlap.ts';
import type { WeeklyRule } from '../../src/domain/schedule.ts';
import { on, weekly } from '../support/schedules.ts';

describe('rules that cover the same time', () => {
  test('[SL20] on one weekday; touching is not overlapping', () => {
    expect(overlappingRules([weekly(1, '09:00', '12:00'), weekly(2, '09:00', '12:00')])).toBeNull();
    expect(overlappingRules([weekly(1, '09:00', '12:00'), weekly(1, '12:00', '14:00')])).toBeNull();
    expect(
      overlappingRules([weekly(3, '09:00', '12:00'), weekly(1, '09:00', '12:00'), weekly(1, '11:59', '14:00')]),
    ).toEqual([1, 2]);
  });

  test('[SL20] across midnight, also from Sunday to Monday', () => {
    expect(overlappingRules([weekly(5, '22:00', '02:00'), weekly(6, '01:00', '03:00')])).toEqual([0, 1]);
    expect(overlappingRules([weekly(1, '01:00', '03:00'), weekly(7, '22:00', '02:00')])).toEqual([0, 1]);
    expect(overlappingRules([weekly(7, '22:00', '02:00'), weekly(1, '02:00', '03:00')])).toBeNull();
    expect(overlappingRules([weekly(7, '12:00', '12:00'), weekly(1, '12:00', '12:00')])).toBeNull();
  });

  test('[SL20] only while both are effective', () => {
    const summer = weekly(1, '09:00', '12:00', { effectiveUntil: on('2026-08-31') }); // a Monday
    const later = (date: string) => weekly(1, '10:00', '12:00', { effectiveFrom: on(date) });
    expect(overlappingRules([summer, later('2026-09-01')])).toBeNull();
    expect(overlappingRules([summer, later('2026-08-31')])).toEqual([0, 1]);
    // Both are effective from Tuesday to Sunday, when neither has a window.
    const early = weekly(1, '09:00', '12:00', { effectiveUntil: on('2026-08-30') });
    expect(overlappingRules([early, later('2026-08-25')])).toBeNull();
  });

  test('[SL20] a last night reaches into the first morning', () => {
    const nights = weekly(7, '22:00', '06:00', { effectiveUntil: on('2026-06-07') });
    const mornings = (from: string) => weekly(1, '05:00', '08:00', { effectiveFrom: on(from) });
    expect(overlappingRules([nights, mornings('2026-06-08')])).toEqual([0, 1]);
    expect(overlappingRules([nights, mornings('2026-06-09')])).toBeNull();
  });

  test('[SL20] agrees with looking at every date', () => {
    const rule = fc
      .record({
        weekday: fc.integer({ min: 1, max: 7 }),
        start: fc.integer({ min: 0, max: 23 }),
        end: fc.integer({ min: 0, max: 23 }),
        from: fc.option(fc.integer({ min: 0, max: 20 })),
        days: fc.option(fc.integer({ min: 0, max: 14 })),
      })
      .map(({ weekday, start, end, from, days }) =>
        weekly(weekday, `${String(start).padStart(2, '0')}:00`, `${String(end).padStart(2, '0')}:00`, {
          effectiveFrom: from === null ? null : addDays(on('2026-06-01'), from),
          effectiveUntil: days === null ? null : addDays(on('2026-06-01'), (from ?? 0) + days),
        }),
      );
    fc.assert(
      fc.property(rule, rule, (a, b) => {
        const found = windows(a).some((one) => windows(b).some((other) => overlaps(one, other)));
        expect(overlappingRules([a, b])).toEqual(found ? [0, 1] : null);
      }),
      { numRuns: 500 },
    );
  });
});

test('a window lasts up to a whole day', () => {
  expect(windowMinutes('09:00', '12:30')).toBe(210);
  expect(windowMinutes('22:00', '01:00')).toBe(180);
  expect(windowMinutes('08:00', '08:00')).toBe(1440);
});

/** Every window of a rule in two months, in a zone without clock changes. */
const windows = (rule: WeeklyRule) =>
  datesBetween(on('2026-05-20'), on('2026-07-20'))
    .filter((date) => isoWeekday(date) === rule.weekday)
    .filter((date) => (rule.effectiveFrom ?? date) <= date && date <= (rule.effectiveUntil ?? date))
    .map((date) => {
      const startsAtMs = Date.parse(`${date}T${rule.start}Z`);
      return { startsAtMs, endsAtMs: startsAtMs + windowMinutes(rule.start, rule.end) * 60_000 };
    });
