import { env } from 'cloudflare:workers';
import { fromBase64Url, toBase64Url } from '../../src/domain/base64url.ts';

const utf8 = new TextEncoder();

/** A private ES256 key of the deployment under test, the signing one first. */
export interface OwnKey {
  readonly kid: string;
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly d: string;
}
export const ownKeys = JSON.parse(env.JWT_KEYS) as readonly [OwnKey, OwnKey];

/** Text or JSON as a part of a token. */
export const part = (value: unknown): string =>
  toBase64Url(utf8.encode(typeof value === 'string' ? value : JSON.stringify(value)));

/** The header that our tokens have. */
export const goodHeader = (more: Record<string, unknown> = {}) => ({
  alg: 'ES256',
  typ: 'at+jwt',
  kid: ownKeys[0].kid,
  ...more,
});

/** The claims of a good token for an account, issued now. */
export const goodClaims = (sub: string, more: Record<string, unknown> = {}) => {
  const iat = Date.now() / 1000;
  return {
    iss: 'daybook',
    aud: 'daybook-api',
    sub,
    sid: 'e_forged',
    jti: 'j',
    role: 'patient',
    iat,
    exp: iat + 900,
    ...more,
  };
};

/** The ES256 signature (RFC 7518 section 3.4) of a token's first two parts, raw: r and s of 32 bytes each. */
export const signatureOf = async (input: string, key: OwnKey = ownKeys[0]): Promise<Uint8Array> => {
  const { kty, crv, x, y, d } = key;
  const imported = await crypto.subtle.importKey(
    'jwk',
    { kty, crv, x, y, d },
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );
  return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, imported, utf8.encode(input)));
};

/** A token signed by us, whatever it says: header and claims as objects, or as the very text that shall be signed. */
export const signed = async (header: unknown, claims: unknown, key: OwnKey = ownKeys[0]): Promise<string> => {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${toBase64Url(await signatureOf(input, key))}`;
};

/** A token whose third part is an HMAC over the first two: what an attacker makes who confuses algorithms. */
export const hmacSigned = async (
  header: unknown,
  claims: unknown,
  secret: Uint8Array<ArrayBuffer>,
  hash = 'SHA-256',
) => {
  const input = `${part(header)}.${part(claims)}`;
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['sign']);
  return `${input}.${toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(input))))}`;
};

/** What a token says, unverified. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(fromBase64Url(token.split('.')[1] ?? '') ?? new Uint8Array()));
