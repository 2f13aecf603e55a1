import { etag } from 'hono/etag';
import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { weeklyScheduleOf } from './queries.ts';
import { mayReadSchedule } from './readable.ts';
import { ifMatchSchema, newScheduleSchema, scheduleSchema } from './schema.ts';
import { replaceSchedule, scheduleView } from './weekly-schedule.ts';

const tags = ['Schedules'];

const read = createRoute({
  method: 'get',
  path: '/doctors/{id}/schedule',
  summary: 'Show a weekly schedule',
  tags,
  security: bearer,
  middleware: [...allowed('schedule.read'), etag()],
  request: { params: idParamSchema },
  responses: {
    200: answer(scheduleSchema, 'The schedule; its `ETag` serves `If-Match`.'),
    304: { description: 'The schedule is still the one of the ETag in `If-None-Match`.' },
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

const replace = createRoute({
  method: 'put',
  path: '/doctors/{id}/schedule',
  summary: 'Replace a weekly schedule',
  description:
    'Replaces all weekly rules; settings that the body leaves out stay. Opened days follow within moments: free seats ' +
    'that the schedule no longer offers vanish, appointments stay and are flagged `outsideSchedule`.',
  tags,
  security: bearer,
  middleware: [...allowed('schedule.edit'), idempotent],
  request: { params: idParamSchema, headers: ifMatchSchema, ...jsonBody(newScheduleSchema) },
  responses: {
    200: answer(scheduleSchema, 'The schedule as it is now.'),
    ...refusing(
      'unauthenticated',
      'forbidden',
      'not_found',
      'version_conflict',
      'rules_overlap',
      'unknown_clinic',
      'unknown_resource_kind',
    ),
  },
});

export const weeklyScheduleRoutes = router()
  .openapi(read, async (c) => {
    const { id } = c.req.valid('param');
    const known = await mayReadSchedule(c, id);
    const schedule = known ? await weeklyScheduleOf(database(c.env.DB), id) : null;
    if (schedule === null) return refuse(c, refusal('not_found'));
    const shown = scheduleView(schedule);
    c.header('etag', `"${shown.version}"`);
    c.header('cache-control', 'private, no-cache');
    return c.json(shown, 200);
  })
  .openapi(replace, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.get('principal');
    if (!may(actor, 'schedule.edit', { doctorId: id })) return refuse(c, refusal('not_found'));
    const match = c.req.valid('header')['if-match'] ?? '*';
    const expected = match === '*' ? null : Number(match.slice(1, -1));
    const replaced = await replaceSchedule(c.env, id, c.req.valid('json'), expected, actor, Date.now());
    if (!replaced.ok) return refuse(c, replaced.refusal);
    c.header('etag', `"${replaced.value.version}"`);
    return c.json(replaced.value, 200);
  });
