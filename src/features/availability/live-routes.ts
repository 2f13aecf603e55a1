import { z } from '@hono/zod-openapi';
import { doctorDays } from '../../doctor-days/client.ts';
import { isKnownDoctor } from '../../doctor-days/known-doctors.ts';
import { isAccountId } from '../../domain/ids.ts';
import { refusal } from '../../domain/refusal.ts';
import { isOwnOrListed } from '../../http/cross-origin.ts';
import { refuse } from '../../http/problem.ts';
import { createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema, localDateSchema } from '../../http/schemas.ts';

const live = createRoute({
  method: 'get',
  path: '/doctors/{id}/slots/live',
  summary: 'Watch the slots of a day',
  description:
    'A WebSocket that tells what is free as it changes, and of nobody who books it. Every message is JSON: ' +
    '`{"type":"all","slots":[…]}` is the whole day and comes first, `{"type":"changed","slots":[…]}` has those that ' +
    'are no longer as they were told. A slot is `id`, `startsAt`, `endsAt`, `remaining`, `mode` and `clinicId`; one ' +
    'that is offered no more has `remaining` 0. Send `ping` to be answered `pong`, and nothing else. When the socket ' +
    'closes, come again after a while: the first message makes up for what was missed. Where it is refused, ask for ' +
    'the slots of the day from time to time.',
  tags: ['Availability'],
  request: { params: idParamSchema, query: z.strictObject({ date: localDateSchema }) },
  responses: {
    101: { description: 'The WebSocket is open.' },
    ...refusing(
      'not_found',
      'upgrade_required',
      'cross_site',
      'outside_booking_window',
      'too_many_watchers',
      'temporarily_unavailable',
    ),
  },
});

/** Free seats of a day, told as they change. */
export const liveRoutes = router().openapi(live, async (c) => {
  const { id: doctorId } = c.req.valid('param');
  const { date } = c.req.valid('query');
  if (!isAccountId(doctorId) || !(await isKnownDoctor(c.env.DB, doctorId))) return refuse(c, refusal('not_found'));
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') return refuse(c, refusal('upgrade_required'));
  // Browsers let any page open a WebSocket to anywhere, and say only whose page it is.
  if (!isOwnOrListed(c)) return refuse(c, refusal('cross_site'));
  const watching = await doctorDays(c.env).watch({ doctorId, date }, Date.now());
  return watching.ok ? (watching.value as never) : refuse(c, watching.refusal);
});
