import { env } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { client, send } from '../support/api.ts';
import { patient, signIn, unverifiedDoctor } from '../support/people.ts';

const password = 'Correct-Horse-7';
const someone = () => `q-${crypto.randomUUID().slice(0, 12)}@example.com`;
const codeOf = async (response: Response) => (await response.json<{ code: string }>()).code;
const jwks = JSON.parse(env.JWT_KEYS) as { kid: string; x: string; y: string; d: string; kty: string; crv: string }[];

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
    const [a, b] = [await patient(), await patient()];
    const hashOf = (id: string) =>
      env.DB.prepare('select password_hash from accounts where id = ?').bind(id).first('password_hash');
    expect(await hashOf(a.id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashOf(a.id)).not.toBe(await hashOf(b.id));
  });
});

describe('sessions', () => {
  it('[ID11] a refresh token is good once and gives the next', async () => {
    const person = await patient();
    const second = await (await send('POST', '/auth/refresh', { body: { refreshToken: person.refreshToken } })).json<{
      accessToken: string;
      refreshToken: string;
      user: { id: string };
    }>();
    expect(second.user.id).toBe(person.id);
    expect(second.refreshToken).not.toBe(person.refreshToken);
    expect((await client(second.accessToken).auth.me.$get()).status).toBe(200);
    const third = await send('POST', '/auth/refresh', { body: { refreshToken: second.refreshToken } });
    expect(third.status).toBe(200);
  });

  it('[ID12] using a refresh token twice ends its session and no other', async () => {
    const person = await patient();
    const elsewhere = await signIn(person.email);
    const refresh = (refreshToken: string) => send('POST', '/auth/refresh', { body: { refreshToken } });
    const next = await (await refresh(person.refreshToken)).json<{ refreshToken: string }>();
    expect((await refresh(person.refreshToken)).status).toBe(401);
    expect((await refresh(next.refreshToken)).status).toBe(401);
    expect((await refresh(elsewhere.refreshToken)).status).toBe(200);
  });

  it('[ID12] of two exchanges at once at most one succeeds, and the session ends', async () => {
    const person = await patient();
    const refresh = (refreshToken: string) => send('POST', '/auth/refresh', { body: { refreshToken } });
    const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(person.refreshToken)));
    const good = answers.filter((answer) => answer.status === 200);
    expect(good).toHaveLength(1);
    const [winner] = good;
    const { refreshToken } = await (winner as Response).json<{ refreshToken: string }>();
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  it('[ID13] refresh tokens are stored hashed', async () => {
    const person = await patient();
    const { results } = await env.DB.prepare('select * from refresh_tokens where account_id = ?').bind(person.id).all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify(results)).not.toContain(person.refreshToken);
  });

  it('[ID14] a refresh token runs out after 30 days', async () => {
    const person = await patient();
    await env.DB.prepare('update refresh_tokens set expires_at_ms = ? where account_id = ?')
      .bind(Date.now() - 1, person.id)
      .run();
    const answer = await send('POST', '/auth/refresh', { body: { refreshToken: person.refreshToken } });
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'unauthenticated']);
  });

  it('[ID15] logging out ends the session; logging out with anything else says the same', async () => {
    const person = await patient();
    const logout = (refreshToken: string) => send('POST', '/auth/logout', { body: { refreshToken } });
    expect((await logout(person.refreshToken)).status).toBe(204);
    expect((await logout('no-such-token')).status).toBe(204);
    expect((await send('POST', '/auth/refresh', { body: { refreshToken: person.refreshToken } })).status).toBe(401);
  });
});

