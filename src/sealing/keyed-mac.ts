const utf8 = new TextEncoder();
let imported: { readonly secret: string; readonly key: Promise<CryptoKey> } | undefined;

/** Imported once: a feed makes thousands of UIDs under one key. */
const keyOf = (secret: string): Promise<CryptoKey> => {
  if (imported?.secret !== secret) {
    const bytes = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
    const key = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    imported = { secret, key };
  }
  return imported.key;
};

/**
 * HMAC-SHA-256 of texts under the deployment's DATA_KEY: 32 bytes. The purpose keeps apart what is made for one use and
 * what for another, and JSON keeps the texts apart.
 *
 * @param secret the DATA_KEY, base64
 */
export const keyedMac = async (
  secret: string,
  purpose: string,
  ...texts: readonly string[]
): Promise<Uint8Array<ArrayBuffer>> => {
  const input = utf8.encode(JSON.stringify([`daybook ${purpose}`, ...texts]));
  return new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret), input));
};
