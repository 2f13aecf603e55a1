import { toBase64Url } from '../../domain/base64url.ts';
import { keyedMac } from '../../sealing/keyed-mac.ts';

const utf8 = new TextEncoder();

/**
 * HMAC-SHA-256 of texts under the deployment's DATA_KEY, in base64url. The purpose keeps apart what is made for one
 * use and what for another.
 */
export const keyedHash = async (secret: string, purpose: string, ...texts: readonly string[]): Promise<string> =>
  toBase64Url(await keyedMac(secret, purpose, ...texts));

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
export const sameText = (a: string, b: string): boolean => {
  const [left, right] = [utf8.encode(a), utf8.encode(b)];
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i += 1) difference |= (left[i] ?? 0) ^ (right[i] ?? 0);
  return difference === 0;
};
