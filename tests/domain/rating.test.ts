import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ratingMilli, ratingStars } from '../../src/domain/rating.ts';

it('[RV7] a rating is the mean of the reviews and of ten more of 4 stars', () => {
  expect(ratingMilli(0, 0)).toBeNull();
  expect(ratingStars(null)).toBeNull();
  for (const [count, sum, milli, shown] of [
    [1, 5, 4091, 4.09],
    [1, 1, 3727, 3.73],
    [100, 480, 4727, 4.73],
    [10, 50, 4500, 4.5],
    [1_000_000, 5_000_000, 5000, 5],
  ] as const) {
    expect(ratingMilli(count, sum), `${count} reviews`).toBe(milli);
    expect(ratingStars(milli)).toBe(shown);
  }
});

it('[RV7] it lies within the stars, rises with each star, and nears the plain mean as reviews come in', () => {
  const reviews = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 500 });
  fc.assert(
    fc.property(reviews, (stars) => {
      const sum = stars.reduce((total, one) => total + one, 0);
      const milli = ratingMilli(stars.length, sum) as number;
      expect(milli).toBeGreaterThanOrEqual(1000);
      expect(milli).toBeLessThanOrEqual(5000);
      expect(ratingMilli(stars.length, sum + 1)).toBeGreaterThan(milli);
      const mean = sum / stars.length;
      expect(Math.abs(milli / 1000 - mean)).toBeLessThanOrEqual((3 * 10) / (stars.length + 10) + 0.001);
    }),
  );
});
