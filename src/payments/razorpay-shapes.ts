import { z } from 'zod';
import type { GatewayFact } from '../domain/payments/facts.ts';
import type { RefundFact } from './gateway.ts';

const idOf = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[A-Za-z0-9]{1,60}$`));
const minor = z.int().positive();

// What else an entity holds (the payer's address, card and number) is left where it is: nobody here needs it.
const paymentSchema = z.object({
  id: idOf('pay'),
  order_id: idOf('order').nullish(),
  amount: minor,
  currency: z.string(),
  status: z.string(),
  captured: z.boolean().nullish(),
  amount_refunded: z.int().min(0).nullish(),
});
const refundSchema = z.object({
  id: idOf('rfnd'),
  payment_id: idOf('pay'),
  amount: minor,
  currency: z.string(),
  status: z.string().nullish(),
  receipt: z.string().nullish(),
});

export const orderSchema = z.object({ id: idOf('order'), amount: minor, currency: z.string() });
export const refundAnswerSchema = refundSchema;
export const paymentsSchema = z.object({ items: z.array(paymentSchema) });
export const refundsSchema = z.object({ items: z.array(refundSchema) });
export const errorSchema = z.object({ error: z.object({ code: z.string().regex(/^[A-Z_]{1,64}$/) }) });

/** A webhook, as https://razorpay.com/docs/webhooks/payloads/payments has it. */
export const eventSchema = z.object({
  event: z.string().max(64),
  payload: z.object({
    payment: z.object({ entity: paymentSchema }).nullish(),
    refund: z.object({ entity: refundSchema }).nullish(),
  }),
});

/** What a payment says of itself. `captured` stays so when it is refunded; one that is only authorised is nothing yet. */
export const paymentFacts = (payment: z.output<typeof paymentSchema>): GatewayFact[] => {
  const { id: gatewayPaymentId, order_id: gatewayOrderId, status } = payment;
  if (gatewayOrderId == null) return [];
  if (payment.captured === true || status === 'captured' || status === 'refunded') {
    const { amount: amountMinor, currency } = payment;
    return [{ kind: 'captured', gatewayOrderId, gatewayPaymentId, amountMinor, currency }];
  }
  return status === 'failed' ? [{ kind: 'failed', gatewayOrderId, gatewayPaymentId }] : [];
};

/** What a refund says of itself. Its receipt is our key of it, for those that we have asked for. */
export const refundFact = (refund: z.output<typeof refundSchema>): RefundFact => ({
  kind: 'refund',
  gatewayPaymentId: refund.payment_id,
  gatewayRefundId: refund.id,
  amountMinor: refund.amount,
  currency: refund.currency,
  status: refund.status === 'processed' || refund.status === 'failed' ? refund.status : 'pending',
  key: refund.receipt ?? null,
});
