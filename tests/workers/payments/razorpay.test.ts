import { env } from 'cloudflare:workers';
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { razorpay } from '../../../src/payments/razorpay.ts';
import { type Actor, practice, signedIn } from '../../support/clinic.ts';
import { bearing, edge } from '../../support/edge.ts';
import { patient } from '../../support/people.ts';
import { provider } from '../../support/provider.ts';
import type { Answer } from '../../support/providers.ts';

const secrets = { keyId: 'rzp_test_1DP5mmOlF5G5ag', keySecret: 'thiswillnotbeshown', webhookSecret: 'whs-0123456789' };
const hmac = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex');
const order = { id: 'order_DaZlswtdcn9UNV', entity: 'order', amount: 150_000, currency: 'INR', status: 'created' };
const toPay = { id: 'po_AAAA', amountMinor: 150_000, currency: 'INR' };
const captured = {
  ...{ id: 'pay_DESp9bgForNoUd', entity: 'payment', order_id: order.id, amount: 150_000, currency: 'INR' },
  ...{ status: 'captured', captured: true, amount_refunded: 0, email: 'john.smith@example.com' },
};
const refund = {
  ...{ id: 'rfnd_FP8QHiV938haTz', entity: 'refund', amount: 500, currency: 'INR', payment_id: captured.id },
  ...{ receipt: 'rf_AAAAAAAA-1', status: 'processed', speed_processed: 'normal' },
};

const gateway = async (...answers: readonly (Answer | number)[]) => {
  const server = provider();
  await server.answers(...answers);
  return { ...server, ...razorpay({ apiUrl: server.url, ...secrets }, 300) };
};

describe('what Razorpay is asked', () => {
  test('[PY13] for an order, exactly as its documentation has it', async () => {
    const { createOrder, asked, url } = await gateway({ status: 200, body: order });
    expect(await createOrder(toPay)).toEqual({ ok: true, value: { gatewayOrderId: order.id } });
    const [request] = await asked();
    expect([request?.method, request?.path]).toEqual(['POST', `${new URL(url).pathname}/v1/orders`]);
    expect(request?.headers.authorization).toBe(`Basic ${btoa(`${secrets.keyId}:${secrets.keySecret}`)}`);
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.text ?? '')).toEqual({
      ...{ amount: 150_000, currency: 'INR', receipt: 'po_AAAA' },
      payment: { capture: 'automatic', capture_options: { automatic_expiry_period: 12, refund_speed: 'normal' } },
    });
  });

  test('[PY13] what it does not answer, or not intelligibly, is unknown; what it refuses is refused', async () => {
    const why = async (answer: Answer | number) => {
      const { createOrder } = await gateway(answer);
      const made = await createOrder(toPay);
      return made.ok ? 'made' : `${made.why}: ${made.detail}, ${made.retryAfterMs}`;
    };
    const refusedBody = { error: { code: 'BAD_REQUEST_ERROR', description: 'Nadia Islam may not' } };
    expect(await why({ status: 429, headers: { 'retry-after': '7' } })).toBe('unreachable: status 429, 7000');
    expect(await why(500)).toBe('unreachable: status 500, 0');
    expect(await why(0)).toBe('unreachable: TimeoutError, 0');
    expect(await why(-1)).toMatch(/^unreachable: \w*Error, 0$/);
    expect(await why({ status: 200, body: { id: 'nonsense' } })).toBe('unreachable: not understood, 0');
    expect(await why({ status: 200, body: { ...order, amount: 1 } })).toBe('refused: another amount, 0');
    expect(await why({ status: 400, body: refusedBody })).toBe('refused: status 400 BAD_REQUEST_ERROR, 0');
    expect(await why({ status: 302, headers: { location: 'https://elsewhere.test/' } })).toMatch(/^refused/);
  });

  test('[PY8] [PY13] for a refund under a key that stays the same, whatever came of the first try', async () => {
    const { refund: give, asked } = await gateway(-1, { status: 409 }, { status: 200, body: refund });
    const wanted = { gatewayPaymentId: captured.id, amountMinor: 500, currency: 'INR', key: 'rf_AAAAAAAA-1' };
    expect([await give(wanted), await give(wanted)]).toMatchObject([{ why: 'unreachable' }, { why: 'unreachable' }]);
    expect(await give(wanted)).toMatchObject({
      ...{ ok: true, value: { kind: 'refund', gatewayRefundId: refund.id, status: 'processed', key: 'rf_AAAAAAAA-1' } },
    });
    const requests = await asked();
    expect(new Set(requests.map(({ text }) => text))).toEqual(
      new Set([JSON.stringify({ amount: 500, speed: 'normal', receipt: 'rf_AAAAAAAA-1' })]),
    );
    for (const { path, headers } of requests) {
      expect(path.endsWith(`/v1/payments/${captured.id}/refund`)).toBe(true);
      expect(headers['x-refund-idempotency']).toBe('rf_AAAAAAAA-1');
    }
  });

  test('[PY6] [PY13] for everything that has happened on an order', async () => {
    const failed = { ...captured, id: 'pay_failed', status: 'failed', captured: false };
    const authorised = { ...captured, id: 'pay_authorised', status: 'authorized', captured: false };
    const paid = { ...captured, status: 'refunded', amount_refunded: 500 };
    const { factsOf, asked } = await gateway(
      { status: 200, body: { entity: 'collection', count: 3, items: [failed, authorised, paid] } },
      { status: 200, body: { entity: 'collection', count: 1, items: [refund] } },
    );
    expect(await factsOf(order.id)).toMatchObject({
      ok: true,
      value: [
        { kind: 'failed' },
        { kind: 'captured', gatewayPaymentId: captured.id, amountMinor: 150_000 },
        { kind: 'refund', gatewayRefundId: refund.id, amountMinor: 500 },
      ],
    });
    expect((await asked()).map(({ method, path }) => `${method} ${path.slice(path.indexOf('/v1'))}`)).toEqual([
      ...[`GET /v1/orders/${order.id}/payments`, `GET /v1/payments/${captured.id}/refunds`],
    ]);
  });
});

