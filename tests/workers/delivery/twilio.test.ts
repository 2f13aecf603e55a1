import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { consumeMessage } from '../../../src/messages/consume.ts';
import { edge } from '../../support/edge.ts';
import { messageRow, said } from '../../support/mailbox.ts';
import { provider } from '../../support/provider.ts';
import type { Answer } from '../../support/providers.ts';

const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
const authToken = 'a-token-of-nobody-12345';
const to = '+8801700000001';
const created = (sid = 'SM1') => ({ status: 201, body: { sid, status: 'queued' } });

const texting = (url: string, settings: object = {}): Env => ({
  ...env,
  ...{ SMS_TRANSPORT: 'twilio', TWILIO_API_URL: url, TWILIO_ACCOUNT_SID: accountSid },
  ...{ TWILIO_FROM: '+15005550006', TWILIO_AUTH_TOKEN: authToken, APP_URL: 'https://daybook.test' },
  ...settings,
});

/** An SMS on its way out by Twilio. */
const sms = async (answers: readonly (Answer | number)[], message: object = {}, more?: object) => {
  const twilio = provider();
  await twilio.answers(...answers);
  const { id } = await said({ to, channel: 'sms', text: 'Tomorrow 09:00 (Asia/Dhaka) & more', ...message });
  const deployment = texting(twilio.url, more);
  return { id, deployment, send: (nowMs = Date.now()) => consumeMessage(deployment, { id }, nowMs), ...twilio };
};

/** What Twilio posts, signed as its documentation says, by other code than ours. */
const reports = async (
  deployment: Env,
  id: string,
  form: Record<string, string>,
  { signedFor = id, token = authToken } = {},
) => {
  const { createHmac } = await import('node:crypto');
  const url = `https://daybook.test/api/v1/sms-status/${signedFor}`;
  const fields = Object.keys(form)
    .sort()
    .map((name) => name + form[name])
    .join('');
  const signature = createHmac('sha1', token)
    .update(Buffer.from(url + fields, 'utf8'))
    .digest('base64');
  const answer = await edge(deployment as never).ask(`/api/v1/sms-status/${id}`, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'x-twilio-signature': signature },
  });
  await answer.arrayBuffer();
  return answer.status;
};

beforeEach(() => {
  vi.spyOn(env.MESSAGE_QUEUE, 'sendBatch').mockResolvedValue({} as never);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

describe('SMS by Twilio', () => {
  it('[MS13] asks exactly what its reference says', async () => {
    const expiresAtMs = Date.now() + 600_000;
    const { id, send, asked } = await sms([created('SM42')], { expiresAtMs });
    expect(await send()).toBeNull();
    const [request, ...more] = await asked();
    expect(more).toEqual([]);
    expect(request?.method).toBe('POST');
    expect(request?.path.replace(/^\/\w+/, '')).toBe(`/2010-04-01/Accounts/${accountSid}/Messages.json`);
    expect(request?.headers.authorization).toBe(`Basic ${btoa(`${accountSid}:${authToken}`)}`);
    expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    const { ValidityPeriod, ...form } = Object.fromEntries(new URLSearchParams(request?.text));
    expect(form).toEqual({
      To: to,
      From: '+15005550006',
      Body: 'Tomorrow 09:00 (Asia/Dhaka) & more',
      StatusCallback: `https://daybook.test/api/v1/sms-status/${id}`,
    });
    expect(Number(ValidityPeriod)).toBeGreaterThan(590);
    expect(await messageRow(id)).toMatchObject({ content: null, receipt: 'SM42', delivered_at_ms: null });
  });

  it('[MS13] sends by a messaging service where one is named', async () => {
    const { send, asked } = await sms([created()], {}, { TWILIO_FROM: `MG${'0123456789abcdef'.repeat(2)}` });
    await send();
    const form = new URLSearchParams((await asked())[0]?.text);
    expect([form.get('From'), form.get('MessagingServiceSid')]).toEqual([null, `MG${'0123456789abcdef'.repeat(2)}`]);
  });

  it.each([
    ['no such number', { status: 400, body: { code: 21211 } }, 'recipient_refused'],
    ['said STOP', { status: 400, body: { code: 21610 } }, 'recipient_refused'],
    ['too long', { status: 400, body: { code: 21617 } }, 'message_refused'],
    ['not even JSON', { status: 404 }, 'message_refused'],
  ])('[MS9] %s: not tried again', async (_, answer, failure) => {
    const { id, send, asked } = await sms([answer, created()]);
    expect(await send()).toBeNull();
    expect(await send(Date.now() + 3_600_000)).toBeNull();
    expect(await messageRow(id)).toMatchObject({ failure, attempts: 1, failed_at_ms: expect.any(Number) });
    expect(await asked()).toHaveLength(1);
  });

  it.each([
    ['a limit', { status: 429, headers: { 'retry-after': '300' } }, 'rate_limited', 300],
    ['an outage until a date', { status: 503, headers: { 'retry-after': 'in-an-hour' } }, 'provider_failed', 10],
    ['a wrong password', { status: 401, body: { code: 20003 } }, 'credentials_refused', 10],
    ['a broken connection', { status: -1 }, 'provider_unreachable', 10],
    ['a redirect', { status: 302, headers: { location: 'https://example.org/' } }, 'provider_failed', 10],
  ])('[MS4] [MS9] %s passes: tried again, not before it is time', async (_, answer, failure, seconds) => {
    const { id, send, asked } = await sms([answer, created()]);
    const nowMs = Date.now();
    const delay = await send(nowMs);
    expect(delay).toBeGreaterThanOrEqual(seconds);
    expect(delay).toBeLessThanOrEqual(Math.max(15, seconds));
    expect((await messageRow(id))?.failure).toBe(failure);
    expect(await send(nowMs + seconds * 1000 - 1)).toBeNull();
    expect(await asked()).toHaveLength(1);
    expect(await send(nowMs + (delay ?? 0) * 1000)).toBeNull();
    expect(await messageRow(id)).toMatchObject({ failure: null, receipt: 'SM1', attempts: 2 });
  });

  it('[MS10] a provider that never answers is left, and the message tried again', async () => {
    const { id, send } = await sms([0, created()]);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('The operation timed out', 'TimeoutError')), 100);
      return controller.signal;
    });
    expect(await send()).toBeGreaterThanOrEqual(10);
    expect((await messageRow(id))?.failure).toBe('timed_out');
  });
});

