const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Reads base32 (RFC 4648 section 6). */
const fromBase32 = (text: string): Uint8Array<ArrayBuffer> => {
  const bits = [...text].map((char) => letters.indexOf(char).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
};

/** The code of an authenticator app at a time: RFC 6238 by its own words, so that the library is checked by another. */
export const totp = async (secret: string, atMs: number, digits = 6): Promise<string> => {
  const key = await crypto.subtle.importKey('raw', fromBase32(secret), { name: 'HMAC', hash: 'SHA-1' }, false, [
    'sign',
  ]);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(atMs / 30_000)));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer));
  const truncated = mac.getUint32(mac.getUint8(19) & 15) & 0x7fffffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
};