describe('access tokens', () => {
  const [now, before] = jwks;
  if (now === undefined || before === undefined) throw new Error('two keys are configured');

  const base64Url = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const claims = (id: string, changes: Record<string, unknown> = {}): JWTPayload => {
    const iat = Math.floor(Date.now() / 1000);
    return {
      iss: 'daybook',
      aud: 'daybook-api',
      sub: id,
      sid: 's',
      jti: 'j',
      role: 'patient',
      iat,
      exp: iat + 900,
      ...changes,
    };
  };
  const signed = async (payload: JWTPayload, header: Record<string, unknown> = {}, key: object = now) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: now.kid, ...header } as { alg: string })
      .sign(await importJWK(key as never, 'ES256'));
  const statusOf = async (token: string) => (await send('GET', '/auth/me', { as: { token } })).status;

  it('[ID16] a token signed by any key of the set is good, so that keys can rotate', async () => {
    const { id } = await patient();
    expect(await statusOf(await signed(claims(id)))).toBe(200);
    expect(await statusOf(await signed(claims(id), { kid: before.kid }, before))).toBe(200);
  });

  it('[ID17] forged and foreign tokens are refused', async () => {
    const { id, token, refreshToken } = await patient();
    const stranger = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
    const [head = '', payload = '', signature = ''] = token.split('.');
    const hmac = async (secret: string) => {
      const input = `${base64Url({ alg: 'HS256', typ: 'at+jwt', kid: now.kid })}.${base64Url(claims(id, { role: 'admin' }))}`;
      const key = await crypto.subtle.importKey(
        'raw',
        new TextEncoder().encode(secret),
        { name: 'HMAC', hash: 'SHA-256' },
        false,
        ['sign'],
      );
      const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(input)));
      return `${input}.${btoa(String.fromCharCode(...mac))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '')}`;
    };
    const { d: _, ...publicKey } = now;
    const minute = Math.floor(Date.now() / 1000);
    const attacks: Record<string, string> = {
      'alg none': `${base64Url({ alg: 'none', typ: 'at+jwt', kid: now.kid })}.${base64Url(claims(id))}.`,
      'alg none with the signature kept': `${base64Url({ alg: 'none', typ: 'at+jwt', kid: now.kid })}.${payload}.${signature}`,
      'HS256 with the public JWK': await hmac(JSON.stringify(publicKey)),
      'HS256 with its x': await hmac(now.x),
      'an unknown kid': await signed(claims(id), { kid: 'mine' }, stranger),
      'our kid, a strange key': await signed(claims(id), {}, stranger),
      'no kid': await signed(claims(id), { kid: undefined }),
      'a key that the token brings along': await signed(claims(id), { kid: undefined, jwk: stranger }, stranger),
      'the other key under this kid': await signed(claims(id), {}, before),
      'a changed payload': `${head}.${base64Url(claims(id, { role: 'admin' }))}.${signature}`,
      'a changed signature': `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      expired: await signed(claims(id, { iat: minute - 901, exp: minute - 1 })),
      'not yet good': await signed(claims(id, { nbf: minute + 600 })),
      'without an end': await signed(claims(id, { exp: undefined })),
      'another audience': await signed(claims(id, { aud: 'other-api' })),
      'a list of audiences': await signed(claims(id, { aud: ['daybook-api', 'other-api'] })),
      'another issuer': await signed(claims(id, { iss: 'elsewhere' })),
      'typ JWT': await signed(claims(id), { typ: 'JWT' }),
      'no typ': await signed(claims(id), { typ: undefined }),
      'an unknown role': await signed(claims(id, { role: 'root' })),
      'a subject that is no account id': await signed(claims('1')),
      'a refresh token': refreshToken,
      nothing: '',
    };
    for (const [name, attack] of Object.entries(attacks)) expect(await statusOf(attack), name).toBe(401);
    expect(await statusOf(token)).toBe(200);
  });

  it('[ID18] a token is good for 15 minutes', async () => {
    const { token } = await patient();
    const { iat, exp } = JSON.parse(atob(token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '')) as {
      iat: number;
      exp: number;
    };
    expect(Math.round((exp - iat) * 1000)).toBe(900_000);
  });

  it('[ID19] verifying a token asks D1 nothing', async () => {
    const { id } = await patient();
    const prepare = vi.spyOn(env.DB, 'prepare');
    const token = await signed(claims(id));
    expect((await send('GET', '/admin/audit', { as: { token } })).status).toBe(403);
    expect(prepare).not.toHaveBeenCalled();
    prepare.mockRestore();
  });

  it('[ID20] the key set shows the public halves only, at both addresses', async () => {
    for (const path of ['/auth/jwks', '//.well-known/jwks.json']) {
      const answer = await send('GET', path);
      const { keys } = await answer.json<{ keys: Record<string, unknown>[] }>();
      expect(keys.map((key) => key.kid)).toEqual(['test-now', 'test-before']);
      for (const key of keys) {
        expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      }
      expect(answer.headers.get('cache-control')).toContain('max-age=300');
    }
  });
});
