import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { send } from '../../support/api.ts';
import { subscriber } from '../../support/browser.ts';
import { bearing, edge } from '../../support/edge.ts';
import { type Person, patient } from '../../support/people.ts';

const path = '/users/me/push-subscriptions';
const application = (token = `device:${crypto.randomUUID()}`) => ({ service: 'fcm', name: 'My phone', token });

const browser = async (endpoint = `https://fcm.googleapis.com/fcm/send/${crypto.randomUUID()}`) => {
  const { p256dh, auth } = await subscriber();
  return { service: 'web', name: 'Laptop', subscription: { endpoint, expirationTime: null, keys: { p256dh, auth } } };
};

const add = async (as: Person, body: unknown) => {
  const answer = await send('POST', path, { as, body });
  return { status: answer.status, body: await answer.json<{ id: string; code?: string; name?: string }>() };
};
const list = async (as: Person) => (await (await send('GET', path, { as })).json<{ items: { id: string }[] }>()).items;

describe('the devices that a person is told on', () => {
  it('[MS15] are added, listed and removed by their owner, and say nothing of their address', async () => {
    const me = await patient();
    const [laptop, phone] = [await browser(), application()];
    const [first, second] = [await add(me, laptop), await add(me, phone)];
    expect([first.status, second.status]).toEqual([201, 201]);
    const shown = await list(me);
    expect(shown).toEqual([
      { id: first.body.id, service: 'web', name: 'Laptop', createdAt: expect.any(String), lastUsedAt: null },
      { id: second.body.id, service: 'fcm', name: 'My phone', createdAt: expect.any(String), lastUsedAt: null },
    ]);
    const stored = await env.DB.prepare('select * from push_subscriptions where account_id = ?').bind(me.id).all();
    const { endpoint, keys } = laptop.subscription;
    for (const secret of [endpoint, keys.auth, keys.p256dh, phone.token])
      expect(JSON.stringify(stored.results)).not.toContain(secret);
    expect((await send('DELETE', `${path}/${first.body.id}`, { as: me })).status).toBe(204);
    expect((await list(me)).map(({ id }) => id)).toEqual([second.body.id]);
  });

  it('[MS15] are there once, and belong to who registered them last', async () => {
    const [me, other] = [await patient(), await patient()];
    const phone = application();
    const { id } = (await add(me, phone)).body;
    expect((await add(me, { ...phone, name: 'My new name' })).body).toMatchObject({ id, name: 'My new name' });
    expect(await list(me)).toHaveLength(1);
    expect((await add(other, phone)).status).toBe(201);
    expect([(await list(me)).length, (await list(other)).length]).toEqual([0, 1]);
  });

  it('[MS15] are nobody else’s to remove: a foreign one answers like none', async () => {
    const [me, other] = [await patient(), await patient()];
    const { id } = (await add(me, application())).body;
    const answers = await Promise.all(
      [id, 'ps_unknown'].map((each) => send('DELETE', `${path}/${each}`, { as: other })),
    );
    expect(
      await Promise.all(answers.map(async (answer) => [answer.status, (await answer.json<{ code: string }>()).code])),
    ).toEqual([
      [404, 'not_found'],
      [404, 'not_found'],
    ]);
    expect(await list(me)).toHaveLength(1);
  });

  it('[MS15] are ten at most, even when all come at once; one that is there may be renewed', async () => {
    const me = await patient();
    const devices = Array.from({ length: 14 }, () => application());
    const answers = await Promise.all(devices.map((device) => add(me, device)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ body }) => body.code === 'too_many_devices')).toHaveLength(4);
    const kept = devices.filter((_, i) => answers[i]?.status === 201);
    expect((await add(me, { ...kept[0], name: 'Renewed' })).status).toBe(201);
    expect(await list(me)).toHaveLength(10);
  });

  it.each([
    ['http', 'http://fcm.googleapis.com/fcm/send/x'],
    ['another host', 'https://example.org/push'],
    ['a host that ends alike', 'https://evil-fcm.googleapis.com.example.org/x'],
    ['a host above the named ones', 'https://push.apple.com/x'],
    ['this machine', 'https://localhost/x'],
    ['a number', 'https://127.0.0.1/x'],
    ['a name and a password', 'https://fcm.googleapis.com@example.org/x'],
  ])('[MS15] a browser cannot name %s', async (_, endpoint) => {
    const me = await patient();
    expect(await add(me, await browser(endpoint))).toMatchObject({
      status: 422,
      body: { code: 'unknown_push_service' },
    });
    expect((await add(me, await browser('https://web.push.apple.com/abc'))).status).toBe(201);
  });

  it('[MS15] a key that is no key of a browser is refused before it fails with every message', async () => {
    const me = await patient();
    const good = await browser();
    const keyed = (keys: object) => ({ ...good, subscription: { ...good.subscription, keys } });
    const { p256dh, auth } = good.subscription.keys;
    for (const keys of [
      { p256dh: `B${'A'.repeat(86)}`, auth },
      { p256dh: 'short', auth },
      { p256dh, auth: 'short' },
    ]) {
      expect(await add(me, keyed(keys))).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
    expect(await list(me)).toEqual([]);
  });

  it('[MS15] [MS16] in production: by https on its own port, and only where push is set up', async () => {
    const me = await patient();
    const { privateKey } = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
    ])) as CryptoKeyPair;
    const VAPID_PRIVATE_KEY = JSON.stringify(await crypto.subtle.exportKey('jwk', privateKey));
    const asked = async (settings: object, body: unknown) => {
      const answer = await edge(settings as never).post(`/api/v1${path}`, body, { headers: bearing(me) });
      return answer.status;
    };
    const web = { PUSH_TRANSPORT: 'web', VAPID_PRIVATE_KEY };
    expect(await asked({ PUSH_TRANSPORT: '' }, await browser())).toBe(422);
    expect(await asked(web, application())).toBe(422);
    expect(await asked(web, await browser())).toBe(201);
  });
});
