import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import type { manualReasons } from '../../domain/payments/facts.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { invariant, ok, type Result } from '../../domain/result.ts';
import { background } from '../../http/background.ts';
import type { AppEnv } from '../../http/context.ts';
import { newPaymentId, tillOf } from '../../payments/env-till.ts';
import { oweRefund, paymentById } from '../../payments/manual-refund.ts';
import { sendRefund } from '../../payments/refunds.ts';
import { auditStatement } from '../audit/record.ts';
import type { paidSchema } from './schema.ts';
import { paidView, refundsOf } from './view.ts';

/**
 * Gives back a part of a payment because an admin says so, on the record. Refuses with `not_found`, `refund_too_large`
 * and `not_refundable`.
 */
export const refundByHand = async (
  c: Context<AppEnv>,
  id: string,
  { amount, reason }: { readonly amount: number; readonly reason: (typeof manualReasons)[number] },
): Promise<Result<z.input<typeof paidSchema>, Refusal>> => {
  const till = tillOf(c.env);
  const { d1 } = till;
  const [nowMs, refundId, actor] = [Date.now(), newPaymentId('rf'), c.get('principal')];
  const owed = await oweRefund(till, id, { refundId, amount, reason }, nowMs, ({ appointmentId, currency }) => {
    const audit = auditStatement(database(d1), {
      stream: `account:${actor.id}`,
      actor,
      action: 'payment.refunded_by_hand',
      subjectId: appointmentId,
      data: { paymentId: id, refundId, amount, currency, reason },
      atMs: nowMs,
    }).toSQL();
    return [d1.prepare(audit.sql).bind(...audit.params)];
  });
  if (!owed.ok) return owed;
  background(c, 'refund_not_sent', sendRefund(till, owed.value, nowMs));
  const payment = await paymentById(d1, id);
  invariant(payment !== null, 'payments are never deleted');
  return ok(paidView(payment, await refundsOf(d1, [id])));
};
