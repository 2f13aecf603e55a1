import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { consumeMessage } from '../../../src/messages/consume.ts';
import { patient } from '../../support/people.ts';
import { under } from '../../support/under.ts';

/** The queue has not delivered yet, as a slow provider makes it. */
const slow = { MESSAGE_QUEUE: { sendBatch: async () => undefined } as never, MAIL_TRANSPORT: 'cloudflare' };
const send = under();
const slowly = under(slow);
const minute = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

interface Told {
  readonly id: string;
  readonly content: string | null;
  readonly due_at_ms: number | null;
}
const messagesOf = async (accountId: string): Promise<Told[]> =>
  (await env.DB.prepare('select * from messages where account_id = ?').bind(accountId).all<Told>()).results;

describe('an export', () => {
  test('[DP16] shows of links and codes on their way that they were sent, and nothing of what they say', async () => {
    const victim = await patient();
    await slowly('POST', '/auth/password-reset', { body: { email: victim.email } });
    await slowly('POST', '/auth/verification', { as: victim, body: { channel: 'email' } });
    const { body } = await send('GET', '/users/me/export', { as: victim });
    const told = (kind: string) => expect.objectContaining({ kind, channel: 'email', content: null, sentAt: null });
    expect(body.messages).toHaveLength(2);
    for (const kind of ['password_reset', 'verification_code']) expect(body.messages).toContainEqual(told(kind));
    expect(JSON.stringify(body)).not.toMatch(/reset#|code is \d/);
  });

  test('[DP17] needs a session of the last ten minutes, or the password', async () => {
    const victim = await patient();
    expect((await send('GET', '/users/me/export', { as: victim })).status).toBe(200);
    later(11 * minute);
    const stolen = await send('GET', '/users/me/export', { as: victim });
    expect([stolen.status, stolen.body.code]).toEqual([422, 'confirmation_needed']);
    const guess = { as: victim, body: { password: 'Wrong-Horse-7' } };
    const guessed = await send('POST', '/users/me/export', guess);
    expect([guessed.status, guessed.body.code]).toEqual([403, 'wrong_password']);
    const own = await send('POST', '/users/me/export', { as: victim, body: { password: victim.password } });
    expect([own.status, own.body.account[0].id]).toEqual([200, victim.id]);
    for (let i = 0; i < 5; i += 1) await send('POST', '/users/me/export', guess);
    expect((await send('POST', '/users/me/export', guess)).status).toBe(429);
  });

  test('[DP17] a session that is refreshed is no newer for it', async () => {
    const victim = await patient();
    later(11 * minute);
    const { body } = await send('POST', '/auth/refresh', { body: { refreshToken: victim.refreshToken } });
    const stolen = await send('GET', '/users/me/export', { as: { token: body.accessToken } });
    expect(stolen.status).toBe(422);
  });
});

describe('a code or link that was not sent', () => {
  test('[LI27] leaves nothing once a newer one takes its place, or it is used', async () => {
    const person = await patient();
    const verify = () => slowly('POST', '/auth/verification', { as: person, body: { channel: 'email' } });
    await verify();
    const [first] = await messagesOf(person.id);
    expect([first?.content === null, first?.due_at_ms === null]).toEqual([false, false]);
    later(1);
    await verify();
    const [old, fresh] = await messagesOf(person.id);
    expect([old?.content, old?.due_at_ms, fresh?.content === null]).toEqual([null, null, false]);
    expect(await consumeMessage(env, { id: old?.id ?? '' }, Date.now())).toBeNull();
  });

  test('[LI27] is given up when it has run out or nobody takes it, and leaves nothing', async () => {
    const [late, refused] = [await patient(), await patient()];
    for (const person of [late, refused])
      await slowly('POST', '/auth/password-reset', { body: { email: person.email } });
    const [link] = await messagesOf(late.id);
    const failing = { ...env, MAIL_TRANSPORT: 'cloudflare', EMAIL: { send: () => Promise.reject(new Error('no')) } };
    await consumeMessage(failing as unknown as Env, { id: link?.id ?? '' }, Date.now() + 31 * minute);
    const [other] = await messagesOf(refused.id);
    await env.DB.prepare('update messages set attempts = 7 where id = ?').bind(other?.id).run();
    await consumeMessage(failing as unknown as Env, { id: other?.id ?? '' }, Date.now() + 2 * minute);
    for (const { id } of [late, refused])
      expect(await messagesOf(id)).toEqual([
        expect.objectContaining({ content: null, due_at_ms: null, failed_at_ms: expect.any(Number) }),
      ]);
  });
});

test('[LI12] no phone number is verified where no SMS is sent', async () => {
  const person = await patient();
  const body = { channel: 'phone', phone: '+8801712345999' };
  const answer = await under({ SMS_TRANSPORT: 'none' })('POST', '/auth/verification', { as: person, body });
  expect([answer.status, answer.body.code]).toEqual([422, 'sms_not_sent']);
  expect(await messagesOf(person.id)).toEqual([]);
});
