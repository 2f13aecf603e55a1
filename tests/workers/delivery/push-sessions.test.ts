import { env } from 'cloudflare:workers';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { consumeMessage } from '../../../src/messages/consume.ts';
import { subscriber } from '../../support/browser.ts';
import { bearing, edge } from '../../support/edge.ts';
import { mailTo, messageRow, said } from '../../support/mailbox.ts';
import { admin, type Person, patient, signIn } from '../../support/people.ts';
import { provider } from '../../support/provider.ts';
import { under } from '../../support/under.ts';

const send = under();
const dayMs = 86_400_000;
const path = '/users/me/push-subscriptions';
let deployment: Env;

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const VAPID_PRIVATE_KEY = JSON.stringify(await exportJWK(privateKey));
  deployment = { ...env, PUSH_TRANSPORT: 'web', PUSH_HOSTS: 'localhost', VAPID_PRIVATE_KEY } as Env;
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** A browser of its own push service, which says yes to everything. */
const browser = async () => {
  const service = provider();
  await service.answers(201);
  const { p256dh, auth } = await subscriber();
  const endpoint = `${service.url}/send/${crypto.randomUUID()}`;
  const subscription = { endpoint, expirationTime: null, keys: { p256dh, auth } };
  const told = async () => (await service.asked()).length;
  const add = (as: Person, name = 'Tablet') =>
    edge(deployment as never).post(`/api/v1${path}`, { service: 'web', name, subscription }, { headers: bearing(as) });
  return { endpoint, add, told };
};

/** A browser on which somebody is told from now on. */
const told = async (as: Person) => {
  const made = await browser();
  expect((await made.add(as)).status).toBe(201);
  return made;
};

/** An appointment of somebody moves. */
const moves = async ({ id: to }: Person) => {
  const { id } = await said({ to, accountId: to, channel: 'push', subject: 'Your appointment has moved' }, Date.now());
  await consumeMessage(deployment, { id }, Date.now());
  return messageRow(id);
};

const sessionIdOf = ({ token }: Person): string => JSON.parse(atob(token.split('.')[1] ?? '')).sid;
const devicesOf = async (as: Person): Promise<unknown[]> => (await send('GET', path, { as })).body.items;
const mailOfDevices = async ({ email }: Person) =>
  (await mailTo(email)).filter(({ kind }) => kind === 'push_device_added');

/** Ways in which the session of a thief ends; those after which the owner's own goes on leave the owner's device. */
const ways: Readonly<
  Record<string, { readonly end: (owner: Person, thief: Person) => Promise<unknown>; readonly all?: true }>
> = {
  'signing out': { end: (_, { refreshToken }) => send('POST', '/auth/logout', { body: { refreshToken } }) },
  'being ended from the list': { end: (as, thief) => send('DELETE', `/auth/sessions/${sessionIdOf(thief)}`, { as }) },
  'signing out everywhere else': { end: (as) => send('DELETE', '/auth/sessions', { as }) },
  'signing out everywhere': { end: (as) => send('DELETE', '/auth/sessions?which=all', { as }), all: true },
  'a changed password': {
    end: (as) =>
      send('POST', '/auth/password', { as, body: { currentPassword: as.password, newPassword: 'Better-Horse-8' } }),
  },
  'a password that was reset': {
    end: async ({ email }) => {
      await send('POST', '/auth/password-reset', { body: { email } });
      const link = (await mailTo(email)).find(({ kind }) => kind === 'password_reset')?.text ?? '';
      const resetToken = /#(\S+)/.exec(link)?.[1];
      return send('POST', '/auth/password-reset/confirm', { body: { resetToken, password: 'Better-Horse-8' } });
    },
    all: true,
  },
  'a refresh token that was used twice': {
    end: async (_, { refreshToken }) => {
      await send('POST', '/auth/refresh', { body: { refreshToken } });
      later(11_000);
      return send('POST', '/auth/refresh', { body: { refreshToken } });
    },
  },
  'making room for another': {
    end: ({ email, password }) => under({ MAX_SESSIONS: '1' })('POST', '/auth/login', { body: { email, password } }),
    all: true,
  },
  deactivation: {
    end: async ({ id }) => send('PUT', `/admin/users/${id}`, { as: await admin(), body: { active: false } }),
    all: true,
  },
};

