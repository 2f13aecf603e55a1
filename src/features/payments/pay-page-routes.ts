import { html } from 'hono/html';
import type { GatewayFact } from '../../domain/payments/facts.ts';
import { refusal } from '../../domain/refusal.ts';
import { writtenMoney } from '../../domain/written-money.ts';
import { refuse } from '../../http/problem.ts';
import { router } from '../../http/route.ts';
import { orderAtGateway } from '../../payments/capture.ts';
import { localSecret, tillOf } from '../../payments/env-till.ts';
import { localWebhook } from '../../payments/local.ts';
import { takeWebhook } from '../../payments/take-webhook.ts';
import type { OrderRow } from '../../payments/till.ts';

const policy = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** What the page can pretend. */
const acts = {
  pay: 'Pay',
  fail: 'Let the payment fail',
  twice: 'Pay twice (two payments of one order)',
  late: 'Pay, and tell of it three minutes after the hold has run out',
} as const;
type Act = keyof typeof acts;

const minuteMs = 60_000;

const factsOf = (order: OrderRow, act: Act): GatewayFact[] => {
  const { gatewayOrderId, amountMinor, currency } = order;
  const paid = (): GatewayFact => ({
    ...{ kind: 'captured', gatewayOrderId: gatewayOrderId ?? '', gatewayPaymentId: `local_${crypto.randomUUID()}` },
    ...{ amountMinor, currency },
  });
  if (act !== 'fail') return act === 'twice' ? [paid(), paid()] : [paid()];
  const gatewayPaymentId = `local_${crypto.randomUUID()}`;
  return [{ kind: 'failed', gatewayOrderId: gatewayOrderId ?? '', gatewayPaymentId }];
};

const page = (title: string, body: unknown) => html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
<body><h1>${title}</h1>${body}</body>
</html>`;

const wayBack = ({ appointmentId }: OrderRow) =>
  html`<p><a href="/appointments/${appointmentId}">Back to the appointment</a></p>`;

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

/**
 * The page of the pretended gateway: its buttons post signed webhooks by the way that real ones come. Only under a name of
 * this machine, and where the settings choose it; in production there is nothing here.
 */
export const payPageRoutes = router();

payPageRoutes.use('/dev/pay/*', async (c, next) => {
  const { environment, payments } = c.get('settings');
  const isOwn = environment === 'test' || isLoopback(new URL(c.req.url).hostname);
  if (environment === 'production' || !isOwn || payments.gateway !== 'local') return refuse(c, refusal('not_found'));
  await next();
  c.header('content-security-policy', policy);
  return undefined;
});

payPageRoutes.get('/dev/pay/:order', async (c) => {
  const order = await orderAtGateway(c.env.DB, 'local', c.req.param('order'));
  if (order === null) return refuse(c, refusal('not_found'));
  const buttons = Object.entries(acts).map(
    ([act, text]) => html`<p><button name="act" value="${act}">${text}</button></p>`,
  );
  const amount = writtenMoney({ amount: order.amountMinor, currency: order.currency });
  const body = html`<p>No money changes hands here. The order is for ${amount}.</p><form method="post">${buttons}</form>${wayBack(order)}`;
  return c.html(page('Pretend to pay', body));
});

payPageRoutes.post('/dev/pay/:order', async (c) => {
  const order = await orderAtGateway(c.env.DB, 'local', c.req.param('order'));
  const act = new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer())).get('act') ?? '';
  if (order === null || !Object.hasOwn(acts, act)) return refuse(c, refusal('not_found'));
  const till = tillOf(c.env);
  const { gateway } = till;
  if (gateway === null) return refuse(c, refusal('not_found'));
  const { headers, body } = await localWebhook(localSecret(c.get('settings')), factsOf(order, act as Act));
  const nowMs = Date.now();
  const atMs = act === 'late' ? Math.max(nowMs, order.expiresAtMs) + 3 * minuteMs : nowMs;
  const left = await takeWebhook(till, gateway, headers, body, atMs);
  // Late news is what a sweep finds; everything else is done before the page says so.
  if (act !== 'late') await left?.();
  return c.html(page('Done', html`<p>${acts[act as Act]}: the webhook was posted.</p>${wayBack(order)}`));
});
