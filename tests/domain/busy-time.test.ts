import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { busyByDate, busyOn } from '../../src/domain/busy-time.ts';
import { type Interval, merged } from '../../src/domain/interval.ts';
import { addDays, datesBetween, type LocalDate } from '../../src/domain/local-date.ts';
import { planDays } from '../../src/domain/schedule-plan.ts';
import { instantOfWall } from '../../src/domain/zoned-time.ts';
import { daily, on, schedule } from '../support/schedules.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const from = on('2026-06-08');
const to = on('2026-06-10');

describe('busy times as they are stored', () => {
  test('[BI8] by UTC date, in whole minutes rounded outwards, over midnight', () => {
    const busy = [
      { startsAtMs: at('2026-06-08T09:00:30'), endsAtMs: at('2026-06-08T09:59:01') },
      { startsAtMs: at('2026-06-08T22:00'), endsAtMs: at('2026-06-10T01:00') },
    ];
    expect([...busyByDate(busy, from, to)]).toEqual([
      [
        '2026-06-08',
        [
          [540, 600],
          [1320, 1440],
        ],
      ],
      ['2026-06-09', [[0, 1440]]],
      ['2026-06-10', [[0, 60]]],
    ]);
  });

  test('[BI8] what lies outside is left out, and what holds no instant', () => {
    const busy = [
      { startsAtMs: at('2026-06-01T00:00'), endsAtMs: at('2026-06-08T00:10') },
      { startsAtMs: at('2026-06-09T09:00:30'), endsAtMs: at('2026-06-09T09:00:30') },
      { startsAtMs: at('2026-06-10T23:00'), endsAtMs: at('9999-06-11T01:00') },
    ];
    expect([...busyByDate(busy, from, to)]).toEqual([
      ['2026-06-08', [[0, 10]]],
      ['2026-06-10', [[1380, 1440]]],
    ]);
  });

  test('[BI8] a date keeps at most 240, whatever it is given', () => {
    const everyOtherMinute = Array.from({ length: 720 }, (_, i) => at('2026-06-08T00:00') + i * 120_000);
    const minute = everyOtherMinute.map((startsAtMs) => ({ startsAtMs, endsAtMs: startsAtMs + 60_000 }));
    expect(busyByDate(minute, from, to).get(from)).toHaveLength(1);
    const sparse = Array.from({ length: 1_440 }, (_, i) => at('2026-06-08T00:00') + i * 360_000);
    const apart = sparse.map((startsAtMs) => ({ startsAtMs, endsAtMs: startsAtMs + 60_000 }));
    expect(busyByDate(apart, from, to).get(from)).toHaveLength(240);
  });

  test('[BI1] [BI8] plan the same as the times themselves, whatever those are', () => {
    const interval: fc.Arbitrary<Interval> = fc
      .record({
        startsAtMs: fc.integer({ min: at('2026-06-07T00:00'), max: at('2026-06-12T00:00') }),
        lengthMs: fc.oneof(fc.integer({ min: 0, max: 600_000 }), fc.integer({ min: 0, max: 20_000_000 })),
      })
      .map(({ startsAtMs, lengthMs }) => ({ startsAtMs, endsAtMs: startsAtMs + lengthMs }));
    const slotMinutes = fc.constantFrom(5, 7, 30);
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 30 }), slotMinutes, (busy, minutes) => {
        const rules = daily('00:00', '00:00', { slotMinutes: minutes });
        const stored = [...busyByDate(busy, on('2026-06-01'), on('2026-06-20'))];
        const read = merged(stored.flatMap(([date, pieces]) => busyOn(date, pieces)));
        const plan = (times: readonly Interval[]) => [...planDays(schedule({ rules, busy: times }), from, to)];
        expect(plan(read)).toEqual(plan(busy));
      }),
      { numRuns: 200 },
    );
  });

  test('[BI1] a year full of them is planned in no time', () => {
    const last = addDays(from, 365);
    const busy = datesBetween(from, last).flatMap((date: LocalDate) =>
      Array.from({ length: 240 }, (_, i) => {
        const startsAtMs = at(`${date}T00:00`) + i * 360_000;
        return { startsAtMs, endsAtMs: startsAtMs + 60_000 };
      }),
    );
    const rules = daily('00:00', '00:00', { slotMinutes: 5 });
    const startedMs = performance.now();
    const planned = planDays(schedule({ rules, busy }), from, last);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(planned.size).toBe(366);
  });
});

describe('wall times as calendars mean them', () => {
  test.each([
    ['2026-03-29T00:59', '2026-03-29T00:59', 'before clocks go forward'],
    ['2026-03-29T01:30', '2026-03-29T01:30', 'skipped: with the offset from before, which is 02:30 on the clock'],
    ['2026-03-29T02:30', '2026-03-29T01:30', 'after'],
    ['2026-10-25T01:30', '2026-10-25T00:30', 'shown twice: the first'],
    ['2026-10-25T02:00', '2026-10-25T02:00', 'after clocks went back'],
  ])('[BI3] %s in London is %s UTC: %s', (wall, utc) => {
    expect(instantOfWall(at(wall), 'Europe/London')).toBe(at(utc));
  });
});
