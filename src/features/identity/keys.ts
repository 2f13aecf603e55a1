import { type CryptoKey, importJWK } from 'jose';
import { z } from 'zod';

/** An ES256 key as the secret JWT_KEYS holds it (RFC 7517, RFC 7518 section 6.2). One without `d` verifies only. */
const jwkSchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().min(1),
  y: z.string().min(1),
  d: z.string().min(1).optional(),
  kid: z.string().min(1).max(64),
});

const keySetSchema = z
  .array(jwkSchema)
  .min(1)
  .max(8)
  .refine(([first]) => first?.d !== undefined, 'the first key has no private half')
  .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'two keys have one kid');

/** The public half of a key, as the JWKS shows it. */
interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

/** The keys of this deployment: one that signs, all that verify, by `kid`. */
export interface Keys {
  readonly signing: { readonly kid: string; readonly key: CryptoKey };
  readonly verifying: ReadonlyMap<string, CryptoKey>;
  readonly jwks: readonly PublicJwk[];
}

let imported: { secret: string; keys: Promise<Keys> } | undefined;

/**
 * Reads the secret JWT_KEYS: a JSON array of ES256 JWKs with `kid`. The first signs and is private; of the others the
 * public half is enough. Imported once per isolate. Throws without naming a value when the secret is not valid.
 */
export const keysOf = (secret: string): Promise<Keys> => {
  if (imported?.secret !== secret) imported = { secret, keys: read(secret) };
  return imported.keys;
};

const read = async (secret: string): Promise<Keys> => {
  const parsed = keySetSchema.safeParse(parseJson(secret));
  if (!parsed.success)
    throw new Error('JWT_KEYS is not a JSON array of ES256 JWKs with distinct kids, the first one private');
  const [first] = parsed.data;
  if (first === undefined) throw new Error('JWT_KEYS is empty');
  const jwks = parsed.data.map(({ d: _, ...point }): PublicJwk => ({ ...point, alg: 'ES256', use: 'sig' }));
  const verifying = await Promise.all(jwks.map(async (jwk) => [jwk.kid, await importKey(jwk)] as const));
  return { signing: { kid: first.kid, key: await importKey(first) }, verifying: new Map(verifying), jwks };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const importKey = async (jwk: {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  d?: string | undefined;
}): Promise<CryptoKey> => {
  const { kty, crv, x, y, d } = jwk;
  const key = await importJWK({ kty, crv, x, y, ...(d === undefined ? {} : { d }) }, 'ES256');
  if (key instanceof Uint8Array) throw new Error('JWT_KEYS holds a key that is not an EC key');
  return key;
};
