import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { principalOf } from '../../../src/domain/access.ts';
import { settingsOf } from '../../../src/env.ts';
import { signAccessToken, verifyAccessToken } from '../../../src/features/identity/access-token.ts';
import { keysOf } from '../../../src/features/identity/keys.ts';
import { send } from '../../support/api.ts';
import { claimsOf, goodClaims, goodHeader, ownKeys, signed } from '../../support/forge.ts';
import { admin, patient } from '../../support/people.ts';

const settings = settingsOf(env);
const [now, before] = ownKeys;
const headerOf = (token: string) => JSON.parse(atob(token.split('.')[0] ?? '')) as { kid: string };

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('what an access token says', () => {
  it('[ID18] is who, in which session, for whom, from when to when, and nothing of the person', async () => {
    const { id, email, token } = await patient('Nadia Islam');
    const { sid, jti, iat, exp, dk, ...rest } = claimsOf(token) as Record<string, unknown> & {
      iat: number;
      exp: number;
    };
    expect(rest).toEqual({ iss: 'daybook', aud: 'daybook-api', sub: id, role: 'patient' });
    expect([sid, jti]).toEqual([expect.stringMatching(/^e_[\w-]{16}$/), expect.any(String)]);
    expect([undefined, 'string']).toContain(dk === undefined ? undefined : typeof dk);
    expect(Math.round((exp - iat) * 1000)).toBe(900_000);
    for (const word of [email, 'Nadia', 'Islam'])
      expect(atob(token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '')).not.toContain(word);
  });

  it('[ID31] is what its holder may do, as it was when it was signed', async () => {
    const { id } = await patient();
    const holder = principalOf({
      id,
      role: 'admin',
      permissions: ['users', 'audit'],
      clinicIds: ['c_1'],
      dependantIds: ['u_1'],
    });
    const grant = await verifyAccessToken(
      settings,
      await signAccessToken(settings, { ...holder, dataKey: 'w' }, 'e_1'),
    );
    expect(grant?.principal).toEqual(holder);
    expect(grant?.session).toMatchObject({ id: 'e_1', dataKey: 'w' });
  });

  it('[ID31] is dated to the millisecond, and to before what it says was read', async () => {
    const person = await patient();
    const from = Date.now();
    const prepare = vi.spyOn(env.DB, 'prepare').mockImplementationOnce((sql) => {
      prepare.mockRestore();
      return env.DB.prepare(sql);
    });
    const answer = await send('POST', '/auth/refresh', { body: { refreshToken: person.refreshToken } });
    const { accessToken } = await answer.json<{ accessToken: string }>();
    const grant = await verifyAccessToken(settings, accessToken);
    expect(grant?.session.issuedAtMs).toBeGreaterThanOrEqual(from);
    expect(Number.isInteger(grant?.session.issuedAtMs)).toBe(true);
  });

  it('[ID31] is what a role that was taken away leaves: nothing of it', async () => {
    const fallen = await admin();
    await env.DB.prepare(`update accounts set role = 'patient', permissions = '["audit"]' where id = ?`)
      .bind(fallen.id)
      .run();
    const answer = await send('POST', '/auth/refresh', { body: { refreshToken: fallen.refreshToken } });
    const { accessToken } = await answer.json<{ accessToken: string }>();
    expect(claimsOf(accessToken)).not.toHaveProperty('perm');
    expect((await send('GET', '/admin/audit', { as: { token: accessToken } })).status).toBe(403);
  });
});

describe('the header Authorization', () => {
  it('[ID17] carries one bearer token and nothing else', async () => {
    const { token } = await patient();
    const statusOf = async (authorization: string) =>
      (await send('GET', '/auth/me', { headers: { authorization } })).status;
    for (const good of [`Bearer ${token}`, `bearer ${token}`, `BEARER ${token}`])
      expect(await statusOf(good)).toBe(200);
    const wrong = [
      token,
      `Basic ${token}`,
      `Bearer`,
      `Bearer${token}`,
      `Bearer  ${token}`,
      `Bearer ${token} x`,
      `Bearer "${token}"`,
      `Token ${token}`,
      `Bearer Bearer ${token}`,
      `Bearer ${token},Bearer ${token}`,
      '',
    ];
    for (const header of wrong) expect(await statusOf(header), header.slice(0, 20)).toBe(401);
  });

  it('[ID17] is the only place for it: no query, no body, no other header', async () => {
    const { token } = await patient();
    const answers = [
      await send('GET', `/auth/me?access_token=${token}`),
      await send('GET', '/auth/me', { headers: { 'x-access-token': token, 'proxy-authorization': `Bearer ${token}` } }),
    ];
    for (const { status } of answers) expect([400, 401]).toContain(status);
  });
});

describe('signing keys', () => {
  it('[ID16] the first signs, any verifies, so that keys can rotate', async () => {
    const { id, token } = await patient();
    expect(headerOf(token).kid).toBe(now.kid);
    for (const key of [now, before]) {
      const made = await signed(goodHeader({ kid: key.kid }), goodClaims(id), key);
      expect((await send('GET', '/auth/me', { as: { token: made } })).status).toBe(200);
    }
  });

  it('[ID16] [ID37] a key that signs no more verifies by its public half', async () => {
    const { id } = await patient();
    const made = await signed(goodHeader({ kid: before.kid }), goodClaims(id), before);
    const rotated = { ...settings, jwtKeys: JSON.stringify([now, { ...before, d: undefined }]) };
    expect((await verifyAccessToken(rotated, made))?.principal.id).toBe(id);
  });

  it('[ID16] a key that was retired verifies no more', async () => {
    const { id } = await patient();
    const made = await signed(goodHeader({ kid: before.kid }), goodClaims(id), before);
    expect(await verifyAccessToken(settings, made)).not.toBeNull();
    expect(await verifyAccessToken({ ...settings, jwtKeys: JSON.stringify([now]) }, made)).toBeNull();
  });

  it.each([
    ['no JSON', 'keys'],
    ['no keys', '[]'],
    ['two keys with one kid', JSON.stringify([now, now])],
    ['a public key first', JSON.stringify([{ ...now, d: undefined }, before])],
    ['a key of another curve', JSON.stringify([{ ...now, crv: 'P-384' }])],
    ['a symmetric key', JSON.stringify([{ kty: 'oct', k: 'AAAA', kid: 'k' }])],
    ['nine keys', JSON.stringify(Array.from({ length: 9 }, (_, i) => ({ ...now, kid: `${i}` })))],
  ])('[ID16] a secret with %s is refused without being repeated', async (_, secret) => {
    await expect(keysOf(secret)).rejects.toThrow('JWT_KEYS');
    await expect(keysOf(secret)).rejects.not.toThrow(now.d);
  });

  it('[ID20] the key set shows the public halves only, at both addresses', async () => {
    for (const path of ['/auth/jwks', '//.well-known/jwks.json']) {
      const answer = await send('GET', path);
      const { keys } = await answer.json<{ keys: Record<string, unknown>[] }>();
      expect(keys.map((key) => key.kid)).toEqual([now.kid, before.kid]);
      for (const key of keys) {
        expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      }
      expect(answer.headers.get('cache-control')).toContain('max-age=300');
    }
  });
});