describe('what Twilio reports', () => {
  const one = async (sid = 'SM7') => {
    const texted = await sms([created(sid)]);
    await texted.send();
    return texted;
  };

  it('[MS13] delivered is noted once, whatever comes before and after', async () => {
    const { id, deployment } = await one();
    const says = (MessageStatus: string) => reports(deployment, id, { MessageSid: 'SM7', MessageStatus, To: to });
    expect([await says('queued'), await says('sent'), (await messageRow(id))?.delivered_at_ms]).toEqual([
      204,
      204,
      null,
    ]);
    expect(await says('delivered')).toBe(204);
    const noted = await messageRow(id);
    expect(noted).toMatchObject({ delivered_at_ms: expect.any(Number), failed_at_ms: null });
    expect([await says('delivered'), await says('undelivered'), await says('sent')]).toEqual([204, 204, 204]);
    expect(await messageRow(id)).toEqual(noted);
  });

  it('[MS13] undelivered gives the message up; of another copy than the last it does not', async () => {
    const { id, deployment } = await one();
    expect(await reports(deployment, id, { MessageSid: 'SM0', MessageStatus: 'failed' })).toBe(204);
    expect((await messageRow(id))?.failed_at_ms).toBeNull();
    expect(await reports(deployment, id, { MessageSid: 'SM7', MessageStatus: 'undelivered' })).toBe(204);
    expect(await messageRow(id)).toMatchObject({ failed_at_ms: expect.any(Number), failure: 'undelivered' });
    // The first copy arrived all the same.
    expect(await reports(deployment, id, { MessageSid: 'SM0', MessageStatus: 'delivered' })).toBe(204);
    expect(await messageRow(id)).toMatchObject({ failed_at_ms: null, delivered_at_ms: expect.any(Number) });
  });

  it('[MS13] faster than our own record of its yes, it stands', async () => {
    const texted = await sms([created('SM9')]);
    const form = { MessageSid: 'SM9', MessageStatus: 'delivered' };
    expect(await reports(texted.deployment, texted.id, form)).toBe(204);
    const noted = await messageRow(texted.id);
    expect(noted).toMatchObject({
      delivered_at_ms: expect.any(Number),
      sent_at_ms: expect.any(Number),
      due_at_ms: null,
    });
    expect([await texted.send(), await texted.asked()]).toEqual([null, []]);
  });

  it('[MS13] is not believed without a good signature, nor for what it was not signed for', async () => {
    const [mine, theirs] = [await one(), await one()];
    const form = { MessageSid: 'SM7', MessageStatus: 'delivered' };
    expect([
      await reports(mine.deployment, mine.id, form, { token: 'guessed' }),
      await reports(mine.deployment, mine.id, form, { signedFor: theirs.id }),
      await reports(mine.deployment, 'm_unknown', form),
      await reports({ ...env } as Env, mine.id, form),
    ]).toEqual([403, 403, 404, 404]);
    const mail = await said({ to: 'somebody@example.org' });
    expect(await reports(mine.deployment, mail.id, form)).toBe(404);
    expect((await messageRow(mine.id))?.delivered_at_ms).toBeNull();
  });
});
