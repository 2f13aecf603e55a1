import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { keptAtEdge } from '../../http/edge-cache.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { placeOf, placesIn, placesNamed, placeViews } from './queries.ts';
import { locationSchema, locationsQuerySchema, placePositionSchema } from './schema.ts';

/** Its names change when somebody changes them, which ends what is kept. */
const keptSeconds = 300;
const tags = ['Locations'];

const list = createRoute({
  method: 'get',
  path: '/locations',
  summary: 'Find places',
  description: 'The countries; with `parent` what lies in a place; with `q` places of any level by their names.',
  tags,
  middleware: [keptAtEdge('locations', keptSeconds)],
  request: { query: locationsQuerySchema },
  responses: { 200: answer(pageSchema(locationSchema), 'Places, by name.'), ...refusing() },
});

const read = createRoute({
  method: 'get',
  path: '/locations/{id}',
  summary: 'Show a place',
  tags,
  middleware: [keptAtEdge('locations', keptSeconds)],
  request: { params: idParamSchema },
  responses: { 200: answer(locationSchema, 'The place and what it lies in.'), ...refusing('not_found') },
});

/** Where clinics lie. */
export const locationRoutes = router()
  .openapi(list, async (c) => {
    const { parent, q, level, limit, cursor } = c.req.valid('query');
    const db = database(c.env.DB);
    const rows =
      q === undefined
        ? await placesIn(db, parent, readCursor(cursor, placePositionSchema), limit)
        : await placesNamed(db, q, level, limit);
    const cut = page(
      rows,
      limit,
      (row) => row,
      ({ foldedName, id }) => ({ name: foldedName, id }),
    );
    return c.json({ items: await placeViews(db, cut.items), nextCursor: cut.nextCursor }, 200);
  })
  .openapi(read, async (c) => {
    const db = database(c.env.DB);
    const row = await placeOf(db, c.req.valid('param').id);
    const [view] = row === null ? [] : await placeViews(db, [row]);
    return view === undefined ? refuse(c, refusal('not_found')) : c.json(view, 200);
  });
