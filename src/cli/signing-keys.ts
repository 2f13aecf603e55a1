import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** The public half of a key that verifies access tokens. */
export interface VerifyingKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
}

/** A key that signs access tokens. */
export interface SigningKey extends VerifyingKey {
  readonly d: string;
}

/** How long tokens outlive the key that signed them: their 15 minutes, and a deploy's time to be everywhere. */
const settledMs = 20 * 60_000;

/** A fresh ES256 key. Its kid tells when it was made: `20261121T153000Z-9f3a2c71`. */
export const newSigningKey = (nowMs: number): SigningKey => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  const made = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return { kty, crv, x, y, d, kid: `${made}-${randomBytes(4).toString('hex')}` };
};

/**
 * The set after a rotation: the fresh key, which signs from then on, and the public halves of those whose tokens may
 * still be about. The key that has signed until now is one of them. Those behind it signed before it did, so they go
 * once it has signed for long enough. No private half is kept: what it signed can be verified, and nothing signed anew.
 *
 * @param active the keys of the set, the signing one first, as the JWKS shows them
 */
export const rotated = (
  active: readonly VerifyingKey[],
  fresh: SigningKey,
  nowMs: number,
): readonly [SigningKey, ...VerifyingKey[]] => {
  const [signing, ...older] = active;
  if (signing === undefined) return [fresh];
  const kept = madeAtMs(signing.kid) > nowMs - settledMs ? [signing, ...older] : [signing];
  return [fresh, ...kept.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid }))];
};

/** When a key was made, ms since the epoch, by its kid; long ago for a kid that does not tell. */
const madeAtMs = (kid: string): number => {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(kid) ?? [];
  const [year = '', month, day, hour, minute, second] = parts;
  return year === '' ? 0 : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
};
