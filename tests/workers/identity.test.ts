import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { client, send } from '../support/api.ts';
import { patient, signIn, unverifiedDoctor } from '../support/people.ts';

const password = 'Correct-Horse-7';
const someone = () => `q-${crypto.randomUUID().slice(0, 12)}@example.com`;
const codeOf = async (response: Response) => (await response.json<{ code: string }>()).code;

describe('registering', () => {
  it('[ID1] a patient registers and is signed in', async () => {
    const email = someone();
    const answer = await client().auth.register.$post({
      json: { email, password, fullName: 'Nadia Islam', role: 'patient', phone: '+880 1712-345678' },
    });
    expect(answer.status).toBe(201);
    const session = await answer.json();
    if (!('accessToken' in session)) throw new Error('the session is in cookies');
    expect(session.user).toMatchObject({ email, fullName: 'Nadia Islam', role: 'patient', phone: '+8801712345678' });
    expect(session.user.id).toMatch(/^u_[\w-]{16}$/);
    expect(session.expiresIn).toBe(900);
    const me = await client(session.accessToken).auth.me.$get();
    expect(await me.json()).toEqual(session.user);
  });

  it('[ID2] an e-mail address is folded and belongs to one account, also between two requests at once', async () => {
    const email = someone();
    const spellings = [email, ` ${email.toUpperCase()} `, email, email];
    const answers = await Promise.all(
      spellings.map((spelling) =>
        send('POST', '/auth/register', { body: { email: spelling, password, fullName: 'N', role: 'patient' } }),
      ),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, 409, 409, 409]);
    const refusedOnes = answers.filter((answer) => answer.status === 409);
    expect(await Promise.all(refusedOnes.map(codeOf))).toEqual(['email_taken', 'email_taken', 'email_taken']);
    expect((await signIn(email.toUpperCase())).id).toMatch(/^u_/);
  });

  it('[ID3] a phone number is kept as E.164 and belongs to one account', async () => {
    const register = (phone: string) =>
      send('POST', '/auth/register', { body: { email: someone(), password, fullName: 'N', role: 'patient', phone } });
    expect((await register('+44 20 7946 0958')).status).toBe(201);
    const again = await register('+442079460958');
    expect([again.status, await codeOf(again)]).toEqual([409, 'phone_taken']);
    for (const wrong of ['01712345678', '+1', '+999123456789', 'call me']) {
      expect((await register(wrong)).status, wrong).toBe(400);
    }
  });

  it.each([
    ['Short-7', 'at least 8'],
    ['no-upper-case-7', 'upper-case'],
    ['No-Digit-Here', 'digit'],
    ['NoSpecial77', 'special'],
    [`Long-7${'x'.repeat(123)}`, 'at most 128'],
  ])('[ID4] a password like %s is refused, saying why', async (weak, why) => {
    const answer = await send('POST', '/auth/register', {
      body: { email: someone(), password: weak, fullName: 'N', role: 'patient' },
    });
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(JSON.parse(text).errors).toEqual([{ path: 'password', message: expect.stringContaining(why) }]);
    expect(text).not.toContain(weak);
  });

  it('[ID5] a doctor registers with a licence, is not verified, and the licence belongs to one doctor', async () => {
    const licenseNumber = `bmdc  a ${Date.now()}`;
    const doctor = await unverifiedDoctor({ licenseNumber });
    const row = await env.DB.prepare('select license_number, verified_at_ms from doctors where id = ?')
      .bind(doctor.id)
      .first<{ license_number: string; verified_at_ms: number | null }>();
    expect(row).toEqual({ license_number: licenseNumber.replaceAll(/\s+/g, '-').toUpperCase(), verified_at_ms: null });
    const email = someone();
    const again = await send('POST', '/auth/register', {
      body: {
        email,
        password,
        fullName: 'Copy Cat',
        role: 'doctor',
        doctor: { licenseNumber: licenseNumber.toUpperCase(), specialization: 'Cardiology', timeZone: 'Asia/Dhaka' },
      },
    });
    expect([again.status, await codeOf(again)]).toEqual([409, 'license_number_taken']);
    const left = await env.DB.prepare('select count(*) as n from accounts where email = ?').bind(email).first('n');
    expect(left).toBe(0);
  });

  it('[ID6] without a role, or with another, hears which there are, and everything else that is wrong', async () => {
    const errorsOf = async (body: object) => {
      const answer = await send('POST', '/auth/register', { body });
      return [answer.status, (await answer.json<{ errors: unknown }>()).errors];
    };
    const wrong = { email: 'nobody', password, fullName: 'N' };
    const email = { path: 'email', message: 'must be an e-mail address' };
    const says = (message: string) => ({ path: 'role', message });
    expect(await errorsOf({ ...wrong, fullName: undefined })).toEqual([
      400,
      [email, { path: 'fullName', message: 'is missing' }, says('is missing: must be patient or doctor')],
    ]);
    expect(await errorsOf({ ...wrong, role: 'admin' })).toEqual([400, [email, says('must be patient or doctor')]]);
    expect(await errorsOf({ ...wrong, email: someone(), role: 7 })).toEqual([400, [says('must be patient or doctor')]]);
  });

  it.each([
    ['a doctor without the doctor part', { role: 'doctor' }],
    [
      'a patient with a doctor part',
      { role: 'patient', doctor: { licenseNumber: 'X-1', specialization: 'Y', timeZone: 'UTC' } },
    ],
    ['an admin', { role: 'admin' }],
    ['an unknown field', { role: 'patient', isAdmin: true }],
    [
      '61 years of experience',
      { role: 'doctor', doctor: { licenseNumber: 'X-123', specialization: 'Y', timeZone: 'UTC', experienceYears: 61 } },
    ],
    [
      'a negative fee',
      {
        role: 'doctor',
        doctor: {
          licenseNumber: 'X-123',
          specialization: 'Y',
          timeZone: 'UTC',
          consultationFee: { amount: -1, currency: 'USD' },
        },
      },
    ],
    [
      'an unknown zone',
      { role: 'doctor', doctor: { licenseNumber: 'X-123', specialization: 'Y', timeZone: 'Mars/Olympus' } },
    ],
  ])('[ID6] refuses %s', async (_, part) => {
    const answer = await send('POST', '/auth/register', {
      body: { email: someone(), password, fullName: 'N', ...part },
    });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'invalid_request']);
  });

  it('[ID7] a clinic that does not exist is refused', async () => {
    const answer = await send('POST', '/auth/register', {
      body: {
        email: someone(),
        password,
        fullName: 'N',
        role: 'doctor',
        doctor: {
          licenseNumber: `X-${Date.now()}`,
          specialization: 'Y',
          timeZone: 'UTC',
          clinicIds: ['c_AAAAAAAAAAAAAAAA'],
        },
      },
    });
    expect([answer.status, await codeOf(answer)]).toEqual([422, 'unknown_clinic']);
  });
});

