import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, type Interval, isEmpty, overlaps, subtract } from '../../src/domain/interval.ts';

const at = (startsAtMs: number, endsAtMs: number): Interval => ({ startsAtMs, endsAtMs });
const interval = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20 }))
  .map(([s, n]) => at(s, s + n));

describe('half-open intervals', () => {
  test('those that touch do not overlap', () => {
    expect(overlaps(at(0, 10), at(10, 20))).toBe(false);
    expect(overlaps(at(0, 10), at(9, 20))).toBe(true);
  });

  test('an empty interval overlaps nothing and lies in everything', () => {
    expect(overlaps(at(5, 5), at(0, 10))).toBe(false);
    expect(contains(at(0, 1), at(5, 5))).toBe(true);
    expect(isEmpty(at(5, 5))).toBe(true);
  });

  test('subtracting leaves the pieces around the holes', () => {
    expect(subtract(at(0, 100), [at(60, 70), at(10, 20), at(15, 30), at(90, 200)])).toEqual([
      at(0, 10),
      at(30, 60),
      at(70, 90),
    ]);
    expect(subtract(at(0, 10), [at(0, 10)])).toEqual([]);
    expect(subtract(at(0, 10), [at(5, 5)])).toEqual([at(0, 10)]);
  });

  test('subtracting keeps exactly the instants that are in no hole', () => {
    fc.assert(
      fc.property(interval, fc.array(interval, { maxLength: 6 }), (from, holes) => {
        const pieces = subtract(from, holes);
        for (let t = 0; t < 80; t += 1) {
          const instant = at(t, t + 1);
          const kept = contains(from, instant) && !holes.some((hole) => overlaps(hole, instant));
          expect(pieces.some((piece) => contains(piece, instant))).toBe(kept);
        }
        expect(pieces.every((piece) => !isEmpty(piece))).toBe(true);
      }),
    );
  });
});
