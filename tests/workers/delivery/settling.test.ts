import { env } from 'cloudflare:workers';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pushSubscriptions } from '../../../src/db/schema.ts';
import { settingsOf } from '../../../src/env.ts';
import { consumeMessage } from '../../../src/messages/consume.ts';
import { onSettled, type Settlement } from '../../../src/messages/settling.ts';
import { production } from '../../support/edge.ts';
import { messageRow, said } from '../../support/mailbox.ts';

/** Who waits for the messages of this file, and no other. */
const mine = new Set<string>();
const heard: Settlement[] = [];
let objection: string | null = null;
let breaks = false;
onSettled({
  statements: (db, settlement) => {
    if (!mine.has(settlement.messageId)) return [];
    const id = `test_${settlement.messageId}_${settlement.outcome}`;
    const row = {
      id,
      accountId: 'a_test',
      service: 'fcm',
      name: settlement.outcome,
      device: 'x',
      createdAtMs: 0,
    } as const;
    // Anything that D1 refuses undoes the settlement as well.
    const name = breaks ? sql`null` : settlement.outcome;
    return [db.insert(pushSubscriptions).values({ ...row, addressHash: id, name: name as never })];
  },
  afterwards: async (_, settlement) => {
    if (mine.has(settlement.messageId)) heard.push(settlement);
  },
  objection: async (_, id) => (mine.has(id) ? objection : null),
});

const waited = async (settings: object = {}) => {
  const { id } = await said({ to: `s-${crypto.randomUUID().slice(0, 8)}@example.org`, ...settings });
  mine.add(id);
  return id;
};
const recorded = (id: string) =>
  env.DB.prepare('select name from push_subscriptions where address_hash like ?')
    .bind(`test_${id}_%`)
    .all()
    .then(({ results }) => results);
const posting = (send: () => Promise<unknown>): Env =>
  ({ ...env, MAIL_TRANSPORT: 'cloudflare', EMAIL: { send } }) as unknown as Env;
const refusedBy = (code: string) => posting(async () => Promise.reject(Object.assign(new Error('x'), { code })));

beforeEach(() => {
  heard.length = 0;
  objection = null;
  breaks = false;
  vi.spyOn(env.MESSAGE_QUEUE, 'sendBatch').mockResolvedValue({} as never);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await env.DB.prepare("delete from push_subscriptions where account_id = 'a_test'").run();
});

describe('who waits for a message', () => {
  it('[MS17] learns that it was sent, in the transaction that records it', async () => {
    const id = await waited();
    const nowMs = Date.now();
    await consumeMessage(env, { id }, nowMs);
    const sent = { messageId: id, channel: 'email', outcome: 'sent', reason: null, atMs: nowMs };
    expect([heard, await recorded(id)]).toEqual([[sent], [{ name: 'sent' }]]);
  });

  it('[MS17] and if that cannot be recorded, neither is the other', async () => {
    const id = await waited();
    breaks = true;
    const send = vi.fn(async () => undefined);
    let nowMs = Date.now();
    for (let i = 0; i < 12; i += 1) {
      await expect(consumeMessage(posting(send), { id }, nowMs)).rejects.toThrow();
      nowMs += 120_000;
    }
    expect([heard, await recorded(id), (await messageRow(id))?.sent_at_ms]).toEqual([[], [], null]);
    // Whatever is wrong with who waits, nobody is told without end.
    expect(send).toHaveBeenCalledTimes(8);
    await env.DB.prepare('delete from messages where id = ?').bind(id).run();
  });

  it('[MS9] [MS17] learns that it was given up, and why', async () => {
    const id = await waited();
    expect(await consumeMessage(refusedBy('E_RECIPIENT_SUPPRESSED'), { id }, Date.now())).toBeNull();
    expect(heard).toMatchObject([{ outcome: 'given_up', reason: 'recipient_refused' }]);
    expect(await recorded(id)).toEqual([{ name: 'given_up' }]);
    const waits = await waited();
    expect(await consumeMessage(refusedBy('E_RATE_LIMIT_EXCEEDED'), { id: waits }, Date.now())).toBeGreaterThanOrEqual(
      10,
    );
    expect(await messageRow(waits)).toMatchObject({ failure: 'rate_limited', failed_at_ms: null });
    expect(await recorded(waits)).toEqual([]);
  });

  it('[MS17] may object before any attempt', async () => {
    const id = await waited();
    objection = 'appointment_cancelled';
    const send = vi.fn(async () => undefined);
    expect(await consumeMessage(posting(send), { id }, Date.now())).toBeNull();
    expect(send).not.toHaveBeenCalled();
    expect(heard).toMatchObject([{ outcome: 'given_up', reason: 'appointment_cancelled' }]);
  });

  it('[MS9] gets no message that is of no more use', async () => {
    const nowMs = Date.now();
    const id = await waited({ expiresAtMs: nowMs + 1_000 });
    expect(await consumeMessage(env, { id }, nowMs + 1_000)).toBeNull();
    expect(heard).toMatchObject([{ outcome: 'given_up', reason: 'too_late' }]);
  });
});

