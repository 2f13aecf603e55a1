import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { type AlertRelaySettings, AlertRelay as Relay } from '../../../durable-objects/alert-relay.ts';
import { postSigned } from '../../../src/http/standard-webhooks.ts';
import type { AlertRelay } from '../../../src/worker.ts';
import { bearing, edge } from '../../support/edge.ts';
import { patient, signIn } from '../../support/people.ts';
import type { Received } from '../../support/webhook.ts';

afterEach(() => vi.restoreAllMocks());

const secretBytes = crypto.getRandomValues(new Uint8Array(32));
const secret = `whsec_${btoa(String.fromCharCode(...secretBytes))}`;
const reports: unknown[] = [];
const posting: AlertRelaySettings['post'] = (hook, post) => postSigned(hook, post, 200);

/** A relay whose hook misbehaves as the script says, on storage of its own. */
const relayTo = async (
  script: string,
  run: (relay: TestRelay, received: () => Promise<Received[]>, state: DurableObjectState) => Promise<void>,
): Promise<void> => {
  const name = crypto.randomUUID();
  const stub = env.ALERT_RELAY.getByName(name) as DurableObjectStub<AlertRelay>;
  const received = async () => (await fetch(`${inject('hookUrl')}/${name}`)).json<Received[]>();
  reports.length = 0;
  await runInDurableObject(stub, async (_, state) => {
    const relay = new TestRelay(state, env);
    relay.begin(`${inject('hookUrl')}/${name}/${script}`);
    await run(relay, received, state);
    await state.storage.deleteAlarm();
  });
};

class TestRelay extends Relay<Env> {
  begin(url: string): void {
    const report = (what: string, detail: Record<string, unknown>) => void reports.push({ what, ...detail });
    this.start({ hook: { url, secret }, post: posting, report });
  }

  withoutHook(): void {
    this.start({ hook: null, post: posting, report: () => undefined });
  }
}

const alert = (event: string, n = 0) => ({ event, accountId: `u_${n}` });
/** How long until the next try, ms. */
const delayOf = async (state: DurableObjectState): Promise<number> =>
  ((await state.storage.getAlarm()) ?? Number.NaN) - Date.now();

