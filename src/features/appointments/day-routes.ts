import { z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { database } from '../../db/client.ts';
import { doctorDays } from '../../doctor-days/client.ts';
import { sendForDays } from '../../doctor-days/queue.ts';
import { isAccountId } from '../../domain/ids.ts';
import { addDays, datesBetween, utcDate } from '../../domain/local-date.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { auditStatement } from '../audit/record.ts';
import { allowed, viewerOf } from '../identity/authenticate.ts';
import { slotsAnswer } from './answer.ts';
import { isDoctor } from './queries.ts';
import { slotsQuerySchema, slotsSchema } from './schema.ts';

const widestWindowDays = 366;

const slotsRoute = createRoute({
  method: 'get',
  path: '/doctors/{id}/slots',
  summary: 'Slots of a day',
  description: 'Strong: read from the doctor-day itself. `date` is a local date in the doctor’s time zone.',
  tags: ['Availability'],
  security: [{}, ...bearer],
  middleware: [etag()],
  request: { params: idParamSchema, query: slotsQuerySchema },
  responses: {
    200: answer(slotsSchema, 'Every slot of the day with its free seats.'),
    304: { description: 'Unchanged since the ETag that was sent.' },
    ...refusing('unauthenticated', 'not_found', 'outside_booking_window', 'temporarily_unavailable'),
  },
});

const rebuildRoute = createRoute({
  method: 'post',
  path: '/admin/doctors/{id}/rebuild',
  summary: 'Rebuild a doctor’s projection',
  description: 'Has every opened day of the doctor project all it holds to D1 again, through the queue.',
  tags: ['Administration'],
  security: bearer,
  middleware: [...allowed('doctor.rebuild'), idempotent],
  request: { params: idParamSchema },
  responses: {
    202: answer(
      z.object({ days: z.int() }),
      'How many days were asked; those that nobody has booked have nothing to tell.',
    ),
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

/** Whole doctor-days: what they offer, and having them tell D1 again what they hold. */
export const dayRoutes = router()
  .openapi(slotsRoute, async (c) => {
    const doctorId = c.req.valid('param').id;
    const viewer = await viewerOf(c);
    if (!isAccountId(doctorId)) return refuse(c, refusal('not_found'));
    const slots = await doctorDays(c.env).slots({ doctorId, date: c.req.valid('query').date }, Date.now());
    if (!slots.ok) return refuse(c, slots.refusal);
    c.header('vary', 'authorization', { append: true });
    return c.json(slotsAnswer(slots.value, viewer !== null), 200);
  })
  .openapi(rebuildRoute, async (c) => {
    const doctorId = c.req.valid('param').id;
    if (!isAccountId(doctorId) || !(await isDoctor(database(c.env.DB), doctorId)))
      return refuse(c, refusal('not_found'));
    const today = utcDate(Date.now());
    // D1 may be empty, so the days come from the calendar: all that may still have an object.
    const oldest = addDays(today, -c.get('settings').dayRetentionDays - 3);
    const days = datesBetween(oldest, addDays(today, widestWindowDays + 1)).map((date) => ({ doctorId, date }));
    await auditStatement(database(c.env.DB), {
      stream: `doctor:${doctorId}`,
      actor: c.get('principal'),
      action: 'doctor.rebuild_asked',
      subjectId: doctorId,
      data: { days: days.length },
      atMs: Date.now(),
    });
    await sendForDays(c.env.DAY_QUEUE, 'reproject', days);
    return c.json({ days: days.length }, 202);
  });
