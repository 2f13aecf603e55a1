import { z } from 'zod';
import type { GatewayFact } from '../domain/payments/facts.ts';
import type { Gateway } from './gateway.ts';
import { hmacHex, isHmacHex, jsonIn, sha256Hex } from './signature.ts';

const id = z.string().min(1).max(80);
const minor = z.int().positive();
const factSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('captured'), gatewayOrderId: id, gatewayPaymentId: id },
    ...{ amountMinor: minor, currency: z.string() },
  }),
  z.strictObject({ kind: z.literal('failed'), gatewayOrderId: id, gatewayPaymentId: id }),
]);
const bodySchema = z.strictObject({ eventId: id, facts: z.array(factSchema).max(10) });

const header = 'x-local-signature';

/** What the pretended gateway posts about facts: signed, like any gateway's. */
export const localWebhook = async (
  secret: string,
  facts: readonly GatewayFact[],
  eventId: string = crypto.randomUUID(),
): Promise<{ readonly headers: Headers; readonly body: Uint8Array }> => {
  const body = new TextEncoder().encode(JSON.stringify({ eventId, facts }));
  return { headers: new Headers({ [header]: await hmacHex(secret, body) }), body };
};

/**
 * A gateway that takes no money, for development and tests: what was paid is what somebody pressed on its page. It keeps
 * nothing, so it knows no more of an order than what its page has posted.
 *
 * @param secret signs its webhooks
 * @param appUrl where its page is
 */
export const localGateway = (secret: string, appUrl: string): Gateway => ({
  name: 'local',
  createOrder: async ({ id: orderId }) => ({ ok: true, value: { gatewayOrderId: `local_${orderId}` } }),
  checkout: (gatewayOrderId) => ({ keyId: null, payUrl: `${appUrl}/dev/pay/${gatewayOrderId}` }),
  isReturn: ({ gatewayOrderId, gatewayPaymentId, signature }) =>
    isHmacHex(secret, `${gatewayOrderId}|${gatewayPaymentId}`, signature),
  factsOf: async () => ({ ok: true, value: [] }),
  refund: async ({ gatewayPaymentId, amountMinor, currency, key }) => ({
    ok: true,
    value: {
      ...{ kind: 'refund', gatewayPaymentId, amountMinor, currency, status: 'processed', key },
      gatewayRefundId: `local_${await sha256Hex(new TextEncoder().encode(key))}`,
    },
  }),
  readWebhook: async (headers, body) => {
    if (!(await isHmacHex(secret, body, headers.get(header) ?? ''))) return null;
    const read = bodySchema.safeParse(jsonIn(body));
    const { eventId, facts } = read.success ? read.data : { eventId: await sha256Hex(body), facts: [] };
    return { eventId, type: facts.map(({ kind }) => kind).join(',') || 'unknown', facts };
  },
});
