import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { callIn, checkIn, type Visit } from './check-in.ts';
import { confirmedVisit } from './found.ts';
import { roomSchema, standingSchema, visitSchema } from './schema.ts';
import { roomOf } from './video.ts';
import { standing } from './waiting-room.ts';

const tags = ['Visits'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const security = bearer;

const arrive = createRoute({
  method: 'post',
  path: '/appointments/{id}/check-in',
  summary: 'Check in',
  description: 'By the patient from two hours before the time on, by the practice on the whole day.',
  tags,
  security,
  middleware: [...allowed('visit.check_in'), idempotent],
  request: { params: idParamSchema },
  responses: {
    200: answer(visitSchema, 'Who came, and when.'),
    ...refusing(...always, 'invalid_transition', 'too_early_to_check_in'),
  },
});

const call = createRoute({
  method: 'post',
  path: '/appointments/{id}/call-in',
  summary: 'Call a patient in',
  description: 'Of those who have checked in. The patient is told.',
  tags,
  security,
  middleware: [...allowed('visit.call_in'), idempotent],
  request: { params: idParamSchema },
  responses: {
    200: answer(visitSchema, 'Who was called in.'),
    ...refusing(...always, 'invalid_transition', 'not_checked_in'),
  },
});

const stand = createRoute({
  method: 'get',
  path: '/appointments/{id}/queue',
  summary: 'Show where one stands in the queue',
  tags,
  security,
  middleware: allowed('visit.check_in'),
  request: { params: idParamSchema },
  responses: { 200: answer(standingSchema, 'The place.'), ...refusing(...always, 'invalid_transition') },
});

const join = createRoute({
  method: 'get',
  path: '/appointments/{id}/video',
  summary: 'Show the room of a visit by video',
  description: 'To its two parties, from a quarter of an hour before it until an hour after it.',
  tags,
  security,
  middleware: allowed('visit.join_video'),
  request: { params: idParamSchema },
  responses: {
    200: answer(roomSchema, 'The room.'),
    ...refusing(...always, 'invalid_transition', 'not_by_video', 'room_closed'),
  },
});

const shown = ({ appointmentId, checkedInAtMs, calledAtMs }: Visit) => ({
  appointmentId,
  checkedInAt: new Date(checkedInAtMs).toISOString(),
  calledAt: calledAtMs === null ? null : new Date(calledAtMs).toISOString(),
});

export const visitRoutes = router()
  .openapi(arrive, async (c) => {
    const visit = await checkIn(c, c.req.valid('param').id, Date.now());
    return visit.ok ? c.json(shown(visit.value), 200) : refuse(c, visit.refusal);
  })
  .openapi(call, async (c) => {
    const visit = await callIn(c, c.req.valid('param').id, Date.now());
    return visit.ok ? c.json(shown(visit.value), 200) : refuse(c, visit.refusal);
  })
  .openapi(stand, async (c) => {
    const found = await confirmedVisit(c, c.req.valid('param').id, 'visit.check_in');
    return found.ok ? c.json(await standing(database(c.env.DB), found.value), 200) : refuse(c, found.refusal);
  })
  .openapi(join, async (c) => {
    const room = await roomOf(c, c.req.valid('param').id, Date.now());
    if (!room.ok) return refuse(c, room.refusal);
    c.header('cache-control', 'no-store');
    return c.json(room.value, 200);
  });
