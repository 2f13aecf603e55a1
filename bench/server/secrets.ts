import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { permissions } from '../../src/domain/access.ts';

/** The secrets of one run, made for it, and tokens signed with them. */
export interface RunSecrets {
  readonly bindings: { readonly JWT_KEYS: string; readonly DATA_KEY: string; readonly MASTER_KEYS: string };
  /** What verifies the tokens. */
  readonly publicKey: JWK;
  /** An access token as Daybook issues it, good for the length of a run. */
  token(accountId: string, role: 'patient' | 'doctor' | 'admin'): Promise<string>;
}

/** Makes the secrets of a run. */
export const runSecrets = (): RunSecrets => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(6).toString('hex') } as JWK;
  const { d: _, ...publicKey } = jwk;
  const signing = importJWK(jwk, 'ES256');
  return {
    bindings: {
      JWT_KEYS: JSON.stringify([jwk]),
      DATA_KEY: randomBytes(32).toString('base64'),
      MASTER_KEYS: randomBytes(32).toString('base64'),
    },
    publicKey,
    token: async (accountId, role) =>
      new SignJWT({ role, sid: 'bench', ver: true, ...(role === 'admin' ? { perm: permissions } : {}) })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: jwk.kid as string })
        .setIssuer('daybook')
        .setAudience('daybook-api')
        .setSubject(accountId)
        .setJti(randomBytes(12).toString('hex'))
        .setIssuedAt()
        .setExpirationTime('6h')
        .sign(await signing),
  };
};