describe('a device is told for as long as the session goes on that added it', () => {
  it.each(Object.entries(ways))('[MS18] and nothing more after %s', async (_, { end, all }) => {
    const owner = await patient();
    const thief = await signIn(owner.email);
    const [own, stolen] = [await told(owner), await told(thief)];
    await moves(owner);
    expect([await own.told(), await stolen.told()]).toEqual([1, 1]);
    await end(owner, thief);
    const row = await moves(owner);
    expect([await own.told(), await stolen.told(), row?.failure]).toEqual(all ? [1, 1, 'no_device'] : [2, 1, null]);
    const left = env.DB.prepare('select session_id from push_subscriptions where account_id = ?').bind(owner.id);
    expect((await left.all()).results).toEqual(all ? [] : [{ session_id: sessionIdOf(owner) }]);
  });

  it('[MS18] also while nobody uses the session, and no longer than until the night after its thirty days', async () => {
    const owner = await patient();
    const elsewhere = await signIn(owner.email);
    const [own, unused] = [await told(owner), await told(elsewhere)];
    const boss = await admin();
    const night = async () => {
      const { token } = await signIn(boss.email);
      expect((await send('POST', '/admin/jobs/forget_devices/run', { as: { token } })).status).toBe(200);
      await moves(owner);
    };
    let { refreshToken } = owner;
    const goesOn = async () => {
      later(6 * dayMs);
      ({ refreshToken } = (await send('POST', '/auth/refresh', { body: { refreshToken } })).body);
      await night();
    };
    await goesOn();
    expect([await own.told(), await unused.told()]).toEqual([1, 1]);
    for (let day = 12; day <= 24; day += 6) await goesOn();
    expect([await own.told(), await unused.told()]).toEqual([4, 4]);
    later(6 * dayMs);
    await night();
    expect([await own.told(), await unused.told()]).toEqual([4, 4]);
  });

  it('[MS18] the session that registered it last: another one may end', async () => {
    const owner = await patient();
    const again = await signIn(owner.email);
    const device = await told(owner);
    expect((await device.add(again)).status).toBe(201);
    await send('POST', '/auth/logout', { body: { refreshToken: owner.refreshToken } });
    expect(await devicesOf(again)).toHaveLength(1);
  });

  it('[MS18] one that is added while its session ends is not kept', async () => {
    const owner = await patient();
    const device = await browser();
    // The guards have not heard of it yet.
    await env.DB.prepare('update sessions set ended_at_ms = 1 where account_id = ?').bind(owner.id).run();
    const answer = await device.add(owner);
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([401, 'unauthenticated']);
    expect(await devicesOf(owner)).toEqual([]);
    expect(await mailOfDevices(owner)).toEqual([]);
  });

  it('[MS18] one of before sessions were kept with devices goes with the last session of the account', async () => {
    const owner = await patient();
    const elsewhere = await signIn(owner.email);
    const device = await told(owner);
    await env.DB.prepare('update push_subscriptions set session_id = null where account_id = ?').bind(owner.id).run();
    await send('POST', '/auth/logout', { body: { refreshToken: owner.refreshToken } });
    await moves(owner);
    expect(await device.told()).toBe(1);
    await send('DELETE', '/auth/sessions?which=all', { as: elsewhere });
    expect((await moves(owner))?.failure).toBe('no_device');
    expect(await device.told()).toBe(1);
  });
});

describe('the owner of an account', () => {
  it('[MS19] is told by mail of each device that is added, in their language and without its address', async () => {
    const owner = await patient();
    const [tablet, phone] = [await browser(), await browser()];
    await tablet.add(owner, 'Aunt’s tablet');
    await tablet.add(owner, 'Aunt’s old tablet');
    const choice = await send('PUT', '/users/me/notification-preferences', { as: owner, body: { locale: 'bn' } });
    expect(choice.status).toBe(200);
    await phone.add(owner, 'Phone');
    const [second, first, ...more] = await mailOfDevices(owner);
    expect(more).toEqual([]);
    expect(first?.text).toMatch(/shows on this device, too: Aunt’s tablet\..*sign out everywhere/s);
    expect(second?.text).toMatch(/এই যন্ত্রেও দেখাবে: Phone।.*সব জায়গা থেকে সাইন আউট/s);
    for (const { endpoint } of [tablet, phone]) {
      const said = JSON.stringify([first, second]);
      for (const part of [endpoint, new URL(endpoint).host, endpoint.split('/').at(-1)])
        expect(said).not.toContain(part);
    }
  });
});
