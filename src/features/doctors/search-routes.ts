import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../http/context.ts';
import { keptAtEdge } from '../../http/edge-cache.ts';
import { readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, createRoute, refusing, router } from '../../http/route.ts';
import { findDoctors } from './find.ts';
import { foundPageSchema, type SearchQuery, searchQuerySchema } from './schema.ts';
import type { SearchPosition } from './search.ts';

const searchRoute = <Path extends string>(path: Path) =>
  createRoute({
    method: 'get',
    path,
    summary: 'Find doctors',
    description: 'Verified doctors who meet every condition.',
    tags: ['Doctors'],
    middleware: [keptAtEdge('doctors')],
    request: { query: searchQuerySchema },
    responses: { 200: answer(foundPageSchema, 'A page of doctors.'), ...refusing('unknown_location') },
  });

const positionSchema = (sort: SearchQuery['sort']): z.ZodType<SearchPosition> =>
  z.strictObject({
    sort: z.literal(sort),
    key: sort === 'name' ? z.string() : z.int(),
    id: z.string(),
    meant: z.boolean().optional(),
    wide: z.boolean().optional(),
  });

const found = async (c: Context<AppEnv>, query: SearchQuery) => {
  const page = await findDoctors(c.env, query, readCursor(query.cursor, positionSchema(query.sort)), Date.now());
  return page.ok ? c.json(page.value, 200) : refuse(c, page.refusal);
};

export const searchRoutes = router()
  .openapi(searchRoute('/doctors'), (c) => found(c, c.req.valid('query')))
  .openapi(searchRoute('/doctors/search'), (c) => found(c, c.req.valid('query')));
