import { toBase64Url } from '../domain/base64url.ts';
import { keyedMac } from '../sealing/keyed-mac.ts';

/**
 * The UID of an appointment where its id must not be told, for the id names the doctor and the day on which it was first
 * booked: 192 bits of an HMAC-SHA-256 under DATA_KEY. As stable as the id, and the same in every feed that hides it.
 *
 * @param dataKey the secret, base64
 */
export const keyedCalendarUid = async (dataKey: string, appointmentId: string): Promise<string> => {
  const mac = await keyedMac(dataKey, 'calendar uid', appointmentId);
  return `${toBase64Url(mac.subarray(0, 24))}@daybook`;
};
