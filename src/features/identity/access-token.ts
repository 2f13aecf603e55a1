import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Principal } from '../../domain/access.ts';
import { isAccountId } from '../../domain/ids.ts';
import type { Settings } from '../../env.ts';
import { keysOf } from './keys.ts';

const issuer = 'daybook';
const audience = 'daybook-api';
/** Media type of a JWT access token (RFC 9068 section 2.1): no other kind of JWT passes for one. */
const type = 'at+jwt';

/** How long an access token is good for. */
export const accessTokenTtlSeconds = 15 * 60;

const claimsSchema = z.object({
  sub: z.string().refine(isAccountId),
  // RFC 7519 lets `aud` be a list; ours never is, so a token for us and somebody else is not ours.
  aud: z.literal(audience),
  role: z.enum(['patient', 'doctor', 'admin']),
  sid: z.string().min(1),
  jti: z.string().min(1),
  iat: z.number(),
  exp: z.number(),
});

/**
 * Signs an access token for a principal's session: an ES256 JWT by RFC 9068, good for 15 minutes.
 *
 * @param nowMs ms since the epoch
 */
export const signAccessToken = async (
  settings: Settings,
  principal: Principal,
  sessionId: string,
  nowMs: number = Date.now(),
): Promise<string> => {
  const { signing } = await keysOf(settings.jwtKeys);
  const issuedAt = Math.floor(nowMs / 1000);
  return new SignJWT({ role: principal.role, sid: sessionId })
    .setProtectedHeader({ alg: 'ES256', typ: type, kid: signing.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(principal.id)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenTtlSeconds)
    .sign(signing.key);
};

interface Verified {
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

/** A signature that was good stays good: tokens by their text, so that only the first use pays for looking. */
const maxVerified = 10_000;
let verified: { readonly jwtKeys: string; readonly tokens: Map<string, Verified> } | undefined;

/**
 * Who an access token speaks for; `null` for anything but a token of ours that is good now. Asks nothing outside the
 * isolate: it stands on the path of every booking. The algorithm is pinned and the key comes from our own set alone,
 * so neither `alg: none`, nor HMAC with the public key, nor a key that the token brings along gets through
 * (RFC 8725 sections 3.1 and 3.10).
 */
export const verifyAccessToken = async (settings: Settings, token: string): Promise<Principal | null> => {
  const tokens = verifiedWith(settings.jwtKeys);
  const known = tokens.get(token);
  if (known !== undefined && known.expiresAtMs > Date.now()) return known.principal;
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
    const principal = { id: claims.data.sub, role: claims.data.role };
    const [oldest] = tokens.size < maxVerified ? [] : tokens.keys();
    if (oldest !== undefined) tokens.delete(oldest);
    tokens.set(token, { principal, expiresAtMs: claims.data.exp * 1000 });
    return principal;
  } catch {
    return null;
  }
};

/** The tokens that were verified with a set of keys; other keys begin afresh. */
const verifiedWith = (jwtKeys: string): Map<string, Verified> => {
  if (verified?.jwtKeys !== jwtKeys) verified = { jwtKeys, tokens: new Map() };
  return verified.tokens;
};
