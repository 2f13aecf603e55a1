import { fromBase64Url, toBase64Url } from '../domain/base64url.ts';
import { keyedMac } from '../sealing/keyed-mac.ts';

/** An answer as it was first given. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ivBytes = 12;
const utf8 = new TextEncoder();

/**
 * What a request with an Idempotency-Key is recognised and sealed by. Both are keyed with a secret of the deployment
 * and depend on the whole request: who reads the table can neither try passwords against a fingerprint nor open an
 * answer and take the tokens in it, and with the secret alone an answer opens only to who repeats the request.
 */
export interface RequestSecrets {
  readonly fingerprint: string;
  readonly sealingKey: CryptoKey;
}

/**
 * Derives the secrets of a request by HMAC-SHA-256.
 *
 * @param secret the deployment's DATA_KEY, base64
 * @param parts what makes the request this request: scope, key, method, path with query
 */
export const requestSecrets = async (
  secret: string,
  parts: readonly string[],
  body: ArrayBuffer,
): Promise<RequestSecrets> => {
  const derive = await derivation(secret, parts, body);
  const [fingerprint, key] = await Promise.all([derive('idempotency fingerprint'), derive('idempotency answer')]);
  return {
    fingerprint: toBase64Url(fingerprint),
    sealingKey: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']),
  };
};

/** Derives the fingerprint alone, for whoever keeps answers that need no sealing. */
export const requestFingerprint = async (
  secret: string,
  parts: readonly string[],
  body: ArrayBuffer,
): Promise<string> => {
  const derive = await derivation(secret, parts, body);
  return toBase64Url(await derive('idempotency fingerprint'));
};

const derivation = async (secret: string, parts: readonly string[], body: ArrayBuffer) => {
  const bodyHash = toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
  return (purpose: string): Promise<Uint8Array<ArrayBuffer>> => keyedMac(secret, purpose, ...parts, bodyHash);
};

/** Seals an answer with AES-256-GCM under a fresh nonce. */
export const seal = async (key: CryptoKey, answer: StoredAnswer): Promise<string> => {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, utf8.encode(JSON.stringify(answer)));
  return `${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}`;
};

/** Opens a sealed answer; `null` when the key is not the one that sealed it. */
export const open = async (key: CryptoKey, text: string): Promise<StoredAnswer | null> => {
  const [iv, sealed] = text.split('.').map(fromBase64Url);
  if (!iv || !sealed) return null;
  try {
    const clear = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed);
    return JSON.parse(new TextDecoder().decode(clear)) as StoredAnswer;
  } catch {
    return null;
  }
};
