import { z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import type { RefusalCode } from '../../domain/refusal.ts';
import { pageSchema } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { change, describe, end, hold, read, reschedule } from './commands.ts';
import { list } from './list.ts';
import {
  appointmentSchema,
  cancelSchema,
  describeSchema,
  holdSchema,
  listQuerySchema,
  nothingSchema,
  rejectSchema,
  rescheduleSchema,
} from './schema.ts';

const tags = ['Appointments'];
const common = ['unauthenticated', 'forbidden', 'not_found', 'temporarily_unavailable'] as const;
const keyed = ['idempotency_key_reused', 'request_in_flight'] as const;
const seat = [
  'slot_full',
  'already_booked',
  'too_many_holds',
  'day_frozen',
  'slot_not_found',
  'outside_booking_window',
] as const;
const headers = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .openapi({
      description: 'Makes a repeat of this very request get the same answer. 1 to 255 printable characters.',
    }),
});
const optionalBody = <T extends z.ZodType>(schema: T) => ({
  body: { required: false, content: { 'application/json': { schema } } },
});
const changing = (...codes: RefusalCode[]) => ({
  200: answer(appointmentSchema, 'The appointment as it is now.'),
  ...refusing(...common, ...keyed, 'invalid_transition', 'move_in_progress', ...codes),
});

