import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import {
  type Facts,
  type Identity,
  maxFacts,
  type Principal,
  permissions,
  principalOf,
  roles,
} from '../../domain/access.ts';
import { accessTokenTtlMs, clockSkewMs } from '../../domain/ended-tokens.ts';
import { isAccountId } from '../../domain/ids.ts';
import type { Settings } from '../../env.ts';
import type { SessionClaims } from '../../http/context.ts';
import { isCompactToken } from './compact-token.ts';
import type { Holder } from './facts.ts';
import { keysOf } from './keys.ts';

const issuer = 'daybook';
const audience = 'daybook-api';
/** Media type of a JWT access token (RFC 9068 section 2.1): no other kind of JWT passes for one. */
const type = 'at+jwt';

/** How long an access token is good for. */
export const accessTokenTtlSeconds = accessTokenTtlMs / 1000;

const ids = z.array(z.string().max(64)).max(maxFacts).default([]);

const claimsSchema = z.object({
  sub: z.string().refine(isAccountId),
  // RFC 7519 lets `aud` be a list; ours never is, so a token for us and somebody else is not ours.
  aud: z.literal(audience),
  role: z.enum(roles),
  sid: z.string().min(1).max(64),
  jti: z.string().min(1),
  // NumericDate may have a fraction (RFC 7519 section 2): ours has milliseconds, so that "issued before" is exact.
  iat: z.number(),
  exp: z.number(),
  perm: z.array(z.enum(permissions)).default([]),
  cl: ids,
  dep: ids,
  dk: z.string().max(512).nullable().default(null),
  ver: z.boolean().default(false),
  enr: z.boolean().default(false),
});

/** What an access token says: whose it is, and the session that it belongs to. */
export interface Grant {
  readonly principal: Principal;
  readonly session: SessionClaims;
}

/**
 * Signs an access token for a session: an ES256 JWT by RFC 9068, good for 15 minutes. It carries what the policy goes
 * by, so that a request needs no database: `role`, `perm` (permissions), `cl` (clinics), `dep` (dependants), and `dk`,
 * the patient's data key as the master key has wrapped it, `ver`, that the address is verified, and `enr`, that a second
 * factor has to be set up first.
 *
 * @param nowMs ms since the epoch
 */
export const signAccessToken = async (
  settings: Settings,
  holder: Identity & Partial<Facts> & Partial<Pick<Holder, 'dataKey' | 'isVerified' | 'hasSecondFactor'>>,
  sessionId: string,
  nowMs: number = Date.now(),
): Promise<string> => {
  const { signing } = await keysOf(settings.jwtKeys);
  const { id, role, permissions: perm, clinicIds: cl, dependantIds: dep } = principalOf(holder);
  const facts = Object.entries({ perm, cl, dep, dk: holder.dataKey ?? '' }).filter(([, value]) => value.length > 0);
  const issuedAt = nowMs / 1000;
  const owed = holder.hasSecondFactor === false && settings.requireSecondFactor.includes(role);
  const standing = { ...(holder.isVerified === true ? { ver: true } : {}), ...(owed ? { enr: true } : {}) };
  return new SignJWT({ role, sid: sessionId, ...Object.fromEntries(facts), ...standing })
    .setProtectedHeader({ alg: 'ES256', typ: type, kid: signing.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(id)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime((nowMs + accessTokenTtlMs) / 1000)
    .sign(signing.key);
};

interface Verified extends Grant {
  readonly expiresAtMs: number;
}

/** A signature that was good stays good: tokens by their text, so that only the first use pays for looking. */
const maxVerified = 10_000;
let verified: { readonly jwtKeys: string; readonly tokens: Map<string, Verified> } | undefined;

/**
 * Who an access token speaks for, and in which session; `null` for anything but a token of ours that is good now. Asks
 * nothing outside the isolate: it stands on the path of every booking. The algorithm is pinned and the key comes from
 * our own set alone, so neither `alg: none`, nor HMAC with the public key, nor a key that the token brings along gets
 * through (RFC 8725 sections 3.1 and 3.10).
 */
export const verifyAccessToken = async (settings: Settings, token: string): Promise<Grant | null> => {
  const tokens = verifiedWith(settings.jwtKeys);
  const known = tokens.get(token);
  if (known !== undefined && known.expiresAtMs > Date.now()) return known;
  if (!isCompactToken(token)) return null;
  const { verifying } = await keysOf(settings.jwtKeys);
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = kid === undefined ? undefined : verifying.get(kid);
        if (key === undefined) throw new Error('unknown kid');
        return key;
      },
      { algorithms: ['ES256'], typ: type, issuer, audience },
    );
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) return null;
    const nowMs = Date.now();
    // A token from the future would outlast the ending of those that were issued before.
    if (claims.data.exp * 1000 <= nowMs || claims.data.iat * 1000 > nowMs + clockSkewMs) return null;
    const { sub: id, role, sid, iat, exp, perm, cl, dep, dk, ver, enr } = claims.data;
    const grant = {
      principal: principalOf({ id, role, permissions: perm, clinicIds: cl, dependantIds: dep }),
      session: { id: sid, issuedAtMs: Math.round(iat * 1000), dataKey: dk, isVerified: ver, mustEnrol: enr },
    };
    const [oldest] = tokens.size < maxVerified ? [] : tokens.keys();
    if (oldest !== undefined) tokens.delete(oldest);
    tokens.set(token, { ...grant, expiresAtMs: exp * 1000 });
    return grant;
  } catch {
    return null;
  }
};

/** The tokens that were verified with a set of keys; other keys begin afresh. */
const verifiedWith = (jwtKeys: string): Map<string, Verified> => {
  if (verified?.jwtKeys !== jwtKeys) verified = { jwtKeys, tokens: new Map() };
  return verified.tokens;
};
