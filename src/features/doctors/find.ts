import type { z } from '@hono/zod-openapi';
import { database } from '../../db/client.ts';
import { pathOf } from '../../db/clinic-listing.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';
import { page } from '../../http/pagination.ts';
import { meant } from './corrections.ts';
import { type Asked, askedOf, facetsOf, wordsOf } from './facets.ts';
import { listed } from './listing.ts';
import { kmOf } from './nearness.ts';
import type { foundPageSchema, SearchQuery } from './schema.ts';
import { type Found, pointsOf, type SearchPosition, search } from './search.ts';

/**
 * A page of the doctors that a query finds. Where the words find nobody, words that are a slip or two away are looked
 * for as well, and the answer says which. Refuses with `unknown_location`.
 */
export const findDoctors = async (
  env: Env,
  query: SearchQuery,
  after: SearchPosition | null,
  nowMs: number,
): Promise<Result<z.input<typeof foundPageSchema>, Refusal>> => {
  const db = database(env.DB);
  const path = query.locationId === undefined ? null : await pathOf(db, query.locationId);
  if (query.locationId !== undefined && path === null) return refused(refusal('unknown_location'));
  let asked: Asked = askedOf(query, path);
  const widened = async () => ({ ...asked, words: await meant(db, wordsOf(query)) });
  if (after?.meant === true) asked = await widened();
  let result = await search(db, asked, facetsOf(asked, nowMs), after, nowMs);
  if (result.rows.length === 0 && after === null && asked.words.length > 0) {
    const other = await widened();
    if (other.words.some((word) => word.meant.length > 0)) {
      asked = other;
      result = await search(db, asked, facetsOf(asked, nowMs), null, nowMs);
    }
  }
  const corrections = asked.words.filter((word) => word.meant.length > 0);
  const position = ({ id, sortKey }: Found): SearchPosition => ({
    ...{ sort: query.sort, key: sortKey, id },
    ...(corrections.length > 0 ? { meant: true } : {}),
    ...(result.wide ? { wide: true } : {}),
  });
  const cut = page(result.rows, query.limit, (row) => row, position);
  const items = await listed(db, cut.items, nowMs);
  return ok({
    items: items.map((item, i) => ({ ...item, ...keysOf(query.sort, cut.items[i]?.sortKey ?? 0) })),
    nextCursor: cut.nextCursor,
    corrections: corrections.map(({ text, meant: words }) => ({ word: text, meant: [...words] })),
  });
};

const keysOf = (sort: SearchQuery['sort'], key: string | number) => ({
  distanceKm: sort === 'distance' ? kmOf(Number(key)) : null,
  relevance: sort === 'relevance' ? pointsOf(key) : null,
});
