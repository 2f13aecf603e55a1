import { asked, wanted } from '../api.ts';
import type { Visit } from '../visit.tsx';

/** A place that a search may be about. */
export interface Place {
  readonly id: string;
  readonly name: string;
  /** What it lies in, the smallest first: `Dhaka, Bangladesh`. */
  readonly within: string;
}

type Found = { id: string; name: string; localName: string | null };

const nameOf = ({ name, localName }: Found, visit: Visit): string =>
  visit.reader.locale === 'bn' ? (localName ?? name) : name;

const placeOf = (found: Found & { within: Found[] }, visit: Visit): Place => ({
  id: found.id,
  name: nameOf(found, visit),
  within: found.within
    .map((one) => nameOf(one, visit))
    .reverse()
    .join(', '),
});

/** The place of an id; `null` when there is none. */
export const placeBy = async (visit: Visit, id: string): Promise<Place | null> => {
  const found = await asked(visit.api.locations[':id'].$get({ param: { id } }));
  return found.ok ? placeOf(found.value, visit) : null;
};

/** Places whose names begin so, the larger ones first. */
export const placesLike = async (visit: Visit, typed: string, limit: number): Promise<Place[]> => {
  const { items } = await wanted(visit.api.locations.$get({ query: { q: typed, limit: String(limit) } }));
  return items.map((item) => placeOf(item, visit));
};
