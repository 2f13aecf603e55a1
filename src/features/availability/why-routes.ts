import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { mayBeTold, whyOf } from './why.ts';
import { whyQuerySchema, whySchema } from './why-schema.ts';

const why = createRoute({
  method: 'get',
  path: '/doctors/{id}/slots/why',
  summary: 'Why a time can or cannot be booked',
  description:
    'For the doctor, staff of the doctor’s clinics and admins: every rule that stands in the way, with what would have ' +
    'to change. Who holds the seats is told in numbers only.',
  tags: ['Availability'],
  security: bearer,
  middleware: allowed('slot.explain'),
  request: { params: idParamSchema, query: whyQuerySchema },
  responses: {
    200: answer(whySchema, 'The time, its slot if one starts then, and the reasons.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found', 'temporarily_unavailable'),
  },
});

export const whyRoutes = router().openapi(why, async (c) => {
  const { id } = c.req.valid('param');
  const reader = c.get('principal');
  const known = await mayBeTold(database(c.env.DB), reader, id);
  const found = known ? await whyOf(c.env, id, c.req.valid('query').at, reader, Date.now()) : null;
  if (found === null) return refuse(c, refusal('not_found'));
  c.header('cache-control', 'private, no-store');
  return c.json(found, 200);
});
