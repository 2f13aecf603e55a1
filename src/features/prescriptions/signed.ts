import { CompactSign, compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type { Database } from '../../db/client.ts';
import { prescriptionKeys } from '../../db/schema.ts';
import { canonical, type SignedPrescription } from '../../domain/prescription.ts';
import { invariant } from '../../domain/result.ts';
import type { Settings } from '../../env.ts';
import { keysOf } from '../identity/keys.ts';
import { keyOf } from './keys.ts';

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

/** Whether one of our keys signed a JWS as a prescription: one that signs tokens now, or one that signed others before. */
export const isAuthentic = async (db: Database, settings: Settings, jws: string): Promise<boolean> => {
  try {
    const { typ, kid, alg } = decodeProtectedHeader(jws);
    if (typ !== prescriptionType || alg !== 'ES256' || kid === undefined) return false;
    const known = (await keysOf(settings.jwtKeys)).verifying.get(kid);
    const kept = known === undefined ? await keyOf(db, kid) : null;
    const key = known ?? (kept === null ? null : await importJWK(JSON.parse(kept), 'ES256'));
    if (key === null) return false;
    await compactVerify(jws, key, { algorithms: ['ES256'] });
    return true;
  } catch {
    return false;
  }
};
