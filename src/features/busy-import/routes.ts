import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { pageSchema } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { calendarSourceSchema, newCalendarSourceSchema, sourceParamsSchema } from './schema.ts';
import { addSource, removeSource, sourcesOf } from './sources.ts';
import { sourceView } from './view.ts';

const tags = ['Schedules'];

const list = createRoute({
  method: 'get',
  path: '/doctors/{id}/calendar-sources',
  summary: 'List calendars elsewhere',
  description: 'The calendars whose busy times are blocked, by when they were added; there are five at most.',
  tags,
  security: bearer,
  middleware: allowed('calendar_source.keep'),
  request: { params: idParamSchema },
  responses: {
    200: answer(pageSchema(calendarSourceSchema), 'All of them.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

const add = createRoute({
  method: 'post',
  path: '/doctors/{id}/calendar-sources',
  summary: 'Add a calendar elsewhere',
  description:
    'Reads the calendar now, and every 5 to 15 minutes from then on. Slots that its busy times touch are offered no ' +
    'longer; appointments in them stay and are flagged `outsideSchedule`. One that cannot be read is refused.',
  tags,
  security: bearer,
  middleware: [...allowed('calendar_source.keep'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newCalendarSourceSchema) },
  responses: {
    201: answer(calendarSourceSchema, 'The calendar.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found', 'too_many_items', 'calendar_unreadable'),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/doctors/{id}/calendar-sources/{sourceId}',
  summary: 'Remove a calendar elsewhere',
  description: 'Its busy times are free at once.',
  tags,
  security: bearer,
  middleware: [...allowed('calendar_source.keep'), idempotent],
  request: { params: sourceParamsSchema },
  responses: {
    204: { description: 'The calendar is gone.' },
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

/** Calendars that a doctor keeps elsewhere, whose times are blocked here. */
export const busyImportRoutes = router()
  .openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    if (!may(c.get('principal'), 'calendar_source.keep', { doctorId: id })) return refuse(c, refusal('not_found'));
    const sources = await sourcesOf(database(c.env.DB), id);
    return c.json({ items: sources.map(sourceView), nextCursor: null }, 200);
  })
  .openapi(add, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'calendar_source.keep', { doctorId: id })) return refuse(c, refusal('not_found'));
    const added = await addSource(c.env, c.get('settings'), id, c.req.valid('json'), actor, Date.now());
    if (!added.ok) return refuse(c, added.refusal);
    return c.json(sourceView(added.value), 201);
  })
  .openapi(remove, async (c) => {
    const { id, sourceId } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'calendar_source.keep', { doctorId: id })) return refuse(c, refusal('not_found'));
    const removed = await removeSource(c.env, id, sourceId, actor, Date.now());
    if (!removed.ok) return refuse(c, removed.refusal);
    return c.body(null, 204);
  });
