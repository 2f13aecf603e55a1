import { toBase64Url } from '../domain/base64url.ts';

const utf8 = new TextEncoder();
let imported: { readonly dataKey: string; readonly key: Promise<CryptoKey> } | undefined;

/** A feed makes thousands of UIDs under one key. */
const keyOf = (dataKey: string): Promise<CryptoKey> => {
  if (imported?.dataKey !== dataKey) {
    const bytes = Uint8Array.from(atob(dataKey), (char) => char.charCodeAt(0));
    const key = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    imported = { dataKey, key };
  }
  return imported.key;
};

/**
 * The UID of an appointment where its id must not be told, for the id names the doctor and the day on which it was first
 * booked: 192 bits of an HMAC-SHA-256 under DATA_KEY. As stable as the id, and the same in every feed that hides it.
 *
 * @param dataKey the secret, base64
 */
export const keyedCalendarUid = async (dataKey: string, appointmentId: string): Promise<string> => {
  const input = utf8.encode(JSON.stringify(['daybook calendar uid', appointmentId]));
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(dataKey), input));
  return `${toBase64Url(mac.subarray(0, 24))}@daybook`;
};
