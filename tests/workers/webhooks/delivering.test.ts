import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { attemptDelivery, sweepDeliveries } from '../../../src/features/webhooks/deliver.ts';
import type { Received } from '../../support/webhook.ts';
import { clinicPractice, deliveryTo, hook, withoutWebhooks } from '../../support/webhooks.ts';

let clinic: Awaited<ReturnType<typeof clinicPractice>>;
beforeAll(async () => {
  clinic = await clinicPractice();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await withoutWebhooks(clinic.clinicId);
});

const silently = () => vi.spyOn(console, 'error').mockImplementation(() => undefined);
const patienceMs = 250;
const dayMs = 86_400_000;

/** A webhook whose endpoint misbehaves as the script says, and something to tell it. */
const told = async (script: string) => {
  const { url, received } = hook(script);
  const { id: webhookId, secret } = (await clinic.register({ url })).body;
  const id = await deliveryTo(webhookId, clinic.clinicId);
  const path = `/clinics/${clinic.clinicId}/webhooks/${webhookId}`;
  return {
    id,
    webhookId,
    secret,
    received,
    path,
    attempt: (nowMs = Date.now()) => attemptDelivery(env, { id }, nowMs, patienceMs),
    shown: async () => (await clinic.admin.act('GET', `${path}/deliveries`)).body.items[0],
    webhook: async () =>
      (await clinic.admin.act('GET', `/clinics/${clinic.clinicId}/webhooks`)).body.items.find(
        (one: { id: string }) => one.id === webhookId,
      ),
  };
};
const verifies = (secret: string, { body, headers }: Received): unknown => new Webhook(secret).verify(body, headers);

