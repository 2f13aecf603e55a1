import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { practice } from '../../support/clinic.ts';
import { mailTo } from '../../support/mailbox.ts';
import { type Person, patient } from '../../support/people.ts';
import { under } from '../../support/under.ts';

const strictly = under({ REQUIRE_VERIFIED: 'on' });
const send = under();
const minute = 60_000;
const password = 'Correct-Horse-7';
const someone = () => `v-${crypto.randomUUID().slice(0, 12)}@example.com`;
let numbers = 10_000_000 + Math.floor(Math.random() * 50_000_000);
const phoneNumber = () => {
  numbers += 1;
  return `+88017${numbers}`;
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

const registration = (email: string, more: object = {}) => ({
  email,
  password,
  fullName: 'Nadia Islam',
  role: 'patient',
  ...more,
});
const begin = (email: string, more: object = {}) =>
  strictly('POST', '/auth/register', { body: registration(email, more) });
const confirm = (registrationToken: string, code: string) =>
  strictly('POST', '/auth/register/confirm', { body: { registrationToken, code } });
/** The six digits of the newest message to an address or number. */
const codeTo = async (to: string): Promise<string> =>
  /\b\d{6}\b/.exec((await mailTo(to)).find(({ kind }) => kind === 'verification_code')?.text ?? '')?.[0] ?? '';
/** Another six digits. */
const not = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const accountsOf = (email: string) =>
  env.DB.prepare('select count(*) as n from accounts where email = ?').bind(email).first('n');

describe('registering where addresses are verified', () => {
  it('[LI8] creates nothing until the code that was mailed comes back; then signs in, verified', async () => {
    const email = someone();
    const begun = await begin(email);
    expect([begun.status, begun.body.expiresIn]).toEqual([202, 600]);
    expect(await accountsOf(email)).toBe(0);
    const code = await codeTo(email);
    const done = await confirm(begun.body.registrationToken, code);
    expect([done.status, done.body.user.email]).toEqual([201, email]);
    const holds = await strictly('GET', '/auth/me', { as: { token: done.body.accessToken } });
    expect(holds.status).toBe(200);
    const again = await confirm(begun.body.registrationToken, code);
    expect([again.status, again.body.code]).toEqual([403, 'wrong_code']);
  });

  it('[LI9] tells nobody whether an address has an account, but tells its owner', async () => {
    const owner = await patient();
    const [taken, free] = [await begin(owner.email), await begin(someone())];
    const shape = ({ status, headers, body }: typeof taken) => [
      status,
      [...headers.keys()],
      Object.entries(body).map(([key, value]) => [key, typeof value === 'string' ? value.length : value]),
    ];
    expect(shape(taken)).toEqual(shape(free));
    const [mail] = await mailTo(owner.email);
    expect(mail?.kind).toBe('registered_again');
    expect(mail?.text).not.toMatch(/\d{6}/);
    const tried = await confirm(taken.body.registrationToken, '123456');
    expect([tried.status, tried.body.code]).toEqual([403, 'wrong_code']);
  });

  it('[LI9] does not let who mistyped or borrowed an address take the account of who reads its mail', async () => {
    const email = someone();
    const attacker = await begin(email, { password: 'Attacker-Horse-7' });
    later(1);
    const victim = await begin(email);
    const code = await codeTo(email);
    expect((await confirm(attacker.body.registrationToken, code)).status).toBe(403);
    expect((await confirm(victim.body.registrationToken, code)).status).toBe(201);
    const body = { email, password: 'Attacker-Horse-7' };
    expect((await send('POST', '/auth/login', { body })).status).toBe(401);
  });

  it('[LI8] keeps what was typed sealed, and the password as its hash only', async () => {
    const email = someone();
    await begin(email, { fullName: 'Zzyzx Quux' });
    const rows = await env.DB.prepare('select * from challenges order by created_at_ms desc limit 5').all();
    expect(JSON.stringify(rows.results)).not.toMatch(/Zzyzx|argon2|Correct-Horse|@example/);
  });

  it('[LI8] keeps a phone number from nobody: it is the account’s once a code to it came back', async () => {
    const phone = phoneNumber();
    const [first, second] = [someone(), someone()];
    for (const email of [first, second]) {
      const begun = await begin(email, { phone });
      const done = await confirm(begun.body.registrationToken, await codeTo(email));
      expect([done.status, done.body.user.phone]).toEqual([201, null]);
    }
  });

  it('[LI10] gives five tries within ten minutes, and no more, however many at once', async () => {
    const email = someone();
    const { registrationToken } = (await begin(email)).body;
    const code = await codeTo(email);
    await Promise.all(Array.from({ length: 12 }, () => confirm(registrationToken, not(code))));
    expect((await confirm(registrationToken, code)).status).toBe(403);
    const other = someone();
    const late = await begin(other);
    const lateCode = await codeTo(other);
    later(10 * minute + 1);
    expect((await confirm(late.body.registrationToken, lateCode)).status).toBe(403);
  });

  it('[LI10] mails no address more than five codes within an hour, and says so to who asks in vain', async () => {
    const email = someone();
    const answers = [];
    for (let i = 0; i < 7; i += 1) answers.push(await begin(email));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429, 429]);
    expect((await mailTo(email)).length).toBe(5);
    later(61 * minute);
    expect((await begin(email)).status).toBe(202);
  });

  it('[LI10] of two confirmations at once, one account comes into being', async () => {
    const email = someone();
    const { registrationToken } = (await begin(email)).body;
    const code = await codeTo(email);
    const answers = await Promise.all([1, 2, 3].map(() => confirm(registrationToken, code)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403, 403]);
    expect(await accountsOf(email)).toBe(1);
  });
});

