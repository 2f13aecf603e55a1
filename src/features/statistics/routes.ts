import { database } from '../../db/client.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { statistics } from './queries.ts';
import { statisticsQuerySchema, statisticsSchema } from './schema.ts';

const show = createRoute({
  method: 'get',
  path: '/admin/statistics',
  summary: 'Count users, doctors, bookings and revenue',
  description:
    'Counted from the appointments as D1 has them, moments after they change. For admins with the permission `finance`.',
  tags: ['Administration'],
  security: bearer,
  middleware: allowed('statistics.read'),
  request: { query: statisticsQuerySchema },
  responses: { 200: answer(statisticsSchema, 'The numbers.'), ...refusing('unauthenticated', 'forbidden') },
});

export const statisticsRoutes = router().openapi(show, async (c) =>
  c.json(await statistics(database(c.env.DB), c.req.valid('query'), Date.now()), 200),
);
