import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { mailTo } from '../../support/mailbox.ts';
import { type Person, patient } from '../../support/people.ts';
import { totp } from '../../support/totp.ts';
import { type Read, under } from '../../support/under.ts';

const send = under();
const required = under({ REQUIRE_SECOND_FACTOR: 'patient' });
const second = 1_000;
const minute = 60 * second;

beforeEach(() => {
  // The middle of a time step, so that "a step later" is one.
  vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(Date.now() / 30_000) * 30_000 + 15_000 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const codeNow = (secret: string, offsetMs = 0) => totp(secret, Date.now() + offsetMs);
const not = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** Somebody with an authenticator app, some steps after it was confirmed. */
const enrolled = async (): Promise<Person & { secret: string; recoveryCodes: string[] }> => {
  const person = await patient();
  const begun = await send('POST', '/auth/authenticator', { as: person, body: { password: person.password } });
  expect(begun.status).toBe(201);
  const { secret } = begun.body;
  const body = { code: await codeNow(secret) };
  const confirmed = await send('POST', '/auth/authenticator/confirm', { as: person, body });
  expect(confirmed.status).toBe(200);
  later(2 * minute);
  return { ...person, secret, recoveryCodes: confirmed.body.recoveryCodes };
};
const logIn = ({ email, password }: Person) => send('POST', '/auth/login', { body: { email, password } });
const finish = (mfaToken: string, code: string) =>
  send('POST', '/auth/login/second-factor', { body: { mfaToken, code } });
const codeOf = ({ status, body }: Read) => [status, body?.code];
const wrong = [403, 'wrong_code'];

test('[LI17] the codes are those of RFC 6238', async () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const vectors = [
    [59, '94287082'],
    [1111111109, '07081804'],
    [1234567890, '89005924'],
    [20000000000, '65353130'],
  ] as const;
  for (const [seconds, code] of vectors) expect(await totp(secret, seconds * 1000, 8)).toBe(code);
});

describe('signing in with an authenticator app', () => {
  it('[LI17] takes two steps: the right password alone opens nothing', async () => {
    const person = await enrolled();
    const first = await logIn(person);
    expect([first.status, first.body.code]).toEqual([401, 'second_factor_required']);
    expect(first.body).toMatchObject({ methods: ['totp', 'recovery_code'], expiresIn: 300 });
    expect(first.body.accessToken).toBeUndefined();
    const done = await finish(first.body.mfaToken, await codeNow(person.secret));
    expect([done.status, done.body.user.id]).toEqual([200, person.id]);
  });

  it('[LI17] a wrong password says nothing of the second factor', async () => {
    const person = await enrolled();
    const answer = await logIn({ ...person, password: 'Wrong-Horse-7' });
    expect(codeOf(answer)).toEqual([401, 'invalid_credentials']);
  });

  it('[LI18] a code is good once, also between two at once, and never an older one after it', async () => {
    const person = await enrolled();
    const code = await codeNow(person.secret);
    const tokens = [(await logIn(person)).body.mfaToken, (await logIn(person)).body.mfaToken];
    const answers = await Promise.all(tokens.map((token) => finish(token, code)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    const { mfaToken } = (await logIn(person)).body;
    expect(codeOf(await finish(mfaToken, await codeNow(person.secret, -30 * second)))).toEqual(wrong);
  });

  it('[LI18] a clock may be one step off, and no more', async () => {
    for (const [offset, status] of [
      [-60, 403],
      [-30, 200],
      [30, 200],
      [60, 403],
    ] as const) {
      const person = await enrolled();
      const { mfaToken } = (await logIn(person)).body;
      const answer = await finish(mfaToken, await codeNow(person.secret, offset * second));
      expect([offset, answer.status]).toEqual([offset, status]);
    }
  });

  it('[LI19] the step between runs out after five minutes and five tries, and is good once', async () => {
    const person = await enrolled();
    const late = (await logIn(person)).body.mfaToken;
    later(5 * minute + 1);
    expect(codeOf(await finish(late, await codeNow(person.secret)))).toEqual(wrong);
    const used = (await logIn(person)).body.mfaToken;
    expect((await finish(used, await codeNow(person.secret))).status).toBe(200);
    later(minute);
    expect(codeOf(await finish(used, await codeNow(person.secret)))).toEqual(wrong);
  });

  it('[LI19] who has the password guesses five codes, however often they begin anew', async () => {
    const person = await enrolled();
    const right = await codeNow(person.secret);
    for (let i = 0; i < 5; i += 1) {
      const { mfaToken } = (await logIn(person)).body;
      expect(codeOf(await finish(mfaToken, not(right)))).toEqual(wrong);
    }
    const { mfaToken } = (await logIn(person)).body;
    expect(codeOf(await finish(mfaToken, right))).toEqual([429, 'rate_limited']);
  });

  it('[LI19] the step is bound to its account and its password', async () => {
    const [person, attacker] = [await enrolled(), await enrolled()];
    const theirs = (await logIn(person)).body.mfaToken;
    expect(codeOf(await finish(theirs, await codeNow(attacker.secret)))).toEqual(wrong);
    await env.DB.prepare('update accounts set password_hash = ? where id = ?').bind('another', person.id).run();
    expect(codeOf(await finish(theirs, await codeNow(person.secret)))).toEqual(wrong);
    for (const token of ['x', attacker.refreshToken, attacker.token.slice(0, 128)]) {
      expect(codeOf(await finish(token, '123456'))).toEqual(wrong);
    }
  });

  it('[LI20] a recovery code stands in for the app, once, however it is typed', async () => {
    const person = await enrolled();
    const [first = '', other = ''] = person.recoveryCodes;
    expect(new Set(person.recoveryCodes).size).toBe(10);
    const typed = first.toLowerCase().replace('-', ' ');
    expect((await finish((await logIn(person)).body.mfaToken, typed)).status).toBe(200);
    expect(codeOf(await finish((await logIn(person)).body.mfaToken, first))).toEqual(wrong);
    const { results } = await env.DB.prepare('select * from recovery_codes where account_id = ?').bind(person.id).all();
    expect(JSON.stringify(results)).not.toContain(other.replace('-', ''));
    const state = await send('GET', '/auth/second-factor', { as: await tokenOf(person) });
    expect(state.body).toEqual({ authenticator: true, recoveryCodesLeft: 9, passkeys: 0, required: false });
  });

  it('[LI20] the secret of the app is stored sealed, bound to its account', async () => {
    const [person, attacker] = [await enrolled(), await enrolled()];
    const row = await env.DB.prepare('select secret from authenticators where account_id = ?')
      .bind(attacker.id)
      .first<string>('secret');
    expect(row).not.toContain(attacker.secret);
    await env.DB.prepare('update authenticators set secret = ? where account_id = ?').bind(row, person.id).run();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { mfaToken } = (await logIn(person)).body;
    expect((await finish(mfaToken, await codeNow(attacker.secret))).status).toBe(500);
  });
});

/** A session of somebody with an app. */
const tokenOf = async (person: Person & { secret: string }): Promise<{ token: string }> => {
  later(2 * minute);
  const { mfaToken } = (await logIn(person)).body;
  return { token: (await finish(mfaToken, await codeNow(person.secret))).body.accessToken };
};

describe('keeping an authenticator app', () => {
  it('[LI21] adding, renewing and removing need the password again, and tell the owner', async () => {
    const stranger = await patient();
    const wrongly = { as: stranger, body: { password: 'Wrong-Horse-7' } };
    expect(codeOf(await send('POST', '/auth/authenticator', wrongly))).toEqual([403, 'wrong_password']);
    const person = await enrolled();
    const as = await tokenOf(person);
    expect(codeOf(await send('POST', '/auth/recovery-codes', { ...wrongly, as }))).toEqual([403, 'wrong_password']);
    const renewed = await send('POST', '/auth/recovery-codes', { as, body: { password: person.password } });
    expect(renewed.body.recoveryCodes.length).toBe(10);
    const { mfaToken } = (await logIn(person)).body;
    expect(codeOf(await finish(mfaToken, person.recoveryCodes[3] ?? ''))).toEqual(wrong);
    const fresh = await tokenOf(person);
    later(minute);
    const without = { password: person.password, code: '000000' };
    expect(codeOf(await send('POST', '/auth/authenticator/remove', { as: fresh, body: without }))).toEqual(wrong);
    const body = { password: person.password, code: await codeNow(person.secret) };
    expect((await send('POST', '/auth/authenticator/remove', { as: fresh, body })).status).toBe(204);
    expect((await logIn(person)).status).toBe(200);
    const told = (await mailTo(person.email)).filter(({ kind }) => kind === 'sign_in_changed');
    expect(told.length).toBe(3);
  });

  it('[LI21] an app asks for nothing until its first code was right, and then is not replaced by another', async () => {
    const person = await patient();
    const begin = () => send('POST', '/auth/authenticator', { as: person, body: { password: person.password } });
    const first = (await begin()).body.secret;
    const { secret } = (await begin()).body;
    expect((await logIn(person)).status).toBe(200);
    const confirm = async (code: string) => send('POST', '/auth/authenticator/confirm', { as: person, body: { code } });
    expect(codeOf(await confirm(await codeNow(first)))).toEqual(wrong);
    expect((await confirm(await codeNow(secret))).status).toBe(200);
    later(minute);
    const as = await tokenOf({ ...person, secret });
    const again = await send('POST', '/auth/authenticator', { as, body: { password: person.password } });
    expect(codeOf(again)).toEqual([409, 'already_enrolled']);
  });
});

describe('a role that must have a second factor', () => {
  const signedIn = async (person: Person) =>
    (await required('POST', '/auth/login', { body: { email: person.email, password: person.password } })).body;

  it('[LI22] may only set one up, until it has', async () => {
    const person = await patient();
    const session = await signedIn(person);
    const as = { token: session.accessToken };
    const refusedEverywhere: Read[] = [
      await required('GET', '/appointments', { as }),
      await required('POST', '/auth/password', {
        as,
        body: { currentPassword: person.password, newPassword: 'Other-Horse-9' },
      }),
      await required('GET', '/auth/sessions', { as }),
    ];
    for (const answer of refusedEverywhere) expect(codeOf(answer)).toEqual([403, 'enrolment_required']);
    expect((await required('GET', '/auth/me', { as })).status).toBe(200);
    const begun = await required('POST', '/auth/authenticator', { as, body: { password: person.password } });
    const body = { code: await codeNow(begun.body.secret) };
    later(1000);
    expect((await required('POST', '/auth/authenticator/confirm', { as, body })).status).toBe(200);
    later(1000);
    const { refreshToken } = session;
    const refreshed = await required('POST', '/auth/refresh', { body: { refreshToken } });
    const anew = { token: refreshed.body.accessToken };
    expect((await required('GET', '/appointments', { as: anew })).status).toBe(200);
  });

  it('[LI22] that has taken its second factor away is back where it was', async () => {
    const person = await enrolled();
    const as = await tokenOf(person);
    later(minute);
    const body = { password: person.password, code: await codeNow(person.secret) };
    later(1000);
    expect((await required('POST', '/auth/authenticator/remove', { as, body })).status).toBe(204);
    expect((await required('GET', '/appointments', { as })).status).toBe(401);
    later(1000);
    const token = (await signedIn(person)).accessToken;
    expect(codeOf(await required('GET', '/appointments', { as: { token } }))).toEqual([403, 'enrolment_required']);
  });
});
