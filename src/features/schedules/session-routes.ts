import { z } from '@hono/zod-openapi';
import { database } from '../../db/client.ts';
import { extraSessionOf } from '../../doctor-days/schedule-query.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { sessionPage } from './queries.ts';
import { mayReadSchedule } from './readable.ts';
import {
  newSessionsSchema,
  sessionIdsSchema,
  sessionPositionSchema,
  sessionSchema,
  sessionsQuerySchema,
} from './schema.ts';
import { addSessions, removeSessions } from './sessions.ts';

const tags = ['Schedules'];

const list = createRoute({
  method: 'get',
  path: '/doctors/{id}/sessions',
  summary: 'List extra sessions',
  description: 'By date and start.',
  tags,
  security: bearer,
  middleware: allowed('schedule.read'),
  request: { params: idParamSchema, query: sessionsQuerySchema },
  responses: {
    200: answer(pageSchema(sessionSchema), 'A page of sessions.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

const add = createRoute({
  method: 'post',
  path: '/doctors/{id}/sessions',
  summary: 'Add extra sessions',
  description:
    'All or none. Where a session covers a weekly rule’s time, the session counts. Sessions do not overlap each other.',
  tags,
  security: bearer,
  middleware: [...allowed('schedule.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newSessionsSchema) },
  responses: {
    201: answer(z.object({ items: z.array(sessionSchema) }), 'The sessions, in the order in which they were sent.'),
    ...refusing(
      ...([
        'unauthenticated',
        'forbidden',
        'not_found',
        'unknown_clinic',
        'unknown_resource_kind',
        'too_many_items',
      ] as const),
      ...(['sessions_overlap', 'in_the_past', 'version_conflict'] as const),
    ),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/doctors/{id}/sessions',
  summary: 'Remove extra sessions',
  description: 'All or none.',
  tags,
  security: bearer,
  middleware: [...allowed('schedule.edit'), idempotent],
  request: { params: idParamSchema, query: sessionIdsSchema },
  responses: {
    204: { description: 'The sessions are gone.' },
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

export const sessionRoutes = router()
  .openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const { cursor, ...filter } = c.req.valid('query');
    const after = readCursor(cursor, sessionPositionSchema);
    const known = await mayReadSchedule(c, id);
    const rows = known ? await sessionPage(database(c.env.DB), id, filter, after) : null;
    if (rows === null) return refuse(c, refusal('not_found'));
    const shown = page(rows, filter.limit, extraSessionOf, ({ date, start, id }) => ({ date, start, id }));
    return c.json(shown, 200);
  })
  .openapi(add, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'schedule.edit', { doctorId: id })) return refuse(c, refusal('not_found'));
    const added = await addSessions(c.env, id, c.req.valid('json').sessions, actor, Date.now());
    if (!added.ok) return refuse(c, added.refusal);
    return c.json({ items: added.value.map(extraSessionOf) }, 201);
  })
  .openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'schedule.edit', { doctorId: id })) return refuse(c, refusal('not_found'));
    const removed = await removeSessions(c.env, id, c.req.valid('query').ids, actor, Date.now());
    if (!removed.ok) return refuse(c, removed.refusal);
    return c.body(null, 204);
  });