describe('a post', () => {
  it('[WH7] is verified by a library that is not ours, and by no other secret, nor with a letter changed', async () => {
    const { secret, attempt, received, id } = await told('200');
    expect(await attempt()).toBeNull();
    const [post] = await received();
    if (post === undefined) throw new Error('nothing came');
    expect(verifies(secret, post)).toMatchObject({ type: 'appointment.confirmed' });
    expect(post.headers).toMatchObject({ 'webhook-id': id, 'content-type': 'application/json' });
    expect(() => verifies(`whsec_${btoa('x'.repeat(32))}`, post)).toThrow();
    expect(() => verifies(secret, { ...post, body: post.body.replace('confirmed', 'cancelled') })).toThrow();
  });

  it('[WH2] is signed by the new secret and, for a day, by the one before', async () => {
    const { secret, path, received, attempt, webhookId } = await told('200');
    const next = (await clinic.admin.act('POST', `${path}/rotate-secret`)).body.secret;
    await attempt();
    await attemptDelivery(env, { id: await deliveryTo(webhookId, clinic.clinicId) }, Date.now() + dayMs + 1_000);
    const [first, second] = await received();
    if (first === undefined || second === undefined) throw new Error('two were to come');
    expect(first.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const each of [secret, next]) expect(verifies(each, first)).toBeTruthy();
    expect(second.headers['webhook-signature']?.split(' ')).toHaveLength(1);
  });

  it.each([
    ['500', '500'],
    ['404', '404'],
    ['302:elsewhere', '302'],
    ['timeout', 'timed_out'],
    ['hangup', 'unreachable'],
  ])('[WH8] that is answered by %s is made again, the same under the same id', async (step, answer) => {
    silently();
    const { attempt, received, shown, secret } = await told(`${step},${step},200`);
    const first = Number(await attempt());
    expect([first >= 5 && first <= 6, await shown()]).toEqual([
      true,
      expect.objectContaining({ state: 'waiting', attempts: 1, lastAnswer: answer }),
    ]);
    const second = Number(await attempt(Date.now() + 10_000));
    expect(second).toBeGreaterThanOrEqual(60);
    expect(await attempt(Date.now() + 200_000)).toBeNull();
    const posts = await received();
    expect(posts).toHaveLength(3);
    expect(new Set(posts.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
    expect(await shown()).toMatchObject({ state: 'delivered', attempts: 3, lastAnswer: '200', nextAttemptAt: null });
    expect(secret).toBeTruthy();
  });

  it('[WH8] waits as long as it is asked to, by seconds or by date', async () => {
    silently();
    const date = new Date(Date.now() + 1_800_000).toUTCString();
    const { attempt } = await told(`429:900,503:${encodeURIComponent(date)},200`);
    expect(await attempt()).toBe(900);
    const untilDate = Number(await attempt(Date.now() + 1_000_000));
    expect([untilDate > 700, untilDate <= 800]).toEqual([true, true]);
    const { attempt: slow } = await told('429:999999999');
    expect(await slow()).toBe(24 * 3_600);
  });

  it('[WH8] is given up after three days and a half, and says so', async () => {
    silently();
    const { attempt, shown, webhookId } = await told('500');
    let nowMs = Date.now();
    let attempts = 0;
    for (let wait: number | null = 0; wait !== null; attempts += 1) {
      // Meanwhile the endpoint has taken others: it is not dead.
      await env.DB.prepare('UPDATE clinic_webhooks SET failing_since_ms = NULL WHERE id = ?').bind(webhookId).run();
      wait = await attempt(nowMs);
      nowMs += (wait ?? 0) * 1_000;
    }
    expect(attempts).toBe(11);
    expect((nowMs - Date.now()) / dayMs).toBeGreaterThan(3.4);
    expect(await shown()).toMatchObject({ state: 'failed', attempts: 11, lastAnswer: '500', nextAttemptAt: null });
  });

  it('[WH9] is made once, however often its notice comes, and found again when it was lost', async () => {
    const { id, attempt, received } = await told('200');
    await Promise.all(Array.from({ length: 6 }, () => attempt()));
    await attempt();
    expect(await received()).toHaveLength(1);
    const sent: unknown[] = [];
    vi.spyOn(env.WEBHOOK_QUEUE, 'sendBatch').mockImplementation((async (batch: Iterable<{ body: unknown }>) => {
      sent.push(...[...batch].map(({ body }) => body));
    }) as never);
    const lost = await told('200');
    await sweepDeliveries(env, Date.now() + 7_200_000);
    expect(sent).toContainEqual({ id: lost.id });
    expect(sent).not.toContainEqual({ id });
  });

  it('[WH9] whose consumer crashed is made again', async () => {
    const { id, attempt, received } = await told('200');
    await env.DB.prepare('UPDATE webhook_deliveries SET attempts = 1, due_at_ms = ? WHERE id = ?')
      .bind(Date.now() + 120_000, id)
      .run();
    expect([await attempt(), await received()]).toEqual([null, []]);
    await attempt(Date.now() + 121_000);
    expect(await received()).toHaveLength(1);
  });

  it('[WH10] is shown and, taken or not, made once more for an admin', async () => {
    const { attempt, shown, path, received, id } = await told('200');
    await attempt();
    expect(await shown()).toMatchObject({ id, type: 'appointment.confirmed', state: 'delivered', attempts: 1 });
    const { admin } = clinic;
    const replayed = await admin.act('POST', `${path}/deliveries/${id}/replay`);
    expect([replayed.status, replayed.body.state]).toEqual([202, 'waiting']);
    await vi.waitFor(async () => expect(await received()).toHaveLength(2), { timeout: 8_000, interval: 100 });
    expect(new Set((await received()).map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    await vi.waitFor(async () => expect(await shown()).toMatchObject({ state: 'delivered' }));
    expect((await admin.act('GET', `${path}/deliveries?state=failed`)).body.items).toEqual([]);
    expect((await admin.act('POST', `${path}/deliveries/msg_none/replay`)).status).toBe(404);
  });
});

describe('an endpoint', () => {
  it('[WH11] that has taken nothing for three days is switched off, its admin is told, and another switches it on', async () => {
    silently();
    const { attempt, path, webhookId, webhook, id } = await told('500,500,200');
    const other = await deliveryTo(webhookId, clinic.clinicId);
    await attempt();
    await attempt(Date.now() + 3 * dayMs + 1_000);
    expect(await webhook()).toMatchObject({ enabled: false, offReason: 'failing' });
    const { admin } = clinic;
    const { items } = (await admin.act('GET', `${path}/deliveries?state=failed`)).body;
    expect(items.map((one: { id: string }) => one.id).sort()).toEqual([id, other].sort());
    expect((await admin.act('POST', `${path}/deliveries/${id}/replay`)).body.code).toBe('webhook_off');
    const mails = await env.DB.prepare("SELECT account_id FROM messages WHERE kind = 'webhook_switched_off'").all();
    expect(mails.results).toEqual([{ account_id: admin.id }]);
    await admin.act('PUT', path, { enabled: true });
    expect(await webhook()).toMatchObject({ enabled: true, failingSince: null });
    expect((await admin.act('POST', `${path}/deliveries/${id}/replay`)).status).toBe(202);
  });

  it('[WH11] that says it is gone is switched off at once', async () => {
    silently();
    const { attempt, webhook, shown } = await told('410');
    expect(await attempt()).toBeNull();
    expect([await webhook(), await shown()]).toEqual([
      expect.objectContaining({ enabled: false, offReason: 'gone' }),
      expect.objectContaining({ state: 'failed', lastAnswer: '410' }),
    ]);
  });

  it('[WH11] that works again after failing has three days again', async () => {
    silently();
    const { attempt, webhook } = await told('500,200');
    await attempt();
    expect((await webhook()).failingSince).not.toBeNull();
    await attempt(Date.now() + 10_000);
    expect(await webhook()).toMatchObject({ failingSince: null, lastTakenAt: expect.any(String) });
  });
});
