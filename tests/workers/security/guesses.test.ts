import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mailTo } from '../../support/mailbox.ts';
import { admin, type Person, patient, unverifiedDoctor } from '../../support/people.ts';
import { totp } from '../../support/totp.ts';
import { under } from '../../support/under.ts';

const send = under();
const strictly = under({ REQUIRE_VERIFIED: 'on' });
const many = 12;
const second = 1_000;

beforeEach(() => {
  // In the middle of a step, so that none runs out meanwhile.
  vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(Date.now() / 30_000) * 30_000 + 10_000 });
});
afterEach(() => vi.useRealTimers());
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const atOnce = <T>(ask: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: many }, ask));

describe('many at once are no more than one after the other:', () => {
  test('[LI15] links that reset a password', async () => {
    const victim = await patient();
    await atOnce(() => send('POST', '/auth/password-reset', { body: { email: victim.email } }));
    expect((await mailTo(victim.email)).map(({ kind }) => kind)).toEqual(Array(5).fill('password_reset'));
  });

  test('[LI10] registrations with one address, which are told so, whether or not it has an account', async () => {
    const { email: taken } = await patient();
    for (const email of [taken, `g-${crypto.randomUUID()}@example.com`]) {
      const body = { email, password: 'Correct-Horse-7', fullName: 'Nadia Islam', role: 'patient' };
      const begun = await atOnce(() => strictly('POST', '/auth/register', { body }));
      const statuses = begun.map(({ status }) => status).toSorted();
      expect(statuses).toEqual([...Array(5).fill(202), ...Array(many - 5).fill(429)]);
      expect((await mailTo(email)).length).toBe(5);
    }
  });

  test('[LI12] codes for a phone number, however many accounts ask', async () => {
    const people = [await patient(), await patient(), await patient()];
    const phone = `+88018${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
    const body = { channel: 'phone', phone };
    const asked = people.flatMap((as) => [1, 2, 3].map(() => send('POST', '/auth/verification', { as, body })));
    const statuses = (await Promise.all(asked)).map(({ status }) => status).toSorted();
    expect(statuses).toEqual([...Array(5).fill(202), ...Array(4).fill(429)]);
  });

  test('[LI16] links of one account: one of them sets the password, the other one says that it did not', async () => {
    const person = await patient();
    for (let i = 0; i < 2; i += 1) await send('POST', '/auth/password-reset', { body: { email: person.email } });
    const links = (await mailTo(person.email)).map(({ text }) => /#(\S+)/.exec(text)?.[1]);
    const passwords = ['First-Horse-81', 'Second-Horse-81'];
    const done = await Promise.all(
      links.map((resetToken, i) =>
        send('POST', '/auth/password-reset/confirm', { body: { resetToken, password: passwords[i] } }),
      ),
    );
    expect(done.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    const works = await Promise.all(
      passwords.map((password) => send('POST', '/auth/login', { body: { email: person.email, password } })),
    );
    expect(works.map(({ status }) => status)).toEqual(done.map(({ status }) => (status === 200 ? 200 : 401)));
  });
});

/** Somebody with an authenticator app. */
const enrolled = async (): Promise<Person & { readonly secret: string; readonly recoveryCodes: string[] }> => {
  const person = await patient();
  const { secret } = (await send('POST', '/auth/authenticator', { as: person, body: { password: person.password } }))
    .body;
  const code = await totp(secret, Date.now());
  const { recoveryCodes } = (await send('POST', '/auth/authenticator/confirm', { as: person, body: { code } })).body;
  later(60 * second);
  return { ...person, secret, recoveryCodes };
};
const logIn = ({ email, password }: Pick<Person, 'email' | 'password'>, more: object = {}) =>
  send('POST', '/auth/login', { body: { email, password, ...more } });
const finish = (mfaToken: string, code: string, more: object = {}) =>
  send('POST', '/auth/login/second-factor', { body: { mfaToken, code, ...more } });

describe('the second factor', () => {
  test('[LI19] who reads the mail and resets the password guesses at it no more often for that', async () => {
    const person = await enrolled();
    const statuses = [];
    for (let round = 0; round < 2; round += 1) {
      await send('POST', '/auth/password-reset', { body: { email: person.email } });
      const resetToken = /#(\S+)/.exec((await mailTo(person.email))[0]?.text ?? '')?.[1];
      const password = `Attackers-Own-${round}`;
      await send('POST', '/auth/password-reset/confirm', { body: { resetToken, password } });
      later(1);
      const { mfaToken } = (await logIn({ email: person.email, password })).body;
      for (let i = 0; i < 4; i += 1) statuses.push((await finish(mfaToken, '000000')).status);
    }
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429, 429]);
  });

  test('[LI28] a device on which it was shown is counted for itself: who has only the password keeps nobody out', async () => {
    const person = await enrolled();
    const own = await finish((await logIn(person)).body.mfaToken, await totp(person.secret, Date.now()));
    const { deviceToken } = own.body;
    later(60 * second);
    const attacker = (await logIn(person)).body.mfaToken;
    for (let i = 0; i < 5; i += 1) await finish(attacker, '000000');
    const right = await totp(person.secret, Date.now());
    expect((await finish((await logIn(person)).body.mfaToken, right)).status).toBe(429);
    const back = await finish((await logIn(person, { deviceToken })).body.mfaToken, right);
    expect(back.status).toBe(200);
  });

  test('[LI28] a device that is known by mail alone is not: its guesses are the account’s', async () => {
    const person = await enrolled();
    const statuses = [];
    for (let round = 0; round < 2; round += 1) {
      await send('POST', '/auth/password-reset', { body: { email: person.email } });
      const resetToken = /#(\S+)/.exec((await mailTo(person.email))[0]?.text ?? '')?.[1];
      const password = `Attackers-Own-${round}`;
      const reset = await send('POST', '/auth/password-reset/confirm', { body: { resetToken, password } });
      const { deviceToken } = reset.body;
      later(1);
      const { mfaToken } = (await logIn({ email: person.email, password }, { deviceToken })).body;
      for (let i = 0; i < 4; i += 1) statuses.push((await finish(mfaToken, '000000')).status);
    }
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
  });

  test('[LI29] wrong codes and a used recovery code are in the audit, and the owner is told of the latter', async () => {
    const person = await enrolled();
    const { mfaToken } = (await logIn(person)).body;
    await finish(mfaToken, '000000');
    expect((await finish(mfaToken, person.recoveryCodes[0] ?? '')).status).toBe(200);
    const { results } = await env.DB.prepare('select action, data from audit_events where stream = ? order by seq')
      .bind(`account:${person.id}`)
      .all<{ action: string; data: string }>();
    const told = results.map(({ action, data }) => [action, JSON.parse(data).reason]).slice(-3);
    expect(told).toEqual([
      ['sign_in.failed', 'wrong_code'],
      ['session.started', undefined],
      ['recovery_code.used', undefined],
    ]);
    expect((await mailTo(person.email)).map(({ kind }) => kind)).toContain('recovery_code_used');
  });

  test('[LI22] who must set one up first sees of others what everybody sees', async () => {
    const strict = under({ REQUIRE_SECOND_FACTOR: 'admin' });
    const [hidden, boss] = [await unverifiedDoctor(), await admin()];
    const session = await strict('POST', '/auth/login', { body: { email: boss.email, password: boss.password } });
    expect((await send('GET', `/doctors/${hidden.id}`, { as: boss })).status).toBe(200);
    const as = { token: session.body.accessToken };
    expect((await strict('GET', `/doctors/${hidden.id}`, { as })).status).toBe(404);
  });
});