describe('mail by Cloudflare', () => {
  it('[MS11] is the same MIME as by SMTP', async () => {
    const sent: { from: string; to: string }[] = [];
    const { id } = await said({ to: 'somebody@example.org', html: '<p>Hello</p>' } as never);
    const deployment = {
      ...env,
      MAIL_TRANSPORT: 'cloudflare',
      EMAIL: { send: async (mail: never) => void sent.push(mail) },
    };
    await consumeMessage(deployment as unknown as Env, { id }, Date.now());
    expect(sent).toMatchObject([{ from: 'no-reply@daybook.test', to: 'somebody@example.org' }]);
  });

  it('[MS11] goes through the binding itself', async () => {
    const { id } = await said({ to: 'somebody@example.org', html: '<p>Hello</p>' } as never);
    expect(await consumeMessage({ ...env, MAIL_TRANSPORT: 'cloudflare' }, { id }, Date.now())).toBeNull();
    expect(await messageRow(id)).toMatchObject({
      failure: null,
      sent_at_ms: expect.any(Number),
      receipt: expect.any(String),
    });
  });
});

describe('settings', () => {
  const started = (settings: object) => () => settingsOf({ ...env, ...production, ...settings } as Env);

  it.each([
    [{ MAIL_TRANSPORT: 'smtp' }, ['SMTP_HOST', 'SMTP_USER', 'SMTP_PASSWORD']],
    [{ MAIL_TRANSPORT: 'smtp', SMTP_HOST: 'mail.example.org', SMTP_USER: 'x' }, ['SMTP_PASSWORD']],
    [{ SMS_TRANSPORT: 'twilio' }, ['TWILIO_ACCOUNT_SID', 'TWILIO_FROM', 'TWILIO_AUTH_TOKEN']],
    [{ SMS_TRANSPORT: 'twilio', TWILIO_API_URL: 'http://api.twilio.com' }, ['TWILIO_API_URL']],
    [{ PUSH_TRANSPORT: 'web' }, ['VAPID_PRIVATE_KEY']],
    [{ PUSH_TRANSPORT: 'web', VAPID_PRIVATE_KEY: '{"kty":"EC"}' }, ['VAPID_PRIVATE_KEY']],
    [{ PUSH_TRANSPORT: 'web,fcm' }, ['VAPID_PRIVATE_KEY', 'FCM_SERVICE_ACCOUNT']],
    [{ PUSH_TRANSPORT: 'fcm', FCM_SERVICE_ACCOUNT: 'no json' }, ['FCM_SERVICE_ACCOUNT']],
  ])('[MS16] %j does not start, and says what is missing and no value', (settings, names) => {
    for (const name of names) expect(started(settings)).toThrow(new RegExp(`\\b${name}: `));
    expect(started(settings)).not.toThrow(/mail\.example\.org|no json/);
    expect(started({})).not.toThrow();
  });
});
