import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { securityLog } from '../../../src/http/security-event.ts';
import { mailTo } from '../../support/mailbox.ts';
import { type Person, patient } from '../../support/people.ts';
import { type Read, under } from '../../support/under.ts';

const send = under();
const minute = 60_000;
const unknown = () => `nobody-${crypto.randomUUID().slice(0, 12)}@example.com`;
let addresses = 0;
/** An address that nobody has signed in from: failures of two tests do not add up. */
const address = () => {
  addresses += 1;
  return `203.0.113.${addresses}`;
};

let events: { event: string; reason?: string | undefined }[] = [];
beforeEach(() => {
  events = [];
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  vi.spyOn(securityLog, 'write').mockImplementation(({ event, reason }) => void events.push({ event, reason }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

interface More {
  readonly deviceToken?: string;
  readonly from?: string;
}
const logIn = (email: string, password: string, { from, ...more }: More = {}): Promise<Read> =>
  send('POST', '/auth/login', {
    body: { email, password, ...more },
    ...(from === undefined ? {} : { headers: { 'cf-connecting-ip': from } }),
  });

const guess = async (email: string, times: number, more: More = {}): Promise<Read[]> => {
  const answers: Read[] = [];
  for (let i = 0; i < times; i += 1) answers.push(await logIn(email, `Wrong-Guess-${i}`, more));
  return answers;
};

const audited = async (person: Person): Promise<string[]> => {
  const rows = await env.DB.prepare('select action from audit_events where stream = ? order by seq')
    .bind(`account:${person.id}`)
    .all<{ action: string }>();
  return rows.results.map(({ action }) => action);
};

/** An answer without what belongs to the occasion. */
const lasting = ({ status, headers, body }: Read) => ({
  status,
  headers: [...headers].filter(([name]) => !/^(x-request-id|ratelimit)/.test(name)),
  body: { ...body, instance: '' },
});

describe('guessing one account’s password', () => {
  it('[LI1] an unknown address, a wrong password, a locked and a deactivated account get one answer', async () => {
    const [wrong, locked, gone] = [await patient(), await patient(), await patient()];
    await guess(locked.email, 5);
    await env.DB.prepare('update accounts set deactivated_at_ms = 1 where id = ?').bind(gone.id).run();
    const answers = [
      await logIn(unknown(), wrong.password),
      await logIn(wrong.email, 'Wrong-Horse-7'),
      await logIn(locked.email, locked.password),
      await logIn(gone.email, gone.password),
    ];
    expect(answers[0]?.status).toBe(401);
    for (const answer of answers) expect(lasting(answer)).toEqual(lasting(answers[0] as Read));
  });

  it('[LI2] five wrong guesses are free; then the right password has to wait, longer with each', async () => {
    const person = await patient();
    await guess(person.email, 4);
    expect((await logIn(person.email, person.password)).status).toBe(200);
    await guess(person.email, 5);
    expect((await logIn(person.email, person.password)).status).toBe(401);
    later(29_000);
    expect((await logIn(person.email, person.password)).status).toBe(401);
    later(2_000);
    await guess(person.email, 1);
    later(59_000);
    expect((await logIn(person.email, person.password)).status).toBe(401);
    later(2_000);
    expect((await logIn(person.email, person.password)).status).toBe(200);
  });

  it('[LI2] guesses that have to wait do not lengthen the wait', async () => {
    const person = await patient();
    await guess(person.email, 50);
    later(31_000);
    expect((await logIn(person.email, person.password)).status).toBe(200);
  });

  it('[LI2] many guesses at once are no more than one after the other', async () => {
    const person = await patient();
    const guesses = Array.from({ length: 20 }, (_, i) => logIn(person.email, `Wrong-Guess-${i}`));
    await Promise.all([...guesses, logIn(person.email, person.password)]);
    expect(events.filter(({ reason }) => reason === 'wrong_password').length).toBeLessThanOrEqual(5);
  });

  it('[LI2] spellings of one address are one account', async () => {
    const person = await patient();
    for (const spelling of [person.email.toUpperCase(), ` ${person.email}`, person.email, person.email, person.email]) {
      await logIn(spelling, 'Wrong-Horse-7');
    }
    expect((await logIn(person.email, person.password)).status).toBe(401);
  });

  it('[LI3] an attacker who keeps an account locked keeps out no device that its owner has signed in on', async () => {
    const person = await patient();
    const { deviceToken } = (await logIn(person.email, person.password)).body;
    await guess(person.email, 8);
    expect((await logIn(person.email, person.password)).status).toBe(401);
    expect((await logIn(person.email, person.password, { deviceToken })).status).toBe(200);
  });

  it('[LI3] a device that has registered is a known one too', async () => {
    const [email, password] = [unknown(), 'Correct-Horse-7'];
    const body = { email, password, fullName: 'New Here', role: 'patient' };
    const { deviceToken } = (await send('POST', '/auth/register', { body })).body;
    await guess(email, 8);
    expect((await logIn(email, password)).status).toBe(401);
    expect((await logIn(email, password, { deviceToken })).status).toBe(200);
  });

  it('[LI3] a browser keeps its device token as a cookie that no script reads', async () => {
    const person = await patient();
    const headers = { 'session-mode': 'cookie', origin: 'http://daybook.test', 'sec-fetch-site': 'same-origin' };
    const body = { email: person.email, password: person.password };
    const first = await send('POST', '/auth/login', { body, headers });
    const cookie = first.headers.getSetCookie().find((text) => text.startsWith('daybook-device=')) ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(first.body.deviceToken).toBeUndefined();
    await guess(person.email, 8);
    const again = await send('POST', '/auth/login', {
      body,
      headers: { ...headers, cookie: cookie.split(';')[0] ?? '' },
    });
    expect(again.status).toBe(200);
  });

  it('[LI3] a stolen device token gives five guesses and then waits by itself', async () => {
    const person = await patient();
    const { deviceToken } = (await logIn(person.email, person.password)).body;
    await guess(person.email, 5, { deviceToken });
    expect((await logIn(person.email, person.password, { deviceToken })).status).toBe(401);
    expect((await logIn(person.email, person.password)).status).toBe(200);
  });

  it('[LI3] a device token of another account, a forged one and one that ran out open nothing', async () => {
    const [person, attacker] = [await patient(), await patient()];
    const theirs = (await logIn(attacker.email, attacker.password)).body.deviceToken as string;
    const own = (await logIn(person.email, person.password)).body.deviceToken as string;
    const [nonce, expires, mac = ''] = own.split('.');
    const forged = [
      theirs,
      `${nonce}.${Number(expires) + 1}.${mac}`,
      `${nonce}.${expires}.${mac.replace(/^./, (char) => (char === 'A' ? 'B' : 'A'))}`,
      `${own}.x`,
      '..',
      '',
    ];
    await guess(person.email, 5);
    for (const deviceToken of forged) {
      expect([deviceToken, (await logIn(person.email, person.password, { deviceToken })).status]).toEqual([
        deviceToken,
        401,
      ]);
    }
    later(181 * 24 * 60 * minute);
    await guess(person.email, 5);
    expect((await logIn(person.email, person.password, { deviceToken: own })).status).toBe(401);
  });

  it('[LI4] the owner is told once, with a link that lets the device it is opened on in all the same', async () => {
    const person = await patient();
    await guess(person.email, 9);
    const mails = (await mailTo(person.email)).filter(({ kind }) => kind === 'locked_out');
    expect(mails.length).toBe(1);
    const link = new URL(/https?:\/\/\S+/.exec(mails[0]?.text ?? '')?.[0] ?? '');
    expect([link.origin, link.pathname, link.search]).toEqual(['http://daybook.test', '/login', '']);
    const deviceToken = link.hash.slice(1);
    expect((await logIn(person.email, person.password)).status).toBe(401);
    expect((await logIn(person.email, 'Wrong-Horse-7', { deviceToken })).status).toBe(401);
    expect((await logIn(person.email, person.password, { deviceToken })).status).toBe(200);
    expect(await audited(person)).toContain('account.locked');
  });

  it('[LI4] nobody is told of guesses at an address that has no account', async () => {
    const email = unknown();
    await guess(email, 9);
    expect(await mailTo(email)).toEqual([]);
  });

  it('[LI5] every failure is on the security stream and in the audit, without the address or the guess', async () => {
    const person = await patient();
    await logIn(person.email, 'Wrong-Horse-7');
    await logIn(unknown(), 'Wrong-Horse-7');
    expect(events).toEqual([
      { event: 'auth.failed', reason: 'wrong_password' },
      { event: 'auth.failed', reason: 'unknown_account' },
    ]);
    expect(await audited(person)).toContain('sign_in.failed');
    const { results } = await env.DB.prepare('select data from audit_events').all();
    expect(JSON.stringify(results)).not.toMatch(/Wrong-Horse|@example/);
  });
});

describe('guessing many accounts from one address', () => {
  it('[LI6] after thirty failures the address has to wait, whatever it asks for', async () => {
    const from = address();
    for (let i = 0; i < 30; i += 1) await logIn(unknown(), 'Correct-Horse-7', { from });
    const person = await patient();
    const answer = await logIn(person.email, person.password, { from });
    expect([answer.status, answer.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await logIn(person.email, person.password, { from: '198.51.100.9' })).status).toBe(200);
    later(11_000);
    expect((await logIn(person.email, person.password, { from })).status).toBe(200);
  });

  it('[LI6] signing in to an account of one’s own gives no further guesses at others', async () => {
    const from = address();
    const attacker = await patient();
    for (let i = 0; i < 29; i += 1) await logIn(unknown(), 'Correct-Horse-7', { from });
    expect((await logIn(attacker.email, attacker.password, { from })).status).toBe(200);
    await logIn(unknown(), 'Correct-Horse-7', { from });
    expect((await logIn(attacker.email, attacker.password, { from })).status).toBe(429);
  });

  it('[LI6] the addresses of one network are one address, and a header of the attacker’s is none', async () => {
    const net = `2001:db8:${Math.floor(Math.random() * 65_535).toString(16)}:7`;
    for (let i = 0; i < 30; i += 1) await logIn(unknown(), 'Correct-Horse-7', { from: `${net}::${i.toString(16)}` });
    const headers = { 'cf-connecting-ip': `${net}:abcd::1`, 'x-forwarded-for': '198.51.100.1', forwarded: 'for=x' };
    const answer = await send('POST', '/auth/login', { body: { email: unknown(), password: 'Any-Horse-7' }, headers });
    expect(answer.status).toBe(429);
  });

  it('[LI6] a known device behind that address still gets in', async () => {
    const from = address();
    const person = await patient();
    const { deviceToken } = (await logIn(person.email, person.password)).body;
    for (let i = 0; i < 31; i += 1) await logIn(unknown(), 'Correct-Horse-7', { from });
    expect((await logIn(person.email, person.password, { from, deviceToken })).status).toBe(200);
  });
});

it('[LI7] while failures cannot be counted, nobody signs in, and nobody learns why', async () => {
  const person = await patient();
  const broken = { getByName: () => ({ attempt: () => Promise.reject(new Error('down')) }) };
  const report = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const sendBroken = under({ LOGIN_THROTTLE: broken as never });
  const body = { email: person.email, password: person.password };
  const answer = await sendBroken('POST', '/auth/login', { body });
  expect([answer.status, answer.body.code]).toEqual([503, 'temporarily_unavailable']);
  expect(JSON.stringify(report.mock.calls)).not.toContain(person.email);
});
