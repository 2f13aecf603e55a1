import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addedUp,
  byPeriod,
  type DatedFigures,
  incomeOf,
  noFigures,
  periods,
  ratesOf,
  startOfPeriod,
} from '../../src/domain/figures.ts';
import { addDays, datesBetween, type LocalDate } from '../../src/domain/local-date.ts';

const on = (date: string, more: Partial<DatedFigures> = {}): DatedFigures => ({
  ...noFigures,
  date: date as LocalDate,
  currency: 'BDT',
  ...more,
});

describe('periods', () => {
  test('[FG6] weeks begin on Monday, months on the first, across the end of a year', () => {
    expect(startOfPeriod('2027-01-03' as LocalDate, 'week')).toBe('2026-12-28');
    expect(startOfPeriod('2026-12-28' as LocalDate, 'week')).toBe('2026-12-28');
    expect(startOfPeriod('2028-02-29' as LocalDate, 'month')).toBe('2028-02-01');
    const range = { from: '2026-12-30' as LocalDate, to: '2027-01-05' as LocalDate };
    expect(byPeriod([on('2027-01-04')], range, 'week').map(({ from, to, rows }) => [from, to, rows.length])).toEqual([
      ['2026-12-30', '2027-01-03', 0],
      ['2027-01-04', '2027-01-05', 1],
    ]);
  });

  test('[FG6] the periods of any range follow each other without a gap, and hold each row once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 6_000 }), fc.nat({ max: 400 }), fc.constantFrom(...periods), (first, days, by) => {
        const from = addDays('2000-01-01' as LocalDate, first);
        const to = addDays(from, days);
        const rows = datesBetween(from, to).map((date) => on(date, { booked: 1 }));
        const found = byPeriod(rows, { from, to }, by);
        expect(found[0]?.from).toBe(from);
        expect(found.at(-1)?.to).toBe(to);
        for (const [i, one] of found.entries()) {
          if (i > 0) expect(one.from).toBe(addDays((found[i - 1] as { to: LocalDate }).to, 1));
          expect(one.rows.map(({ date }) => date)).toEqual(datesBetween(one.from, one.to));
        }
      }),
    );
  });
});

test('[FG6] rates are shares of what there is, and null where there is nothing', () => {
  expect(ratesOf(noFigures)).toEqual({
    ...{ noShowRate: null, cancellationRate: null, fillRate: null, leadHours: null, stars: null },
  });
  const figures = addedUp([
    on('2026-11-02', { booked: 3, completed: 2, noShows: 1, filled: 3, offered: 8, leadMinutes: 100 }),
    on('2026-11-03', { booked: 3, cancelledByPatient: 1, cancelledByPractice: 1, reviews: 3, stars: 14 }),
  ]);
  expect(ratesOf(figures)).toEqual({
    ...{ noShowRate: 0.3333, cancellationRate: 0.3333, fillRate: 0.375, leadHours: 0.3, stars: 4.67 },
  });
});

test('[FG3] amounts of two currencies are never one', () => {
  const rows = [on('2026-11-02', { incomeMinor: 5 }), on('2026-11-02', { incomeMinor: 7, currency: 'AED' })];
  expect(incomeOf([...rows, on('2026-11-03', { incomeMinor: 1 }), on('2026-11-03', { currency: 'EUR' })])).toEqual([
    { currency: 'AED', amount: 7 },
    { currency: 'BDT', amount: 6 },
  ]);
});
