import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import type { Result } from '../../domain/result.ts';
import { background } from '../../http/background.ts';
import type { AppEnv } from '../../http/context.ts';
import { refuse } from '../../http/problem.ts';
import { router } from '../../http/route.ts';
import { tillOf } from '../../payments/env-till.ts';
import { movedSince } from '../../payments/notice.ts';
import { takeWebhook } from '../../payments/take-webhook.ts';
import { auditRead } from '../audit/read.ts';
import { billedFor } from './appointment.ts';
import * as define from './definitions.ts';
import { keptPaymentOf, paymentPage, totalsOf } from './list.ts';
import { refundByHand } from './manual-refund.ts';
import { beginPayment, paymentOf, returnFromPayment } from './pay.ts';
import { isClinic, policyOf, previewOf, setPolicy } from './refund-policy.ts';
import type { moneyStateSchema } from './schema.ts';

const respond = (c: Context<AppEnv>, result: Result<z.input<typeof moneyStateSchema>, Refusal>) =>
  result.ok ? c.json(result.value, 200) : refuse(c, result.refusal);

/** Paying for appointments, and what is given back. */
export const paymentRoutes = router()
  .openapi(define.beginRoute, async (c) => respond(c, await beginPayment(c, c.req.valid('param').id)))
  .openapi(define.readRoute, async (c) => respond(c, await paymentOf(c, c.req.valid('param').id)))
  .openapi(define.returnRoute, async (c) =>
    respond(c, await returnFromPayment(c, c.req.valid('param').id, c.req.valid('json'))),
  )
  .openapi(define.previewRoute, async (c) => {
    const found = await billedFor(c, c.req.valid('param').id, 'payment.read');
    if (!found.ok) return refuse(c, found.refusal);
    const paid = await keptPaymentOf(c.env.DB, found.value.id);
    const { steps } = await policyOf(database(c.env.DB), found.value.clinicId);
    const moved = paid === null ? null : await movedSince(c.env.DB, paid);
    return c.json(previewOf(found.value, paid, steps, moved, Date.now()), 200);
  })
  .openapi(define.webhookRoute, async (c) => {
    const till = tillOf(c.env);
    const { gateway } = till;
    if (gateway === null || gateway.name !== c.req.valid('param').gateway) return refuse(c, refusal('not_found'));
    const body = new Uint8Array(await c.req.arrayBuffer());
    const left = await takeWebhook(till, gateway, c.req.raw.headers, body, Date.now());
    if (left === null) return refuse(c, refusal('wrong_signature'));
    background(c, 'payment_event_failed', left());
    return c.json({ kept: true as const }, 200);
  })
  .openapi(define.policyRoute, async (c) => {
    const [db, { id }] = [database(c.env.DB), c.req.valid('param')];
    if (!(await isClinic(db, id))) return refuse(c, refusal('not_found'));
    return c.json(await policyOf(db, id), 200);
  })
  .openapi(define.setPolicyRoute, async (c) => {
    const [db, { id }] = [database(c.env.DB), c.req.valid('param')];
    if (!(await isClinic(db, id))) return refuse(c, refusal('not_found'));
    return c.json(await setPolicy(db, id, c.req.valid('json').steps, c.get('principal'), Date.now()), 200);
  })
  .openapi(define.setDefaultPolicyRoute, async (c) => {
    const { steps } = c.req.valid('json');
    return c.json(await setPolicy(database(c.env.DB), null, steps, c.get('principal'), Date.now()), 200);
  })
  .openapi(define.listRoute, async (c) => {
    const found = await paymentPage(c.env.DB, c.req.valid('query'));
    const patientIds = found.items.map(({ patientId }) => patientId);
    await auditRead(c, { action: 'payments.listed', patientIds, why: 'administration' });
    return c.json(found, 200);
  })
  .openapi(define.totalsRoute, async (c) => c.json({ items: await totalsOf(c.env.DB, c.req.valid('query')) }, 200))
  .openapi(define.refundRoute, async (c) => {
    const made = await refundByHand(c, c.req.valid('param').id, c.req.valid('json'));
    return made.ok ? c.json(made.value, 201) : refuse(c, made.refusal);
  });
