import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { principalOf } from '../../src/domain/access.ts';
import { accountId } from '../../src/domain/ids.ts';
import { settingsOf } from '../../src/env.ts';
import { accessTokenTtlSeconds, signAccessToken, verifyAccessToken } from '../../src/features/identity/access-token.ts';

const settings = settingsOf(env);
const principal = principalOf({ id: accountId(new Uint8Array(12)), role: 'patient' });
const token = () => signAccessToken(settings, principal, crypto.randomUUID());

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('[ID17] [ID18] a token that was good a moment ago is good until it runs out, and not a second longer', async () => {
  const own = await token();
  const issuedAtMs = Math.floor(Date.now() / 1000) * 1000;
  expect((await verifyAccessToken(settings, own))?.principal).toEqual(principal);
  vi.useFakeTimers({ toFake: ['Date'], now: issuedAtMs + accessTokenTtlSeconds * 1000 - 1 });
  expect((await verifyAccessToken(settings, own))?.principal).toEqual(principal);
  vi.setSystemTime(issuedAtMs + (accessTokenTtlSeconds + 1) * 1000);
  expect(await verifyAccessToken(settings, own)).toBeNull();
});

test('[ID17] a token that was good with other keys is not remembered with these', async () => {
  const own = await token();
  expect((await verifyAccessToken(settings, own))?.principal).toEqual(principal);
  const [, ...others] = JSON.parse(settings.jwtKeys);
  expect(await verifyAccessToken({ ...settings, jwtKeys: JSON.stringify(others) }, own)).toBeNull();
  expect((await verifyAccessToken(settings, own))?.principal).toEqual(principal);
});

test('[ID17] a token that differs from a remembered one in its signature alone is refused', async () => {
  const own = await token();
  expect((await verifyAccessToken(settings, own))?.principal).toEqual(principal);
  const [head, claims, signature = ''] = own.split('.');
  const other = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  expect(await verifyAccessToken(settings, `${head}.${claims}.${other}`)).toBeNull();
});

test('[ID19] the signature of a token is looked at once', async () => {
  const own = await token();
  const verify = vi.spyOn(crypto.subtle, 'verify');
  for (let i = 0; i < 3; i += 1) expect((await verifyAccessToken(settings, own))?.principal).toEqual(principal);
  expect(verify).toHaveBeenCalledTimes(1);
});