describe('the alert hook', () => {
  it('[ED21] gets events together in one post, signed as Standard Webhooks has it', async () => {
    await relayTo('200', async (relay, received) => {
      await relay.raise([alert('token.reuse', 1)]);
      await relay.raise([alert('breakglass', 2)]);
      await relay.alarm();
      await relay.alarm();
      const [post, ...more] = await received();
      expect(more).toEqual([]);
      const body = JSON.parse(post?.body ?? '');
      expect(body).toMatchObject({ type: 'security.events', data: { notShown: {} } });
      expect(body.data.events.map(({ event }: { event: string }) => event)).toEqual(['token.reuse', 'breakglass']);
      const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = post?.headers ?? {};
      expect(id).toMatch(/^msg_[0-9a-f-]{36}$/);
      expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
      const key = await crypto.subtle.importKey('raw', secretBytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
        'verify',
      ]);
      const mac = Uint8Array.from(atob(signature?.replace(/^v1,/, '') ?? ''), (c) => c.charCodeAt(0));
      const signed = new TextEncoder().encode(`${id}.${timestamp}.${post?.body}`);
      expect(await crypto.subtle.verify('HMAC', key, mac, signed)).toBe(true);
    });
  });

  it.each([
    ['500', /status 500/],
    ['404', /status 404/],
    ['timeout', /TimeoutError|AbortError/],
    ['hangup', /Error/],
    ['302:elsewhere', /status 302/],
  ])('[ED21] that answers %s gets the same post again, under the same id, later and later', async (step, why) => {
    await relayTo(`${step},${step},200`, async (relay, received, state) => {
      await relay.raise([alert('token.reuse')]);
      await relay.alarm();
      const first = await delayOf(state);
      await relay.alarm();
      const second = await delayOf(state);
      expect(first).toBeGreaterThan(3_000);
      expect(second).toBeGreaterThan(first * 1.5);
      await relay.alarm();
      const posts = await received();
      expect(posts).toHaveLength(3);
      expect(new Set(posts.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
      expect(reports).toHaveLength(2);
      expect(reports[0]).toMatchObject({ what: 'alert_hook_failed', attempts: 1, why: expect.stringMatching(why) });
      await relay.alarm();
      expect(await received()).toHaveLength(3);
    });
  });

  it('[ED21] that asks for time gets it, up to an hour', async () => {
    await relayTo('429:120,503:999999,200', async (relay, _, state) => {
      await relay.raise([alert('token.reuse')]);
      await relay.alarm();
      expect(await delayOf(state)).toBeGreaterThan(115_000);
      await relay.alarm();
      expect(await delayOf(state)).toBeLessThanOrEqual(3_600_000);
      expect(await delayOf(state)).toBeGreaterThan(3_500_000);
    });
  });

  it('[ED21] that never answers well is given up on after about a day, and what comes then is posted', async () => {
    await relayTo(`${'500,'.repeat(32)}200`, async (relay, received) => {
      await relay.raise([alert('token.reuse', 1)]);
      for (let i = 0; i < 32; i += 1) await relay.alarm();
      expect(reports.at(-1)).toMatchObject({ what: 'alerts_given_up', attempts: 32, events: 1 });
      await relay.raise([alert('breakglass', 2)]);
      await relay.alarm();
      const posts = await received();
      expect(JSON.parse(posts.at(-1)?.body ?? '').data.events).toEqual([alert('breakglass', 2)]);
    });
  });

  it('[ED21] is not flooded by a flood: few posts, and the number of what they do not show', async () => {
    await relayTo('200', async (relay, received, state) => {
      for (let i = 0; i < 50; i += 1) {
        const alerts = Array.from({ length: 50 }, (_, n) => alert('csrf', i * 50 + n));
        await relay.raise(alerts, { csrf: 1_000 });
      }
      await relay.alarm();
      expect(await delayOf(state)).toBeGreaterThan(9_000);
      for (let i = 0; i < 20; i += 1) await relay.alarm();
      const posts = (await received()).map(({ body }) => JSON.parse(body).data);
      expect(posts).toHaveLength(10);
      const shown = posts.reduce((sum, { events }) => sum + events.length, 0);
      const untold = posts.reduce((sum, { notShown }) => sum + (notShown.csrf ?? 0), 0);
      expect([shown, shown + untold]).toEqual([1_000, 2_500 + 50_000]);
    });
  });

  it('[ED21] forgets what waits when there is no hook any more', async () => {
    await relayTo('200', async (relay, received, state) => {
      await relay.raise([alert('token.reuse')]);
      relay.withoutHook();
      await relay.alarm();
      expect(await received()).toEqual([]);
      expect(await state.storage.getAlarm()).toBeNull();
    });
  });
});

describe('what alerts', () => {
  const raised = vi.fn(async (_alerts: unknown, _dropped: unknown) => undefined);
  const alerting = (more: Readonly<Record<string, unknown>> = {}) =>
    edge({
      ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/hook',
      ALERT_WEBHOOK_SECRET: secret,
      ALERT_RELAY: { getByName: () => ({ raise: raised }) },
      ...more,
    });

  it('[ED21] is a refresh token that comes twice: somebody has a copy', async () => {
    raised.mockClear();
    const { refreshToken, id } = await signIn((await patient()).email);
    const { post } = alerting();
    await post('/api/v1/auth/refresh', { refreshToken });
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ['Date'] });
    await post('/api/v1/auth/refresh', { refreshToken });
    vi.useRealTimers();
    await vi.waitFor(() => expect(raised).toHaveBeenCalled());
    expect(raised.mock.calls[0]?.[0]).toEqual([expect.objectContaining({ event: 'token.reuse', accountId: id })]);
  });

  it('[ED21] is nothing that happens all day, unless the settings name it', async () => {
    const wrong = { email: 'nobody@example.com', password: 'Correct-Horse-7' };
    raised.mockClear();
    await alerting().post('/api/v1/auth/login', wrong);
    expect(raised).not.toHaveBeenCalled();
    await alerting({ ALERT_EVENTS: 'auth.failed' }).post('/api/v1/auth/login', wrong);
    await vi.waitFor(() => expect(raised).toHaveBeenCalledTimes(1));
    expect(JSON.stringify(raised.mock.calls)).not.toContain('nobody@');
  });

  it('[ED21] is sent by an isolate as few messages, however many requests there are', async () => {
    raised.mockClear();
    const { token } = await patient();
    const { ask } = alerting({ ALERT_EVENTS: 'access.denied' });
    await Promise.all(Array.from({ length: 120 }, () => ask('/api/v1/admin/audit', { headers: bearing({ token }) })));
    await vi.waitFor(() => expect(raised).toHaveBeenCalled());
    const calls = raised.mock.calls as unknown as [unknown[], Record<string, number>][];
    const told = calls.reduce((sum, [alerts, dropped]) => sum + alerts.length + (dropped['access.denied'] ?? 0), 0);
    expect(told).toBe(120);
    expect(calls.length).toBeLessThan(6);
    for (const [alerts] of calls) expect(alerts.length).toBeLessThanOrEqual(50);
  });

  it('[ED21] must be signed, and by https in production', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    for (const settings of [
      { ALERT_WEBHOOK_URL: 'https://hook.example/' },
      { ALERT_WEBHOOK_URL: 'https://hook.example/', ALERT_WEBHOOK_SECRET: 'short' },
      { ALERT_WEBHOOK_URL: 'file:///etc/passwd', ALERT_WEBHOOK_SECRET: secret },
      { ALERT_EVENTS: 'token.reuse,anything' },
    ]) {
      expect((await edge(settings).ask('/health')).status).toBe(500);
    }
    expect(JSON.stringify(logged.mock.calls)).toContain('ALERT_WEBHOOK_SECRET');
    expect(JSON.stringify(logged.mock.calls)).not.toContain(secret);
  });
});
