import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import type { AppEnv } from '../../http/context.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { answer, createRoute, refusing, router } from '../../http/route.ts';
import { listed } from './listing.ts';
import { doctorItemSchema, type SearchQuery, searchQuerySchema } from './schema.ts';
import { type SearchPosition, search } from './search.ts';

const searchRoute = <Path extends string>(path: Path) =>
  createRoute({
    method: 'get',
    path,
    summary: 'Find doctors',
    description: 'Verified doctors who meet every condition.',
    tags: ['Doctors'],
    request: { query: searchQuerySchema },
    responses: { 200: answer(pageSchema(doctorItemSchema), 'A page of doctors.'), ...refusing() },
  });

const positionSchema = (sort: SearchQuery['sort']): z.ZodType<SearchPosition> =>
  z.strictObject({ sort: z.literal(sort), key: sort === 'name' ? z.string() : z.int(), id: z.string() });

const found = async (c: Context<AppEnv>, query: SearchQuery) => {
  const nowMs = Date.now();
  const db = database(c.env.DB);
  const rows = await search(db, query, readCursor(query.cursor, positionSchema(query.sort)), nowMs);
  const cut = page(
    rows,
    query.limit,
    (row) => row,
    ({ id, sortKey }) => ({ sort: query.sort, key: sortKey, id }),
  );
  return { items: await listed(db, cut.items, nowMs), nextCursor: cut.nextCursor };
};

export const searchRoutes = router()
  .openapi(searchRoute('/doctors'), async (c) => c.json(await found(c, c.req.valid('query')), 200))
  .openapi(searchRoute('/doctors/search'), async (c) => c.json(await found(c, c.req.valid('query')), 200));