describe('what Razorpay signs', () => {
  const { readWebhook, isReturn } = razorpay({ apiUrl: 'https://api.razorpay.test', ...secrets });
  const reads = (event: string, payload: object, more: Record<string, string> = {}) => {
    const text = JSON.stringify({ entity: 'event', event, payload });
    const headers = new Headers({ 'x-razorpay-signature': hmac(secrets.webhookSecret, text), ...more });
    return readWebhook(headers, new TextEncoder().encode(text));
  };

  test('[PY4] [PY13] is read: of a payment and of a refund what counts, and nothing of the payer', async () => {
    const id = { 'x-razorpay-event-id': 'Gb5kMCdcAZ8jJ8' };
    const paid = await reads('payment.captured', { payment: { entity: captured } }, id);
    expect(paid).toMatchObject({ eventId: 'Gb5kMCdcAZ8jJ8', type: 'payment.captured', facts: [{ kind: 'captured' }] });
    expect(JSON.stringify(paid)).not.toContain('example.com');
    const both = { payment: { entity: { ...captured, status: 'refunded' } }, refund: { entity: refund } };
    expect((await reads('refund.processed', both))?.facts.map(({ kind }) => kind)).toEqual(['captured', 'refund']);
    expect((await reads('refund.failed', both))?.facts[1]).toMatchObject({ status: 'failed' });
    const authorised = { payment: { entity: { ...captured, status: 'authorized', captured: false } } };
    expect((await reads('payment.authorized', authorised))?.facts).toEqual([]);
    expect((await reads('something.new', {}))?.facts).toEqual([]);
    const [first, again] = [await reads('order.paid', both), await reads('order.paid', both)];
    expect(first?.eventId).toMatch(/^sha256-[0-9a-f]{64}$/);
    expect(again?.eventId).toBe(first?.eventId);
  });

  test('[PY16] is of an unknown type where it is no JSON, or of another shape', async () => {
    for (const text of ['', 'captured', 'null', '[]', '{"event":7}', '{"event":"payment.captured","payload":null}']) {
      const headers = new Headers({ 'x-razorpay-signature': hmac(secrets.webhookSecret, text) });
      const read = await readWebhook(headers, new TextEncoder().encode(text));
      expect(read).toMatchObject({ type: 'unknown', facts: [] });
    }
  });

  test('[PY4] is not believed from anybody else, nor changed', async () => {
    const entity = { payment: { entity: captured } };
    for (const signature of ['', 'nothex', hmac('guess', 'x'), hmac(secrets.keySecret, JSON.stringify(entity))])
      expect(await reads('payment.captured', entity, { 'x-razorpay-signature': signature })).toBeNull();
    const signed = { gatewayOrderId: order.id, gatewayPaymentId: captured.id };
    const signature = hmac(secrets.keySecret, `${order.id}|${captured.id}`);
    expect(await isReturn({ ...signed, signature })).toBe(true);
    expect(await isReturn({ ...signed, gatewayPaymentId: 'pay_other', signature })).toBe(false);
    expect(await isReturn({ ...signed, signature: hmac(secrets.webhookSecret, `${order.id}|${captured.id}`) })).toBe(
      false,
    );
  });
});

