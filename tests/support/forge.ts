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
export const hmacSigned = async (header: unknown, claims: unknown, secret: Uint8Array, hash = 'SHA-256') => {
  const input = `${part(header)}.${part(claims)}`;
  const key = await crypto.subtle.importKey('raw', new Uint8Array(secret), { name: 'HMAC', hash }, false, ['sign']);
  return `${input}.${toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(input))))}`;
};

/** What a token says, unverified. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(fromBase64Url(token.split('.')[1] ?? '') ?? new Uint8Array()));

/** The order of P-256's group: r and s are numbers from 1 to one less (SEC 1 section 4.1.4). */
export const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** Bytes, most significant first, as a number. */
export const number = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
/** A number as bytes, most significant first. */
export const bytesOf = (value: bigint, length = 32): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 255n));
/** Bytes one after the other. */
export const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((bytes) => [...bytes]));

/** The same signature as ASN.1 DER, as most other formats carry it. */
export const der = (signature: Uint8Array): Uint8Array => {
  const integer = (bytes: Uint8Array): Uint8Array => {
    const trimmed = bytes.slice(bytes.findIndex((byte) => byte !== 0));
    const positive = (trimmed[0] ?? 0) > 127 ? joined(Uint8Array.of(0), trimmed) : trimmed;
    return joined(Uint8Array.of(2, positive.length), positive);
  };
  const body = joined(integer(signature.slice(0, 32)), integer(signature.slice(32)));
  return joined(Uint8Array.of(48, body.length), body);
};

/** The public half of the first key, as DER. */
export const spki = async (): Promise<ArrayBuffer> => {
  const { kty, crv, x, y } = ownKeys[0];
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, { name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'verify',
  ]);
  return (await crypto.subtle.exportKey('spki', key)) as ArrayBuffer;
};
/** The public half of the first key, as PEM. */
export const pem = async (): Promise<string> => {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(await spki())));
  return `-----BEGIN PUBLIC KEY-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END PUBLIC KEY-----\n`;
};
