import type { z } from 'zod';
import type { GatewayFact } from '../domain/payments/facts.ts';
import { retryAfterMs } from '../domain/retry-after.ts';
import type { Asked, Gateway } from './gateway.ts';
import {
  errorSchema,
  eventSchema,
  orderSchema,
  paymentFacts,
  paymentsSchema,
  refundAnswerSchema,
  refundFact,
  refundsSchema,
} from './razorpay-shapes.ts';
import { isHmacHex, jsonIn, sha256Hex } from './signature.ts';

/** An account with Razorpay. */
export interface RazorpayAccount {
  /** `https://api.razorpay.com`. */
  readonly apiUrl: string;
  /** Public: the checkout form of a browser names it. */
  readonly keyId: string;
  readonly keySecret: string;
  readonly webhookSecret: string;
}

/** How long one request may take, ms: the patient waits for an order. */
const timeoutMs = 8_000;
/** Minutes after which a payment that the bank confirms late is not captured: the hold has run out. Razorpay's least. */
const captureMinutes = 12;

/** Statuses after which the same may be asked again: time-out, conflict with a request under way, too many, theirs. */
const isPassing = (status: number): boolean => [408, 409, 425, 429].includes(status) || status >= 500;

/** Razorpay, by its Orders, Payments and Refunds APIs (v1) and its webhooks, as https://razorpay.com/docs/api has them. */
export const razorpay = (account: RazorpayAccount, patienceMs = timeoutMs): Gateway => {
  const authorization = `Basic ${btoa(`${account.keyId}:${account.keySecret}`)}`;

  const ask = async <T>(
    schema: z.ZodType<T>,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Asked<T>> => {
    try {
      const answer = await fetch(`${account.apiUrl}/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        redirect: 'manual',
        signal: AbortSignal.timeout(patienceMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const said: unknown = await answer.json().catch(() => null);
      if (answer.ok) {
        const read = schema.safeParse(said);
        // It may have been done: what is not understood counts as not heard.
        if (read.success) return { ok: true, value: read.data };
        return { ok: false, why: 'unreachable', detail: 'not understood', retryAfterMs: 0 };
      }
      const code = errorSchema.safeParse(said).data?.error.code;
      const detail = code === undefined ? `status ${answer.status}` : `status ${answer.status} ${code}`;
      const asked = retryAfterMs(answer.headers.get('retry-after'), Date.now());
      return { ok: false, why: isPassing(answer.status) ? 'unreachable' : 'refused', detail, retryAfterMs: asked };
    } catch (error) {
      const detail = error instanceof Error ? error.name : 'unknown';
      return { ok: false, why: 'unreachable', detail, retryAfterMs: 0 };
    }
  };

  return {
    name: 'razorpay',

    createOrder: async ({ id, amountMinor, currency }) => {
      const made = await ask(orderSchema, '/orders', {
        amount: amountMinor,
        currency,
        receipt: id,
        payment: {
          capture: 'automatic',
          capture_options: { automatic_expiry_period: captureMinutes, refund_speed: 'normal' },
        },
      });
      if (!made.ok) return made;
      const isAsAsked = made.value.amount === amountMinor && made.value.currency === currency;
      return isAsAsked
        ? { ok: true, value: { gatewayOrderId: made.value.id } }
        : { ok: false, why: 'refused', detail: 'another amount', retryAfterMs: 0 };
    },

    checkout: () => ({ keyId: account.keyId, payUrl: null }),

    isReturn: ({ gatewayOrderId, gatewayPaymentId, signature }) =>
      isHmacHex(account.keySecret, `${gatewayOrderId}|${gatewayPaymentId}`, signature),

    factsOf: async (gatewayOrderId) => {
      const found = await ask(paymentsSchema, `/orders/${encodeURIComponent(gatewayOrderId)}/payments`);
      if (!found.ok) return found;
      const facts: GatewayFact[] = [];
      for (const payment of found.value.items) {
        facts.push(...paymentFacts({ ...payment, order_id: gatewayOrderId }));
        if ((payment.amount_refunded ?? 0) === 0) continue;
        const refunds = await ask(refundsSchema, `/payments/${encodeURIComponent(payment.id)}/refunds`);
        if (!refunds.ok) return refunds;
        facts.push(...refunds.value.items.map(refundFact));
      }
      return { ok: true, value: facts };
    },

    refund: async ({ gatewayPaymentId, amountMinor, currency, key }) => {
      const path = `/payments/${encodeURIComponent(gatewayPaymentId)}/refund`;
      const body = { amount: amountMinor, speed: 'normal', receipt: key };
      const made = await ask(refundAnswerSchema, path, body, { 'x-refund-idempotency': key });
      return made.ok ? { ok: true, value: { ...refundFact({ ...made.value, currency }), key } } : made;
    },

    readWebhook: async (headers, body) => {
      const signature = headers.get('x-razorpay-signature') ?? '';
      if (!(await isHmacHex(account.webhookSecret, body, signature))) return null;
      const eventId = headers.get('x-razorpay-event-id');
      // A body that was signed says the same whenever it comes.
      const id = eventId !== null && /^[\w-]{1,64}$/.test(eventId) ? eventId : `sha256-${await sha256Hex(body)}`;
      const read = eventSchema.safeParse(jsonIn(body));
      if (!read.success) return { eventId: id, type: 'unknown', facts: [] };
      const { event, payload } = read.data;
      const refund = payload.refund?.entity;
      return {
        eventId: id,
        type: event,
        facts: [
          ...(payload.payment == null ? [] : paymentFacts(payload.payment.entity)),
          ...(refund == null ? [] : [refundFact(event === 'refund.failed' ? { ...refund, status: 'failed' } : refund)]),
        ],
      };
    },
  };
};