describe('booking where addresses are verified', () => {
  it('[LI11] needs a verified address: the token says so, and a refreshed one says so anew', async () => {
    const heart = await practice();
    const [slot] = await heart.slotsOn();
    const person = await patient();
    const book = (token: string) =>
      strictly('POST', '/appointments', { as: { token }, body: { slotId: slot?.id, mode: 'in_person' } });
    const before = await book(person.token);
    expect([before.status, before.body.code]).toEqual([403, 'verification_required']);
    const begun = await strictly('POST', '/auth/verification', { as: person, body: { channel: 'email' } });
    expect(begun.status).toBe(202);
    const given = { channel: 'email', verificationToken: begun.body.verificationToken };
    const body = { ...given, code: await codeTo(person.email) };
    later(1000);
    expect((await strictly('POST', '/auth/verification/confirm', { as: person, body })).status).toBe(204);
    expect((await book(person.token)).status).toBe(401);
    later(1000);
    const { refreshToken } = person;
    const refreshed = await strictly('POST', '/auth/refresh', { body: { refreshToken } });
    expect((await book(refreshed.body.accessToken)).status).toBe(201);
  });
});

describe('a phone number', () => {
  const verify = (as: Person, phone: string) =>
    send('POST', '/auth/verification', { as, body: { channel: 'phone', phone } });
  const prove = (as: Person, verificationToken: string, code: string) =>
    send('POST', '/auth/verification/confirm', { as, body: { channel: 'phone', verificationToken, code } });
  const fresh = async (person: Person): Promise<Person> => {
    later(1000);
    const { body } = await send('POST', '/auth/login', { body: { email: person.email, password: person.password } });
    return { ...person, token: body.accessToken };
  };

  it('[LI12] is E.164 and the account’s own once a code to it came back', async () => {
    const person = await patient();
    const phone = phoneNumber();
    expect(phone.length).toBe(14);
    const begun = await verify(person, `${phone.slice(0, 4)} ${phone.slice(4, 8)}-${phone.slice(8)}`);
    expect((await prove(person, begun.body.verificationToken, await codeTo(phone))).status).toBe(204);
    expect((await send('GET', '/auth/me', { as: person })).status).toBe(401);
    const me = await send('GET', '/auth/me', { as: await fresh(person) });
    expect(me.body).toMatchObject({ phone, phoneVerified: true, emailVerified: false });
  });

  it('[LI12] of somebody else is said to be taken only to who proves to have it', async () => {
    const phone = phoneNumber();
    const [owner, other] = [await patient(), await patient()];
    const first = await verify(owner, phone);
    await prove(owner, first.body.verificationToken, await codeTo(phone));
    later(1);
    const second = await verify(other, phone);
    expect(second.status).toBe(202);
    const answer = await prove(other, second.body.verificationToken, await codeTo(phone));
    expect([answer.status, answer.body.code]).toEqual([409, 'phone_taken']);
  });

  it('[LI12] a code is good for its account, its channel and its number, and only the newest', async () => {
    const [person, thief] = [await patient(), await patient()];
    const [old, phone] = [phoneNumber(), phoneNumber()];
    const earlier = await verify(person, old);
    const earlierCode = await codeTo(old);
    const begun = await verify(person, phone);
    const code = await codeTo(phone);
    expect((await prove(thief, begun.body.verificationToken, code)).status).toBe(403);
    expect((await prove(person, earlier.body.verificationToken, earlierCode)).status).toBe(403);
    const body = { channel: 'email', verificationToken: begun.body.verificationToken, code };
    expect((await send('POST', '/auth/verification/confirm', { as: person, body })).status).toBe(403);
    expect((await prove(person, begun.body.verificationToken, code)).status).toBe(204);
  });

  it('[LI12] gets five messages within an hour, from however many accounts, and an account sends five', async () => {
    const [one, two] = [await patient(), await patient()];
    const phone = phoneNumber();
    for (const as of [one, one, two, two, two]) expect((await verify(as, phone)).status).toBe(202);
    const sixth = await verify(one, phone);
    expect([sixth.status, sixth.body.code]).toEqual([429, 'rate_limited']);
    for (let i = 0; i < 3; i += 1) expect((await verify(one, phoneNumber())).status).toBe(202);
    expect((await verify(one, phoneNumber())).status).toBe(429);
  });

  it('[LI12] that cannot be one is refused', async () => {
    const person = await patient();
    for (const phone of ['01712345678', '+88017', '+999123456789', '+8801712345678; drop', '']) {
      expect([phone, (await verify(person, phone)).status]).toEqual([phone, 400]);
    }
  });
});
