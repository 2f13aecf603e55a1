import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { practice, signedIn } from '../../support/clinic.ts';
import { edge } from '../../support/edge.ts';
import { patient } from '../../support/people.ts';
import { provider } from '../../support/provider.ts';
import { textOf, web } from '../../support/web.ts';

const [keyId, keySecret] = ['rzp_test_1DP5mmOlF5G5ag', 'thiswillnotbeshown'];
const hmac = (text: string): string => createHmac('sha256', keySecret).update(text).digest('hex');
const money = { amount: 150_000, currency: 'INR' };

test('[PY6] [PY13] [WB5] [WB16] who pays at Razorpay is led there by a form, without a script of theirs, and comes back', async () => {
  const heart = await practice({ profile: { consultationFee: money } });
  const person = await patient();
  const nadia = await signedIn(person.id, 'patient');
  const { id } = (await nadia.holds(await heart.slot('09:00'))).body;
  const server = provider();
  const unique = () => crypto.randomUUID().replaceAll('-', '');
  const order = { ...money, id: `order_${unique()}`, entity: 'order', status: 'created' };
  const paid = {
    ...{ ...money, id: `pay_${unique()}`, entity: 'payment', order_id: order.id },
    ...{ status: 'captured', captured: true, amount_refunded: 0 },
  };
  await server.answers({ status: 200, body: order }, { status: 200, body: { items: [paid] } });
  const { ask } = edge({
    ...{ PAYMENT_GATEWAY: 'razorpay', RAZORPAY_API_URL: server.url, RAZORPAY_KEY_ID: keyId },
    ...{ RAZORPAY_KEY_SECRET: keySecret, RAZORPAY_WEBHOOK_SECRET: 'whs-0123456789' },
  });
  const browser = web(async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = request.method === 'POST' ? { body: await request.arrayBuffer() } : {};
    return ask(pathname + search, { method: request.method, headers: Object.fromEntries(request.headers), ...body });
  });
  await browser.signsIn(person);
  const path = `/appointments/${id}`;
  expect((await browser.sends(`${path}/pay`, {})).headers.get('location')).toBe(`${path}/pay`);
  const page = await browser.opens(`${path}/pay`);
  expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://api.razorpay.com;");
  const text = await page.text();
  const form = /<form method="post" action="https:\/\/api\.razorpay\.com\/v1\/checkout\/embedded">.*?<\/form>/s.exec(
    text,
  );
  const fields = [...(form?.[0] ?? '').matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
    name,
    value,
  ]);
  const back = `http://daybook.test${path}/paid`;
  expect(Object.fromEntries(fields)).toEqual({
    ...{ key_id: keyId, order_id: order.id, amount: '150000', currency: 'INR', name: 'Daybook' },
    ...{ callback_url: back, cancel_url: back },
  });

  // The gateway's page posts the browser back. It comes without the session's cookies, for it comes from elsewhere.
  const stranger = web();
  const elsewhere = { origin: 'https://api.razorpay.com', 'sec-fetch-site': 'cross-site' };
  const brought = (signature: string) =>
    stranger.sends(
      `${path}/paid`,
      { razorpay_order_id: order.id, razorpay_payment_id: paid.id, razorpay_signature: signature },
      elsewhere,
    );
  const cancelled = await stranger.sends(`${path}/paid`, {}, elsewhere);
  expect(cancelled.headers.get('location')).toBe(`${path}/paid`);
  const opens = async (answer: Response) =>
    browser.opens(answer.headers.get('location') ?? '', { 'sec-fetch-site': 'cross-site' });
  expect(await textOf(await opens(cancelled))).toContain('It was not paid.');
  const forged = await opens(await brought('guess'));
  expect([forged.status, await textOf(forged)]).toEqual([403, expect.stringContaining('The signature is not good.')]);
  expect((await nadia.reads(id)).body.status).toBe('pending');
  const led = await opens(await brought(hmac(`${order.id}|${paid.id}`)));
  expect([led.status, led.headers.get('location')]).toEqual([303, path]);
  expect((await nadia.reads(id)).body.status).toBe('confirmed');
});
