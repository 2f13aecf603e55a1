import type { Context } from 'hono';
import type { Refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import type { AppEnv } from '../../http/context.ts';
import { refuse } from '../../http/problem.ts';
import { router } from '../../http/route.ts';
import type { AppointmentAnswer } from './answer.ts';
import { change, complete, describe, end, hold, read, reschedule } from './commands.ts';
import * as define from './definitions.ts';
import { list } from './list.ts';

const respond = (c: Context<AppEnv>, result: Result<AppointmentAnswer, Refusal>) =>
  result.ok ? c.json(result.value, 200) : refuse(c, result.refusal);

/** Booking: everything that is done to an appointment. */
export const appointmentRoutes = router()
  .openapi(define.holdRoute, async (c) => {
    const held = await hold(c, c.req.valid('json'));
    if (!held.ok) return refuse(c, held.refusal);
    return c.json(held.value, 201, { location: `/api/v1/appointments/${held.value.id}` });
  })
  .openapi(define.listRoute, async (c) => c.json(await list(c, c.req.valid('query')), 200))
  .openapi(define.readRoute, async (c) => respond(c, await read(c, c.req.valid('param').id)))
  .openapi(define.describeRoute, async (c) =>
    respond(c, await describe(c, c.req.valid('param').id, c.req.valid('json'))),
  )
  .openapi(define.rescheduleRoute, async (c) =>
    respond(c, await reschedule(c, c.req.valid('param').id, c.req.valid('json').slotId)),
  )
  .openapi(define.cancelRoute, async (c) =>
    respond(c, await end(c, c.req.valid('param').id, 'cancel', c.req.valid('json').reason)),
  )
  .openapi(define.deleteRoute, async (c) => respond(c, await end(c, c.req.valid('param').id, 'cancel', undefined)))
  .openapi(define.rejectRoute, async (c) =>
    respond(c, await end(c, c.req.valid('param').id, 'reject', c.req.valid('json').reason)),
  )
  .openapi(define.confirmRoute, async (c) => respond(c, await change(c, c.req.valid('param').id, 'confirm')))
  .openapi(define.acceptRoute, async (c) => respond(c, await change(c, c.req.valid('param').id, 'accept')))
  .openapi(define.completeRoute, async (c) => respond(c, await complete(c, c.req.valid('param').id)))
  .openapi(define.noShowRoute, async (c) => respond(c, await change(c, c.req.valid('param').id, 'mark_no_show')));
