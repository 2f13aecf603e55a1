import { env } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fromBase64Url, toBase64Url } from '../../../src/domain/base64url.ts';
import { consumeMessage } from '../../../src/messages/consume.ts';
import { exampleOfTheRfc, read, subscriber } from '../../support/browser.ts';
import { bearing, edge } from '../../support/edge.ts';
import { messageRow, said } from '../../support/mailbox.ts';
import { patient } from '../../support/people.ts';
import { provider } from '../../support/provider.ts';
import type { Answer } from '../../support/providers.ts';

let vapid: Record<string, unknown>;
beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  vapid = { ...(await exportJWK(privateKey)) };
});
beforeEach(() => {
  vi.spyOn(env.MESSAGE_QUEUE, 'sendBatch').mockResolvedValue({} as never);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

const speaking = (settings: object = {}) =>
  ({
    ...env,
    ...{ PUSH_TRANSPORT: 'web', PUSH_HOSTS: 'localhost', APP_URL: 'https://daybook.test' },
    VAPID_PRIVATE_KEY: JSON.stringify(vapid),
    ...settings,
  }) as Env;

/** Somebody whose browser is told by a push service that answers so. */
const subscribed = async (...answers: readonly (Answer | number)[]) => {
  const person = await patient('Petra Pushed');
  const deployment = speaking();
  const told = async (...given: readonly (Answer | number)[]) => {
    const service = provider();
    await service.answers(...given);
    const browser = await subscriber();
    const keys = { p256dh: browser.p256dh, auth: browser.auth };
    const subscription = { endpoint: `${service.url}/send/${crypto.randomUUID()}`, expirationTime: null, keys };
    const body = { service: 'web', name: 'Laptop', subscription };
    const answer = await edge(deployment as never).post('/api/v1/users/me/push-subscriptions', body, {
      headers: bearing(person),
    });
    expect(answer.status).toBe(201);
    return { ...service, browser, subscription };
  };
  const first = await told(...answers);
  const push = async (message: object = {}, nowMs = Date.now()) => {
    const content = { subject: 'Tomorrow 09:00', text: 'Asia/Dhaka', link: 'https://daybook.test/a', ...message };
    const { id } = await said({ to: person.id, accountId: person.id, channel: 'push', ...content });
    return { id, again: await consumeMessage(deployment, { id }, nowMs), row: await messageRow(id) };
  };
  const devices = async () => {
    const answer = await edge(deployment as never).ask('/api/v1/users/me/push-subscriptions', {
      headers: bearing(person),
    });
    return answer.json<{ items: { id: string; lastUsedAt: string | null }[]; applicationServerKey: string }>();
  };
  return { ...first, person, deployment, also: told, push, devices };
};

describe('Web Push', () => {
  it('[MS14] the reader of these tests reads the example of RFC 8291', async () => {
    const { browser, body } = await exampleOfTheRfc();
    expect(await read(browser, body)).toBe('When I grow up, I want to be a watermelon');
  });

  it('[MS14] asks exactly what RFC 8030 and RFC 8292 say, and only the browser can read it', async () => {
    const { push, asked, browser, subscription, devices } = await subscribed(201);
    const expiresAtMs = Date.now() + 3_600_000;
    const { id, again, row } = await push({ expiresAtMs });
    expect([again, row?.content, row?.failure]).toEqual([null, null, null]);
    const [request, ...more] = await asked();
    expect(more).toEqual([]);
    expect([request?.method, request?.path]).toEqual(['POST', new URL(subscription.endpoint).pathname]);
    const { headers = {} } = request ?? {};
    expect(headers).toMatchObject({
      'content-encoding': 'aes128gcm',
      urgency: 'normal',
      topic: id.replaceAll(/^m_|-/g, ''),
    });
    expect(Number(headers.ttl)).toBeGreaterThan(3_590);
    expect(headers).not.toHaveProperty('crypto-key');
    const sent = request?.bytes ?? new Uint8Array();
    const said = JSON.parse(await read(browser, sent));
    expect(said).toEqual({ id, title: 'Tomorrow 09:00', body: 'Asia/Dhaka', link: 'https://daybook.test/a' });
    await expect(read(await subscriber(), sent)).rejects.toThrow();
    // RFC 8188, 2: whoever counts bytes learns nothing of the text.
    expect(sent.length).toBe(4_096);
    const [, token = '', k = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? '') ?? [];
    const point = fromBase64Url(k) ?? new Uint8Array();
    const { d: _, ...known } = vapid;
    expect(known).toMatchObject({ x: toBase64Url(point.slice(1, 33)), y: toBase64Url(point.slice(33)) });
    const audience = new URL(subscription.endpoint).origin;
    const { payload } = await jwtVerify(token, await importJWK(known as never, 'ES256'), { audience });
    expect(payload.sub).toBe('https://daybook.test');
    expect((payload.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(86_400);
    expect(await devices()).toMatchObject({ applicationServerKey: k, items: [{ lastUsedAt: expect.any(String) }] });
  });

  it('[MS14] what is long is cut to what every push service takes', async () => {
    const { push, asked, browser } = await subscribed(201);
    expect((await push({ text: '"আ👩‍⚕️\n'.repeat(1_000) })).again).toBeNull();
    const [request] = await asked();
    expect(request?.bytes.length).toBe(4_096);
    expect(JSON.parse(await read(browser, request?.bytes ?? new Uint8Array())).body).toMatch(/^"আ👩‍⚕️\n/);
  });

  it.each([404, 410])('[MS14] forgets a device of which its service says %i', async (status) => {
    const { push, devices, asked } = await subscribed(status);
    const first = await push();
    expect([first.again, first.row?.failure]).toEqual([null, 'no_device']);
    expect((await devices()).items).toEqual([]);
    expect((await push()).row?.failure).toBe('no_device');
    expect(await asked()).toHaveLength(1);
  });

  it.each([
    ['a limit', { status: 429, headers: { 'retry-after': '120' } }, 'rate_limited', 120],
    ['an outage', 503, 'provider_failed', 10],
    ['a key it does not take', 403, 'credentials_refused', 10],
    ['a broken connection', -1, 'provider_unreachable', 10],
  ])('[MS4] [MS9] %s passes', async (_, answer, failure, seconds) => {
    const { push, deployment, devices } = await subscribed(answer, 201);
    const nowMs = Date.now();
    const { id, again, row } = await push({}, nowMs);
    expect(again).toBeGreaterThanOrEqual(seconds);
    expect(row?.failure).toBe(failure);
    expect(await consumeMessage(deployment, { id }, nowMs + (again ?? 0) * 1000)).toBeNull();
    expect((await messageRow(id))?.sent_at_ms).not.toBeNull();
    expect((await devices()).items).toHaveLength(1);
  });

  it('[MS9] a message that is refused as such is not tried again', async () => {
    const { push } = await subscribed(413);
    expect(await push()).toMatchObject({ again: null, row: { failure: 'message_refused', attempts: 1 } });
  });

  it('[MS14] is sent when one of several devices has taken it, and rings on none twice', async () => {
    const { push, also, asked, devices } = await subscribed(503);
    const [taking, gone] = [await also(201), await also(410)];
    expect(await push()).toMatchObject({ again: null, row: { failure: null } });
    expect([(await asked()).length, (await taking.asked()).length, (await gone.asked()).length]).toEqual([1, 1, 1]);
    expect((await devices()).items).toHaveLength(2);
  });
});

describe('Firebase', () => {
  const project = async (tokens: readonly (Answer | number)[], answers: typeof tokens) => {
    const [google, fcm] = [provider(), provider()];
    await google.answers(...tokens);
    await fcm.answers(...answers);
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const pkcs8 = btoa(
      String.fromCharCode(...new Uint8Array((await crypto.subtle.exportKey('pkcs8', privateKey)) as ArrayBuffer)),
    );
    const account = {
      ...{ type: 'service_account', project_id: 'daybook-test', client_email: 'push@daybook-test.example.com' },
      private_key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
      token_uri: `${google.url}/token`,
    };
    const deployment = speaking({
      PUSH_TRANSPORT: 'fcm',
      FCM_API_URL: fcm.url,
      FCM_SERVICE_ACCOUNT: JSON.stringify(account),
    });
    const person = await patient('Fatima Firebase');
    const token = `device:${crypto.randomUUID()}`;
    const body = { service: 'fcm', name: 'Phone', token };
    const added = await edge(deployment as never).post('/api/v1/users/me/push-subscriptions', body, {
      headers: bearing(person),
    });
    expect(added.status).toBe(201);
    const push = async () => {
      const { id } = await said({
        to: person.id,
        channel: 'push',
        subject: 'Tomorrow 09:00',
        text: 'Asia/Dhaka',
        link: 'https://daybook.test/a',
      } as never);
      return { id, again: await consumeMessage(deployment, { id }, Date.now()), row: await messageRow(id) };
    };
    const devices = async () =>
      (await env.DB.prepare('select count(*) n from push_subscriptions where account_id = ?')
        .bind(person.id)
        .first<number>('n')) ?? 0;
    return { google, fcm, account, publicKey, token, push, devices };
  };
  const granted = { status: 200, body: { access_token: 'ya29.x', expires_in: 3599, token_type: 'Bearer' } };
  const failed = (status: number, errorCode: string) => ({
    status,
    body: {
      error: { code: status, details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }] },
    },
  });

  it('[MS14] signs in as the service account and asks exactly what HTTP v1 says', async () => {
    const { google, fcm, account, publicKey, token, push } = await project(
      [granted],
      [{ status: 200, body: { name: 'x' } }],
    );
    const { id, again } = await push();
    await push();
    expect(again).toBeNull();
    const [grant, ...others] = await google.asked();
    expect(others).toEqual([]);
    const form = new URLSearchParams(grant?.text);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const expected = { issuer: account.client_email, audience: account.token_uri };
    const { payload } = await jwtVerify(form.get('assertion') ?? '', publicKey, expected);
    expect(payload.scope).toBe('https://www.googleapis.com/auth/firebase.messaging');
    const [request, second] = await fcm.asked();
    expect([request?.method, request?.path.replace(/^\/\w+/, '')]).toEqual([
      'POST',
      '/v1/projects/daybook-test/messages:send',
    ]);
    expect([request?.headers.authorization, second?.headers.authorization]).toEqual(['Bearer ya29.x', 'Bearer ya29.x']);
    expect(JSON.parse(request?.text ?? '')).toEqual({
      message: {
        token,
        notification: { title: 'Tomorrow 09:00', body: 'Asia/Dhaka' },
        data: { id, link: 'https://daybook.test/a' },
        android: { collapse_key: id, ttl: '86400s', notification: { tag: id } },
        apns: { headers: { 'apns-collapse-id': id, 'apns-expiration': expect.stringMatching(/^\d+$/) } },
      },
    });
  });

  it('[MS14] forgets a device that is gone, and not because a project is', async () => {
    const gone = await project([granted], [failed(404, 'UNREGISTERED')]);
    expect(await gone.push()).toMatchObject({ again: null, row: { failure: 'no_device' } });
    expect(await gone.devices()).toBe(0);
    const wrong = await project([granted], [{ status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } }]);
    expect(await wrong.push()).toMatchObject({ again: null, row: { failure: 'message_refused' } });
    expect(await wrong.devices()).toBe(1);
  });

  it.each([
    [
      'a quota',
      [granted],
      [{ ...failed(429, 'QUOTA_EXCEEDED'), headers: { 'retry-after': '60' } }],
      'rate_limited',
      60,
    ],
    ['an outage', [granted], [failed(503, 'UNAVAILABLE')], 'provider_failed', 10],
    [
      'a key that Google does not know',
      [{ status: 400, body: { error: 'invalid_grant' } }],
      [200],
      'credentials_refused',
      10,
    ],
    ['a token that ran out', [granted], [failed(401, 'THIRD_PARTY_AUTH_ERROR')], 'credentials_refused', 10],
  ])('[MS9] %s passes', async (_, tokens, answers, failure, seconds) => {
    const { push, devices } = await project(tokens as never, answers as never);
    const { again, row } = await push();
    expect([row?.failure, await devices()]).toEqual([failure, 1]);
    expect(again).toBeGreaterThanOrEqual(seconds);
  });
});
