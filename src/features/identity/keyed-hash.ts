import { toBase64Url } from '../../domain/base64url.ts';

const utf8 = new TextEncoder();
let imported: { readonly secret: string; readonly key: Promise<CryptoKey> } | undefined;

const keyOf = (secret: string): Promise<CryptoKey> => {
  if (imported?.secret !== secret) {
    const bytes = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
    const key = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    imported = { secret, key };
  }
  return imported.key;
};

/**
 * HMAC-SHA-256 of texts under the deployment's DATA_KEY, in base64url. The purpose keeps apart what is made for one
 * use and what for another.
 */
export const keyedHash = async (secret: string, purpose: string, ...texts: readonly string[]): Promise<string> => {
  const input = utf8.encode(JSON.stringify([`daybook ${purpose}`, ...texts]));
  return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret), input)));
};

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export const sameText = (a: string, b: string): boolean => {
  const [left, right] = [utf8.encode(a), utf8.encode(b)];
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i += 1) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
};
