import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { consumeMessage } from '../../../src/messages/consume.ts';
import { mailTo } from '../../support/mailbox.ts';
import { patient } from '../../support/people.ts';
import { under } from '../../support/under.ts';
import { uniquePatient } from '../../support/whole-person.ts';

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
  test('[DP18] shows of links and codes on their way that they were sent, and nothing of what they say', async () => {
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
    later(1);
    const { verificationToken } = (await verify()).body;
    const code = /\b\d{6}\b/.exec((await mailTo(person.email))[0]?.text ?? '')?.[0];
    const body = { channel: 'email', verificationToken, code };
    expect((await send('POST', '/auth/verification/confirm', { as: person, body })).status).toBe(204);
    expect((await messagesOf(person.id)).map(({ content }) => content)).toEqual([null, null, null]);
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

test('[LI21] a session alone removes no passkey: that needs the password, in few tries', async () => {
  const person = await patient();
  const id = `k${person.id.slice(2)}`;
  await env.DB.prepare(
    `insert into passkeys (id, account_id, name, public_key, counter, transports, backed_up, created_at_ms)
     values (?, ?, 'x', 'x', 0, '[]', 0, 0)`,
  )
    .bind(id, person.id)
    .run();
  const remove = (body?: object) => send('DELETE', `/auth/passkeys/${id}`, { as: person, ...(body && { body }) });
  expect((await remove()).status).toBe(400);
  const guesses = [];
  for (let i = 0; i < 6; i += 1) guesses.push((await remove({ password: 'Wrong-Horse-7' })).status);
  expect(guesses).toEqual([403, 403, 403, 403, 403, 429]);
  expect((await send('GET', '/auth/passkeys', { as: person })).body.items.length).toBe(1);
  later(2 * minute);
  expect((await remove({ password: person.password })).status).toBe(204);
});

describe('an answer that holds tokens', () => {
  const withKey = () => ({ 'idempotency-key': crypto.randomUUID() });

  test('[IK10] is not given again to who replays a refresh: a used token ends the session, with its key or without', async () => {
    const person = await patient();
    const [headers, body] = [withKey(), { refreshToken: person.refreshToken }];
    const first = await send('POST', '/auth/refresh', { body, headers });
    later(minute);
    expect((await send('POST', '/auth/refresh', { body, headers })).status).toBe(401);
    const { refreshToken } = first.body;
    expect((await send('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
  });

  test('[IK10] tells nothing of a person who was erased', async () => {
    const one = await uniquePatient();
    const [headers, body] = [withKey(), { refreshToken: one.person.refreshToken }];
    const as = { token: (await send('POST', '/auth/refresh', { body, headers })).body.accessToken };
    const path = `/users/${one.person.id}`;
    const offer = await send('POST', `${path}/erasure`, { as, body: { password: one.person.password } });
    const { confirmation } = offer.body;
    expect((await send('DELETE', path, { as, body: { confirmation } })).body.state).toBe('erased');
    const again = await send('POST', '/auth/refresh', { body, headers });
    expect([again.status, JSON.stringify(again.body).includes(one.mark)]).toEqual([401, false]);
  });

  test('[IK10] is not kept, wherever a secret that is good once was brought', async () => {
    const headers = withKey();
    for (const [path, body] of [
      ['/auth/register/confirm', { registrationToken: 'x', code: '123456' }],
      ['/auth/login/second-factor', { mfaToken: 'x', code: '123456' }],
      ['/auth/refresh', { refreshToken: 'x' }],
      ['/auth/logout', { refreshToken: 'x' }],
    ] as const) {
      expect((await send('POST', path, { body, headers })).status).not.toBe(422);
      expect((await send('POST', path, { body, headers: { 'idempotency-key': '' } })).status).toBe(400);
    }
    const kept = env.DB.prepare('select count(*) as n from idempotency_records where key = ?');
    expect(await kept.bind(headers['idempotency-key']).first('n')).toBe(0);
  });
});