test('[PY6] [PY13] a patient pays by Razorpay, its webhook is lost, and what the form gave confirms the appointment', async () => {
  const heart = await practice({ profile: { consultationFee: { amount: 150_000, currency: 'INR' } } });
  const nadia: Actor = await signedIn((await patient()).id, 'patient');
  const held = (await nadia.holds(await heart.slot('09:00'))).body.id;
  const server = provider();
  const mine = { ...order, id: `order_${crypto.randomUUID().replaceAll('-', '')}` };
  const paid = { ...captured, id: `pay_${crypto.randomUUID().replaceAll('-', '')}` };
  await server.answers(503, { status: 200, body: mine }, { status: 200, body: { items: [paid] } });
  const { post, ask } = edge({
    ...{ PAYMENT_GATEWAY: 'razorpay', RAZORPAY_API_URL: server.url, RAZORPAY_KEY_ID: secrets.keyId },
    ...{ RAZORPAY_KEY_SECRET: secrets.keySecret, RAZORPAY_WEBHOOK_SECRET: secrets.webhookSecret },
  });
  const path = `/api/v1/appointments/${held}/payment`;
  const as = { headers: bearing(nadia) };
  const begin = () => ask(path, { method: 'POST', ...as });
  expect((await begin()).status).toBe(503);
  const begun = await (await begin()).json<{ order: object }>();
  expect(begun.order).toMatchObject({ gateway: 'razorpay', orderId: mine.id, keyId: secrets.keyId, payUrl: null });
  const brought = { orderId: mine.id, paymentId: paid.id };
  const forged = await post(`${path}/return`, { ...brought, signature: hmac('guess', 'x') }, as);
  expect((await forged.json<{ code: string }>()).code).toBe('wrong_signature');
  const signature = hmac(secrets.keySecret, `${mine.id}|${paid.id}`);
  const back = await post(`${path}/return`, { ...brought, signature }, as);
  expect(await back.json()).toMatchObject({ state: 'paid', order: null, payments: [{ kept: true }] });
  expect((await nadia.reads(held)).body.status).toBe('confirmed');

  // The webhook comes after all, and says what is known.
  const text = JSON.stringify({
    entity: 'event',
    event: 'payment.captured',
    payload: { payment: { entity: { ...paid, order_id: mine.id } } },
  });
  const webhook = (secret: string) =>
    ask('/api/v1/payment-webhooks/razorpay', {
      ...{ method: 'POST', body: text },
      headers: { 'content-type': 'application/json', 'x-razorpay-signature': hmac(secret, text) },
    });
  expect((await webhook('guess')).status).toBe(403);
  expect((await webhook(secrets.webhookSecret)).status).toBe(200);
  const count = await env.DB.prepare('select count(*) as n from payments where appointment_id = ?')
    .bind(held)
    .first('n');
  expect(count).toBe(1);
});

test('[PY14] the pretended gateway, and one without its secrets, are refused where money is real', async () => {
  const wrong = async (settings: object) => {
    const { settingsOf } = await import('../../../src/env.ts');
    const { production } = await import('../../support/edge.ts');
    try {
      settingsOf({ ...env, ...production, ...settings } as never);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(await wrong({})).toBe('');
  expect(await wrong({ PAYMENT_GATEWAY: 'local' })).toContain('PAYMENT_GATEWAY');
  expect(await wrong({ PAYMENT_GATEWAY: 'razorpay' })).toContain('RAZORPAY_WEBHOOK_SECRET');
  expect(await wrong({ RAZORPAY_API_URL: 'http://api.razorpay.test' })).toContain('RAZORPAY_API_URL');
  const { ask } = edge({ PAYMENT_GATEWAY: 'none' });
  expect((await ask('/dev/pay/x')).status).toBe(404);
  expect((await ask('/api/v1/payment-webhooks/local', { method: 'POST' })).status).toBe(404);
});
