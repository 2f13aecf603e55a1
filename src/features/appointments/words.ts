import { fromBase64Url, toBase64Url } from '../../domain/base64url.ts';
import { invariant } from '../../domain/result.ts';

const ivBytes = 12;
const utf8 = new TextEncoder();
let master: { readonly secret: string; readonly key: Promise<CryptoKey> } | undefined;

/**
 * The one place where a patient's words (reason, symptoms, why it was cancelled) pass on their way to storage and back.
 * Doctor-days and D1 only ever hold what `seal` returns.
 */
export interface Words {
  /** Seals a text for a patient; `null` and `undefined` pass. */
  seal<T extends string | null | undefined>(text: T): Promise<T>;
  /** Opens a sealed text. Throws when it was sealed for another patient or changed since. */
  open(sealed: string | null): Promise<string | null>;
}

/**
 * Seals with AES-256-GCM under a key of the patient's own, derived by HKDF-SHA-256 (RFC 5869) from the deployment's
 * DATA_KEY. The patient's id is bound to the ciphertext, so a text cannot be passed off as another patient's.
 *
 * @param dataKey the secret, 32 bytes in base64
 */
export const wordsOf = (dataKey: string, patientId: string): Words => {
  const aad = Uint8Array.from(utf8.encode(`daybook words of ${patientId}`));
  let own: Promise<CryptoKey> | undefined;
  const key = (): Promise<CryptoKey> => {
    own ??= patientKey(dataKey, aad);
    return own;
  };
  return {
    seal: async <T extends string | null | undefined>(text: T): Promise<T> => {
      if (text === null || text === undefined) return text;
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: aad },
        await key(),
        utf8.encode(text),
      );
      return `v1.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}` as T;
    },
    open: async (sealed) => {
      if (sealed === null) return null;
      const [version, ivText, body] = sealed.split('.');
      const iv = fromBase64Url(ivText ?? '');
      const bytes = fromBase64Url(body ?? '');
      invariant(version === 'v1' && iv !== null && bytes !== null, 'stored words are sealed words');
      const clear = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: aad }, await key(), bytes);
      return new TextDecoder().decode(clear);
    },
  };
};

const patientKey = async (dataKey: string, info: Uint8Array<ArrayBuffer>): Promise<CryptoKey> => {
  if (master?.secret !== dataKey) {
    const bytes = Uint8Array.from(atob(dataKey), (c) => c.charCodeAt(0));
    master = { secret: dataKey, key: crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']) };
  }
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info },
    await master.key,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
};
