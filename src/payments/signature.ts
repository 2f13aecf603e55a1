const utf8 = new TextEncoder();

const keyOf = (secret: string, use: 'sign' | 'verify'): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', utf8.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [use]);

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const bytesOf = (hex: string): Uint8Array | null =>
  /^([0-9a-f]{2}){32}$/i.test(hex)
    ? Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    : null;

const dataOf = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? utf8.encode(data) : data);

/** What a signed body says; `undefined` where that is no JSON: to the schema that reads it, a body of an unknown shape. */
export const jsonIn = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body));
  } catch {
    return undefined;
  }
};

/** HMAC-SHA-256, in lower-case hex. */
export const hmacHex = async (secret: string, data: string | Uint8Array): Promise<string> =>
  hexOf(new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret, 'sign'), dataOf(data))));

/** Whether a text is that HMAC, found out in a time that tells nothing of where it is wrong. */
export const isHmacHex = async (secret: string, data: string | Uint8Array, signature: string): Promise<boolean> => {
  const mac = bytesOf(signature);
  return mac !== null && crypto.subtle.verify('HMAC', await keyOf(secret, 'verify'), mac, dataOf(data));
};

/** SHA-256, in lower-case hex. */
export const sha256Hex = async (data: Uint8Array): Promise<string> =>
  hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', data)));
