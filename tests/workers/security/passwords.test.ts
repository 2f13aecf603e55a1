import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mailTo } from '../../support/mailbox.ts';
import { patient } from '../../support/people.ts';
import { under } from '../../support/under.ts';

const send = under();
const minute = 60_000;
const someone = () => `w-${crypto.randomUUID().slice(0, 12)}@example.com`;
const next = 'Another-Horse-8';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

const register = (email: string, password: string) =>
  send('POST', '/auth/register', { body: { email, password, fullName: 'N', role: 'patient' } });
const logIn = (email: string, password: string, deviceToken?: string) =>
  send('POST', '/auth/login', { body: { email, password, deviceToken } });
const forget = (email: string) => send('POST', '/auth/password-reset', { body: { email } });
const linkTo = async (email: string): Promise<URL> =>
  new URL(
    /https?:\/\/\S+/.exec((await mailTo(email)).find(({ kind }) => kind === 'password_reset')?.text ?? '')?.[0] ?? '',
  );
const reset = (resetToken: string, password = next) =>
  send('POST', '/auth/password-reset/confirm', { body: { resetToken, password } });

describe('choosing a password', () => {
  it.each(['Password1!', 'P@ssw0rd1', 'Qwertyuiop1!', '1!Football', 'Superman-2024', 'Tr0ub4dor&3'])(
    '[LI13] %s is too common, or not',
    async (password) => {
      const answer = await register(someone(), password);
      const isFine = password.startsWith('Tr0ub');
      expect([password, answer.status]).toEqual([password, isFine ? 201 : 400]);
      if (isFine) return;
      expect(answer.body.errors).toEqual([
        { path: 'password', message: 'must not be one of the most common passwords' },
      ]);
      expect(JSON.stringify(answer.body)).not.toContain(password);
    },
  );

  it('[LI13] it must not contain the e-mail address, however it is written', async () => {
    const answer = await register('rahima.khatun77@example.com', 'RAHIMA.Khatun77!');
    expect(answer.body.errors).toEqual([{ path: 'password', message: 'must not contain your e-mail address' }]);
    expect((await register('al@example.com', 'Final-Exam-77')).status).toBe(201);
    const whole = await register('jo@example.org', 'x1-JO@Example.org');
    expect(whole.body.errors).toEqual([{ path: 'password', message: 'must not contain your e-mail address' }]);
  });

  it('[LI13] the same holds for changing and for resetting it', async () => {
    const person = await patient();
    const body = { currentPassword: person.password, newPassword: 'Password1!' };
    const changed = await send('POST', '/auth/password', { as: person, body });
    expect(changed.body.errors?.[0]).toMatchObject({ path: 'newPassword' });
    await forget(person.email);
    const token = (await linkTo(person.email)).hash.slice(1);
    expect((await reset(token, 'Password1!')).status).toBe(400);
    expect((await reset(token, 'short')).status).toBe(400);
    expect((await reset(token)).status).toBe(200);
  });
});

describe('changing a password', () => {
  it('[LI14] needs the current one, which may be guessed at five times, and tells the owner', async () => {
    const person = await patient();
    const change = (currentPassword: string) =>
      send('POST', '/auth/password', { as: person, body: { currentPassword, newPassword: next } });
    for (let i = 0; i < 5; i += 1) expect((await change(`Wrong-Horse-${i}`)).status).toBe(403);
    expect((await change(person.password)).status).toBe(429);
    later(61_000);
    expect((await change(person.password)).status).toBe(204);
    expect((await mailTo(person.email))[0]?.kind).toBe('password_changed');
  });
});

describe('a forgotten password', () => {
  it('[LI15] asking says the same for every address, and mails only owners of accounts', async () => {
    const [person, gone, nobody] = [await patient(), await patient(), someone()];
    await env.DB.prepare('update accounts set deactivated_at_ms = 1 where id = ?').bind(gone.id).run();
    const answers = [];
    for (const email of [person.email, gone.email, nobody]) answers.push(await forget(email));
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [202, null],
      [202, null],
      [202, null],
    ]);
    expect((await mailTo(person.email)).length).toBe(1);
    expect([...(await mailTo(gone.email)), ...(await mailTo(nobody))]).toEqual([]);
  });

  it('[LI15] the link holds its secret behind the #, and D1 holds its hash', async () => {
    const person = await patient();
    await forget(person.email);
    const link = await linkTo(person.email);
    expect([link.pathname, link.search, link.hash.length]).toEqual(['/reset', '', 44]);
    const rows = await env.DB.prepare('select * from challenges').all();
    expect(JSON.stringify(rows.results)).not.toContain(link.hash.slice(1));
  });

  it('[LI16] the link changes the password once, ends every session at once, and proves the address', async () => {
    const person = await patient();
    await forget(person.email);
    const token = (await linkTo(person.email)).hash.slice(1);
    later(1000);
    const answers = await Promise.all([reset(token), reset(token, 'Other-Horse-9')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    expect((await send('GET', '/auth/me', { as: person })).status).toBe(401);
    expect((await send('POST', '/auth/refresh', { body: { refreshToken: person.refreshToken } })).status).toBe(401);
    expect((await logIn(person.email, person.password)).status).toBe(401);
    const row = await env.DB.prepare('select email_verified_at_ms as at from accounts where id = ?')
      .bind(person.id)
      .first('at');
    expect(row).not.toBeNull();
    expect((await reset(token)).status).toBe(403);
    expect((await mailTo(person.email))[0]?.kind).toBe('password_changed');
  });

  it('[LI16] a link is good for half an hour, and not beyond a change of the password', async () => {
    const person = await patient();
    await forget(person.email);
    const first = (await linkTo(person.email)).hash.slice(1);
    later(31 * minute);
    expect((await reset(first)).status).toBe(403);
    await forget(person.email);
    const second = (await linkTo(person.email)).hash.slice(1);
    const { body: session } = await logIn(person.email, person.password);
    const body = { currentPassword: person.password, newPassword: next };
    expect((await send('POST', '/auth/password', { as: { token: session.accessToken }, body })).status).toBe(204);
    expect((await reset(second, 'Thief-Horse-9')).status).toBe(403);
  });

  it('[LI16] a link gets an owner in who is locked out, and stays in however the attacker goes on', async () => {
    const person = await patient();
    for (let i = 0; i < 8; i += 1) await logIn(person.email, `Wrong-Horse-${i}`);
    await forget(person.email);
    const done = await reset((await linkTo(person.email)).hash.slice(1));
    for (let i = 0; i < 8; i += 1) await logIn(person.email, `Wrong-Horse-${i}`);
    expect((await logIn(person.email, next)).status).toBe(401);
    expect((await logIn(person.email, next, done.body.deviceToken)).status).toBe(200);
  });

  it('[LI15] nobody is mailed more than five links within an hour', async () => {
    const person = await patient();
    for (let i = 0; i < 8; i += 1) expect((await forget(person.email)).status).toBe(202);
    expect((await mailTo(person.email)).length).toBe(5);
  });

  it('[LI16] tokens made up, of another kind, or hostile are refused alike', async () => {
    const person = await patient();
    const code = await send('POST', '/auth/verification', { as: person, body: { channel: 'email' } });
    for (const token of ['x', 'A'.repeat(43), code.body.verificationToken, "' or 1=1 --", '\u0000']) {
      const answer = await reset(token);
      expect([token, answer.status, answer.body.code]).toEqual([token, 403, 'wrong_code']);
    }
  });
});
