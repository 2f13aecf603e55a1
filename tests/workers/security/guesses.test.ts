import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { mailTo } from '../../support/mailbox.ts';
import { type Person, patient } from '../../support/people.ts';
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
});
