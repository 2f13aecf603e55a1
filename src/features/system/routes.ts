import type { DayKey } from '../../domain/ids.ts';
import { idempotent } from '../../http/idempotency.ts';
import { readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { inspectDay, repairDay, sweepDays } from './days.ts';
import { overview } from './overview.ts';
import {
  dayCheckSchema,
  dayParamsSchema,
  dayPositionSchema,
  sweepSchema,
  sweptSchema,
  systemSchema,
} from './schema.ts';

const shared = { tags: ['Administration'], security: bearer };
const always = ['unauthenticated', 'forbidden'] as const;
const reads = allowed('system.read');
const repairs = [...allowed('system.repair'), idempotent];

const show = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/system',
  summary: 'Show how everything behind the answers is doing',
  description: 'Days whose bookings D1 has not taken yet, messages and queue messages that did not get through.',
  middleware: reads,
  responses: { 200: answer(systemSchema, 'How it is doing.'), ...refusing(...always) },
});

const checkOne = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/system/days/{id}/{date}',
  summary: 'Compare a doctor-day with D1',
  description: 'The day decides; D1 shows a copy. Only what differs twice, a moment apart, is a finding.',
  middleware: reads,
  request: { params: dayParamsSchema },
  responses: {
    200: answer(dayCheckSchema, 'What was found.'),
    ...refusing('not_found', 'temporarily_unavailable', ...always),
  },
});

const repairOne = createRoute({
  ...shared,
  method: 'post',
  path: '/admin/system/days/{id}/{date}/repair',
  summary: 'Make D1 show a doctor-day as it is',
  description: 'The day tells D1 all that it holds again. Bookings go on meanwhile.',
  middleware: repairs,
  request: { params: dayParamsSchema },
  responses: {
    200: answer(dayCheckSchema, 'What is found after the repair.'),
    ...refusing('not_found', 'temporarily_unavailable', ...always),
  },
});

const sweep = createRoute({
  ...shared,
  method: 'post',
  path: '/admin/system/sweep',
  summary: 'Compare all open doctor-days with D1, a page at a time',
  description: 'By date and doctor. Send `nextCursor` back until it is `null`.',
  middleware: repairs,
  request: jsonBody(sweepSchema),
  responses: { 200: answer(sweptSchema, 'What was found on these days.'), ...refusing(...always) },
});

const dayOf = ({ id, date }: { id: string; date: DayKey['date'] }): DayKey => ({ doctorId: id, date });

export const systemRoutes = router()
  .openapi(show, async (c) => c.json(await overview(c.env, Date.now()), 200))
  .openapi(checkOne, async (c) => {
    const checked = await inspectDay(c.env, dayOf(c.req.valid('param')), c.get('principal'));
    return checked.ok ? c.json(checked.value, 200) : refuse(c, checked.refusal);
  })
  .openapi(repairOne, async (c) => {
    const repaired = await repairDay(c.env, dayOf(c.req.valid('param')), c.get('principal'));
    return repaired.ok ? c.json(repaired.value, 200) : refuse(c, repaired.refusal);
  })
  .openapi(sweep, async (c) => {
    const { limit, cursor, repair } = c.req.valid('json');
    const after = readCursor(cursor, dayPositionSchema);
    return c.json(await sweepDays(c.env, { limit, repair, after }, c.get('principal')), 200);
  });
