/**
 * What a doctor without reviews is taken for, and how many reviews that counts as. The column `doctors.rating_bayes_milli`
 * and its index repeat these numbers: they change together, in a migration.
 */
const ratingPrior = { meanStars: 4, reviews: 10 } as const;

/**
 * A doctor's rating in thousandths of a star: the mean of the reviews and of the prior's, rounded half up; `null` without
 * reviews. A Bayesian average: one review of five stars does not lead over a hundred of them that come to 4.8.
 */
export const ratingMilli = (count: number, sum: number): number | null => {
  if (count === 0) return null;
  const all = count + ratingPrior.reviews;
  return Math.floor((1000 * (sum + ratingPrior.meanStars * ratingPrior.reviews) + Math.floor(all / 2)) / all);
};

/** A rating as it is shown: in stars, to the hundredth. */
export const ratingStars = (milli: number | null): number | null =>
  milli === null ? null : Math.round(milli / 10) / 100;
