import { fromBase64Url, toBase64Url } from '../domain/base64url.ts';
import { invariant } from '../domain/result.ts';

const ivBytes = 12;
const utf8 = new TextEncoder();

/** Seals and opens the texts of one column. */
export interface SealedColumn {
  /** Seals a text for the row with this id. */
  seal(rowId: string, text: string): Promise<string>;
  /** Opens a sealed text. Throws when it was sealed for another row or column, or changed since. */
  open(rowId: string, sealed: string): Promise<string>;
}

/**
 * A column whose texts are sealed with AES-256-GCM under a key of its own, derived by HKDF-SHA-256 (RFC 5869) from the
 * deployment's DATA_KEY. The row's id is bound to the ciphertext, so that none can be passed off as another row's.
 *
 * @param dataKey the secret, base64
 * @param column `table.column`
 */
export const sealedColumn = (dataKey: string, column: string): SealedColumn => {
  const key = () => derived(dataKey, `daybook column ${column}`);
  const aad = (rowId: string) => utf8.encode(JSON.stringify([column, rowId]));
  return {
    seal: async (rowId, text) => {
      const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
      const algorithm = { name: 'AES-GCM', iv, additionalData: aad(rowId) };
      const sealed = await crypto.subtle.encrypt(algorithm, await key(), utf8.encode(text));
      return `v1.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}`;
    },
    open: async (rowId, sealed) => {
      const [version, ivText, body] = sealed.split('.');
      const iv = fromBase64Url(ivText ?? '');
      const bytes = fromBase64Url(body ?? '');
      invariant(version === 'v1' && iv !== null && bytes !== null, 'a sealed column holds sealed texts');
      const clear = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv, additionalData: aad(rowId) },
        await key(),
        bytes,
      );
      return new TextDecoder().decode(clear);
    },
  };
};

let kept: { readonly dataKey: string; readonly keys: Map<string, Promise<CryptoKey>> } | undefined;

/** Keys by their purpose, of which there is a handful; another secret begins afresh. */
const derived = (dataKey: string, purpose: string): Promise<CryptoKey> => {
  if (kept?.dataKey !== dataKey) kept = { dataKey, keys: new Map() };
  const known = kept.keys.get(purpose);
  if (known !== undefined) return known;
  const made = derive(dataKey, purpose);
  kept.keys.set(purpose, made);
  return made;
};

const derive = async (dataKey: string, purpose: string): Promise<CryptoKey> => {
  const bytes = Uint8Array.from(atob(dataKey), (c) => c.charCodeAt(0));
  const master = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const from = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8.encode(purpose) };
  return crypto.subtle.deriveKey(from, master, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
};