const holdRoute = createRoute({
  method: 'post',
  path: '/appointments',
  summary: 'Hold a slot',
  description: 'The seat is the patient’s until `expiresAt`. Confirm it before, or it is free again.',
  tags,
  security: bearer,
  middleware: allowed('appointment.hold'),
  request: { headers, ...jsonBody(holdSchema) },
  responses: {
    201: { ...answer(appointmentSchema, 'The hold.'), headers: z.object({ Location: z.string() }) },
    ...refusing('unauthenticated', 'forbidden', 'temporarily_unavailable', ...keyed, ...seat, 'mode_unavailable'),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/appointments',
  summary: 'List appointments',
  description:
    'A patient’s own, a doctor’s own, or for an admin all; oldest start first. Follows the doctor-days within moments.',
  tags,
  security: bearer,
  middleware: allowed('appointment.list'),
  request: { query: listQuerySchema },
  responses: { 200: answer(pageSchema(appointmentSchema), 'A page.'), ...refusing('unauthenticated', 'forbidden') },
});

const readRoute = createRoute({
  method: 'get',
  path: '/appointments/{id}',
  summary: 'Read an appointment',
  tags,
  security: bearer,
  middleware: [...allowed('appointment.read'), etag()],
  request: { params: idParamSchema },
  responses: {
    200: answer(appointmentSchema, 'The appointment as it is now.'),
    304: { description: 'Unchanged since the ETag that was sent.' },
    ...refusing(...common),
  },
});

const describeRoute = createRoute({
  method: 'put',
  path: '/appointments/{id}',
  summary: 'Change the reason or the symptoms',
  tags,
  security: bearer,
  middleware: allowed('appointment.describe'),
  request: { params: idParamSchema, headers, ...jsonBody(describeSchema) },
  responses: changing(),
});

const rescheduleRoute = createRoute({
  method: 'post',
  path: '/appointments/{id}/reschedule',
  summary: 'Move to another slot',
  description: 'To any slot of any doctor. The appointment keeps its id; the old slot is free at once.',
  tags,
  security: bearer,
  middleware: allowed('appointment.reschedule'),
  request: { params: idParamSchema, headers, ...jsonBody(rescheduleSchema) },
  responses: changing(...seat, 'same_slot', 'hold_expired', 'move_failed'),
});

const cancelRoute = createRoute({
  method: 'post',
  path: '/appointments/{id}/cancel',
  summary: 'Cancel',
  tags,
  security: bearer,
  middleware: allowed('appointment.cancel'),
  request: { params: idParamSchema, headers, ...optionalBody(cancelSchema) },
  responses: changing(),
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/appointments/{id}',
  summary: 'Cancel, the same as POST …/cancel',
  tags,
  security: bearer,
  middleware: allowed('appointment.cancel'),
  request: { params: idParamSchema, headers },
  responses: changing(),
});

const rejectRoute = createRoute({
  method: 'post',
  path: '/appointments/{id}/reject',
  summary: 'Reject a request',
  tags,
  security: bearer,
  middleware: allowed('appointment.reject'),
  request: { params: idParamSchema, headers, ...jsonBody(rejectSchema) },
  responses: changing(),
});

const changeRoute = <Path extends string>(
  path: Path,
  action: 'confirm' | 'accept' | 'complete' | 'mark_no_show',
  summary: string,
  ...codes: RefusalCode[]
) =>
  createRoute({
    method: 'post',
    path: `/appointments/{id}/${path}` as const,
    summary,
    tags,
    security: bearer,
    middleware: allowed(`appointment.${action}`),
    request: { params: idParamSchema, headers, ...optionalBody(nothingSchema) },
    responses: changing(...codes),
  });

/** Booking: everything that is done to an appointment. */
export const appointmentRoutes = router()
  .openapi(holdRoute, async (c) => {
    const held = await hold(c, c.req.valid('json'));
    if (!held.ok) return refuse(c, held.refusal);
    return c.json(held.value, 201, { location: `/api/v1/appointments/${held.value.id}` });
  })
  .openapi(listRoute, async (c) => c.json(await list(c, c.req.valid('query')), 200))
  .openapi(readRoute, async (c) => {
    const found = await read(c, c.req.param('id'));
    return found.ok ? c.json(found.value, 200) : refuse(c, found.refusal);
  })
  .openapi(describeRoute, async (c) => {
    const described = await describe(c, c.req.param('id'), c.req.valid('json'));
    return described.ok ? c.json(described.value, 200) : refuse(c, described.refusal);
  })
  .openapi(rescheduleRoute, async (c) => {
    const moved = await reschedule(c, c.req.param('id'), c.req.valid('json').slotId);
    return moved.ok ? c.json(moved.value, 200) : refuse(c, moved.refusal);
  })
  .openapi(cancelRoute, async (c) => {
    const cancelled = await end(c, c.req.param('id'), 'cancel', c.req.valid('json').reason);
    return cancelled.ok ? c.json(cancelled.value, 200) : refuse(c, cancelled.refusal);
  })
  .openapi(deleteRoute, async (c) => {
    const cancelled = await end(c, c.req.param('id'), 'cancel', undefined);
    return cancelled.ok ? c.json(cancelled.value, 200) : refuse(c, cancelled.refusal);
  })
  .openapi(rejectRoute, async (c) => {
    const rejected = await end(c, c.req.param('id'), 'reject', c.req.valid('json').reason);
    return rejected.ok ? c.json(rejected.value, 200) : refuse(c, rejected.refusal);
  })
  .openapi(changeRoute('confirm', 'confirm', 'Confirm a hold', 'hold_expired'), async (c) => {
    const confirmed = await change(c, c.req.param('id'), 'confirm');
    return confirmed.ok ? c.json(confirmed.value, 200) : refuse(c, confirmed.refusal);
  })
  .openapi(changeRoute('accept', 'accept', 'Accept a request'), async (c) => {
    const accepted = await change(c, c.req.param('id'), 'accept');
    return accepted.ok ? c.json(accepted.value, 200) : refuse(c, accepted.refusal);
  })
  .openapi(changeRoute('complete', 'complete', 'Complete a visit', 'too_early'), async (c) => {
    const completed = await change(c, c.req.param('id'), 'complete');
    return completed.ok ? c.json(completed.value, 200) : refuse(c, completed.refusal);
  })
  .openapi(changeRoute('no-show', 'mark_no_show', 'Mark as no-show', 'too_early'), async (c) => {
    const missed = await change(c, c.req.param('id'), 'mark_no_show');
    return missed.ok ? c.json(missed.value, 200) : refuse(c, missed.refusal);
  });
