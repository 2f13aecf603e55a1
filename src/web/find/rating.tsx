import { Icon } from '../components/icon.tsx';
import { numberText } from '../money-and-time.ts';
import type { Visit } from '../visit.tsx';
import { findWords } from './words.ts';

/** What patients think of a doctor, in stars and in how many; nothing until there are reviews. */
export const Rating = ({
  visit,
  rating,
  reviewCount,
}: {
  readonly visit: Visit;
  readonly rating: number | null;
  readonly reviewCount: number;
}) => {
  const { reader, words } = visit;
  if (rating === null) return null;
  const stars = numberText(rating, reader.locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  return (
    <span class="rating">
      <Icon name="star" />
      <span aria-hidden="true">{stars}</span>
      <span class="unseen">{words.stars(stars)}</span>{' '}
      <span class="soft">({findWords[reader.locale].reviews.count(reviewCount)})</span>
    </span>
  );
};
