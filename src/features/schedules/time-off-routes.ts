import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { timeOffPage } from './queries.ts';
import { mayReadSchedule } from './readable.ts';
import {
  newTimeOffSchema,
  timeOffParamsSchema,
  timeOffPositionSchema,
  timeOffQuerySchema,
  timeOffSchema,
} from './schema.ts';
import { addTimeOff, removeTimeOff, timeOffView } from './time-off.ts';

const tags = ['Schedules'];

const list = createRoute({
  method: 'get',
  path: '/doctors/{id}/time-off',
  summary: 'List time off',
  description: 'By first date.',
  tags,
  security: bearer,
  middleware: allowed('schedule.read'),
  request: { params: idParamSchema, query: timeOffQuerySchema },
  responses: {
    200: answer(pageSchema(timeOffSchema), 'A page of absences.'),
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

const add = createRoute({
  method: 'post',
  path: '/doctors/{id}/time-off',
  summary: 'Take time off',
  description:
    'Whole days, or the same part of each. Slots that it touches are offered no longer; appointments in them stay and ' +
    'are flagged `outsideSchedule`.',
  tags,
  security: bearer,
  middleware: [...allowed('schedule.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newTimeOffSchema) },
  responses: {
    201: answer(timeOffSchema, 'The absence.'),
    ...refusing(
      ...(['unauthenticated', 'forbidden', 'not_found', 'too_many_items'] as const),
      ...(['time_off_overlap', 'in_the_past', 'version_conflict'] as const),
    ),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/doctors/{id}/time-off/{timeOffId}',
  summary: 'Take time off back',
  tags,
  security: bearer,
  middleware: [...allowed('schedule.edit'), idempotent],
  request: { params: timeOffParamsSchema },
  responses: {
    204: { description: 'The absence is gone.' },
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

export const timeOffRoutes = router()
  .openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const { cursor, ...filter } = c.req.valid('query');
    const after = readCursor(cursor, timeOffPositionSchema);
    const known = await mayReadSchedule(c, id);
    const rows = known ? await timeOffPage(database(c.env.DB), id, filter, after) : null;
    if (rows === null) return refuse(c, refusal('not_found'));
    const why = may(c.get('principal'), 'schedule.read_reasons', { doctorId: id });
    const shown = page(
      rows,
      filter.limit,
      (row) => timeOffView(row, why),
      (row) => ({ from: row.from, id: row.id }),
    );
    return c.json(shown, 200);
  })
  .openapi(add, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'schedule.edit', { doctorId: id })) return refuse(c, refusal('not_found'));
    const added = await addTimeOff(c.env, id, c.req.valid('json'), actor, Date.now());
    if (!added.ok) return refuse(c, added.refusal);
    return c.json(timeOffView(added.value), 201);
  })
  .openapi(remove, async (c) => {
    const { id, timeOffId } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'schedule.edit', { doctorId: id })) return refuse(c, refusal('not_found'));
    const removed = await removeTimeOff(c.env, id, timeOffId, actor, Date.now());
    if (!removed.ok) return refuse(c, removed.refusal);
    return c.body(null, 204);
  });
