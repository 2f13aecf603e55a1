import { describe, expect, it } from 'vitest';
import type { LocalDate } from '../../src/domain/local-date.ts';
import { type Span, spansMeet } from '../../src/domain/span-overlap.ts';

const on = (from: string, to: string, hours: string | null): Span => {
  const [start = null, end = null] = hours?.split('-') ?? [];
  return { from: from as LocalDate, to: to as LocalDate, start, end };
};

describe('sessions and absences', () => {
  it.each([
    [on('2026-12-01', '2026-12-01', '08:00-09:00'), on('2026-12-01', '2026-12-01', '08:59-10:00'), true],
    [on('2026-12-01', '2026-12-01', '08:00-09:00'), on('2026-12-01', '2026-12-01', '09:00-10:00'), false],
    [on('2026-12-01', '2026-12-01', '08:00-09:00'), on('2026-12-02', '2026-12-02', '08:00-09:00'), false],
    // Over midnight into the other's date.
    [on('2026-12-01', '2026-12-01', '22:00-02:00'), on('2026-12-02', '2026-12-02', '01:00-03:00'), true],
    [on('2026-12-01', '2026-12-01', '22:00-01:00'), on('2026-12-02', '2026-12-02', '01:00-03:00'), false],
    [on('2026-12-01', '2026-12-03', null), on('2026-12-03', '2026-12-09', null), true],
    [on('2026-12-01', '2026-12-03', null), on('2026-12-04', '2026-12-09', null), false],
    [on('2026-12-01', '2026-12-09', '10:00-11:00'), on('2026-12-04', '2026-12-04', '10:30-12:00'), true],
    [on('2026-12-01', '2026-12-09', '10:00-11:00'), on('2026-12-04', '2026-12-04', '11:00-12:00'), false],
    [on('2026-12-01', '2026-12-01', null), on('2026-11-30', '2026-11-30', '23:00-00:30'), true],
  ])('[SL40] %j and %j meet: %s, whichever is asked first', (a, b, expected) => {
    expect([spansMeet(a, b), spansMeet(b, a)]).toEqual([expected, expected]);
  });
});