describe('logging in', () => {
  it('[ID8] a wrong password and an unknown address get the same answer after the same work', async () => {
    const person = await patient();
    const wrong = await send('POST', '/auth/login', { body: { email: person.email, password: 'Wrong-Horse-7' } });
    const unknown = await send('POST', '/auth/login', { body: { email: someone(), password } });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const [a, b] = [await wrong.json<{ instance: string }>(), await unknown.json<{ instance: string }>()];
    expect({ ...a, instance: '' }).toEqual({ ...b, instance: '' });
    expect(a).toMatchObject({ code: 'invalid_credentials' });

    // Turn by turn, so that whatever else the machine does falls on both.
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let i = 0; i < 9; i += 1) {
      for (const [who, email] of [
        ['known', person.email],
        ['unknown', someone()],
      ] as const) {
        const from = performance.now();
        await send('POST', '/auth/login', { body: { email, password: 'Wrong-Horse-7' } });
        times[who].push(performance.now() - from);
      }
    }
    const median = (values: number[]) => values.toSorted((x, y) => x - y)[4] ?? 0;
    const ratio = median(times.unknown) / median(times.known);
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });

  it('[ID9] every character of a password counts, whatever its script', async () => {
    const email = someone();
    const secret = 'Пароль-длинный-7';
    const body = { email, password: secret, fullName: 'Вера', role: 'patient' };
    expect((await send('POST', '/auth/register', { body })).status).toBe(201);
    expect((await signIn(email, secret)).id).toMatch(/^u_/);
    for (const other of ['Пароль-длинный-8', 'Пароль-длинны', `${secret}x`]) {
      const answer = await send('POST', '/auth/login', { body: { email, password: other } });
      expect(answer.status, other).toBe(401);
    }
  });

  it('[ID9] a password may be typed composed or decomposed', async () => {
    const email = someone();
    const body = { email, password: 'Caf\u00e9-au-lait-7', fullName: 'N', role: 'patient' };
    expect((await send('POST', '/auth/register', { body })).status).toBe(201);
    expect((await signIn(email, 'Cafe\u0301-au-lait-7')).id).toMatch(/^u_/);
  });

  it('[ID10] passwords are stored as argon2id with 19 MiB and two passes, each with its own salt', async () => {
    const hashed = async () => {
      const email = someone();
      const body = { email, password: 'Correct-Horse-7', fullName: 'N', role: 'patient' };
      expect((await send('POST', '/auth/register', { body })).status).toBe(201);
      return env.DB.prepare('select password_hash from accounts where email = ?').bind(email).first('password_hash');
    };
    const [a, b] = [await hashed(), await hashed()];
    expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(b).not.toBe(a);
  });
});
