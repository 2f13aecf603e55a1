import { etag } from 'hono/etag';
import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { refuse } from '../../http/problem.ts';
import { answer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { availabilityOf } from './availability.ts';
import { liveRoutes } from './live-routes.ts';
import { availabilityQuerySchema, availabilitySchema } from './schema.ts';
import { whyRoutes } from './why-routes.ts';

const read = createRoute({
  method: 'get',
  path: '/doctors/{id}/availability',
  summary: 'Availability of many days',
  description:
    'For calendars: the free seats of each local date, moments behind the truth. The slots of a day are strong.',
  tags: ['Availability'],
  middleware: [etag()],
  request: { params: idParamSchema, query: availabilityQuerySchema },
  responses: {
    200: answer(availabilitySchema, 'Every date of the range.'),
    304: { description: 'Unchanged since the ETag in `If-None-Match`.' },
    ...refusing('not_found'),
  },
});

export const availabilityRoutes = router()
  .route('/', whyRoutes)
  .route('/', liveRoutes)
  .openapi(read, async (c) => {
    const { id } = c.req.valid('param');
    const found = await availabilityOf(database(c.env.DB), id, c.req.valid('query'), Date.now());
    if (found === null) return refuse(c, refusal('not_found'));
    c.header('cache-control', 'no-cache');
    return c.json(found, 200);
  });
