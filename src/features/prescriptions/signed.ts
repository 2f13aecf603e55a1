import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import type { Database } from '../../db/client.ts';
import { prescriptionKeys } from '../../db/schema.ts';
import { canonical, type SignedPrescription } from '../../domain/prescription.ts';
import { invariant } from '../../domain/result.ts';
import type { Settings } from '../../env.ts';
import { keysOf } from '../identity/keys.ts';
import { keysBefore } from './keys.ts';

/** Media type of what is signed (RFC 7515 section 4.1.9). No access token has it, and no prescription has theirs. */
const prescriptionType = 'prescription+jws';

/**
 * Signs a prescription: a compact JWS (RFC 7515, ES256) over its canonical JSON. The statement keeps the public half of
 * the key, and belongs into the batch of what is signed.
 */
export const signPrescription = async (
  db: Database,
  settings: Settings,
  prescription: SignedPrescription,
  nowMs: number,
) => {
  const { signing, jwks } = await keysOf(settings.jwtKeys);
  const jwk = jwks.find(({ kid }) => kid === signing.kid);
  invariant(jwk !== undefined, 'the signing key is in the key set');
  const jws = await new CompactSign(new TextEncoder().encode(canonical(prescription)))
    .setProtectedHeader({ alg: 'ES256', typ: prescriptionType, kid: signing.kid })
    .sign(signing.key);
  const row = { kid: jwk.kid, jwk: JSON.stringify(jwk), firstUsedAtMs: nowMs };
  return { jws, keyKept: db.insert(prescriptionKeys).values(row).onConflictDoNothing() };
};

const headerOf = (jws: string) => {
  try {
    return decodeProtectedHeader(jws);
  } catch {
    return {};
  }
};

/**
 * Tells of each of these JWS whether one of our keys signed it as a prescription: one that signs tokens now, or one that
 * signed others before. Those are read by one query, however many there are.
 */
export const authentic = async (
  db: Database,
  settings: Settings,
  signed: readonly string[],
): Promise<(jws: string) => Promise<boolean>> => {
  const { verifying } = await keysOf(settings.jwtKeys);
  const kids = signed.map((jws) => headerOf(jws).kid ?? '').filter((kid) => !verifying.has(kid));
  const before = await keysBefore(db, kids);
  return async (jws) => {
    const { typ, kid = '', alg } = headerOf(jws);
    const key = verifying.get(kid) ?? before.get(kid);
    if (typ !== prescriptionType || alg !== 'ES256' || key === undefined) return false;
    return compactVerify(jws, key, { algorithms: ['ES256'] }).then(
      () => true,
      () => false,
    );
  };
};
