import { toBase64Url } from '../../domain/base64url.ts';
import type { Settings } from '../../env.ts';
import { keyedHash, sameText } from './keyed-hash.ts';

/** How long a device that signed in is known. */
const knownForMs = 180 * 86_400_000;
/** How long the link in a warning makes the device it is opened on a known one. */
export const linkedForMs = 24 * 3_600_000;

/** Begins the name of a device on which all was shown that an account asks for, as no random name does. */
const fullyMark = '~';

/**
 * A token that makes a device a known one for one e-mail address. With it, tries are counted for the device and not for
 * the account, so that a stranger's wrong guesses keep no owner out (OWASP's device cookies). It proves nothing else:
 * the password is still needed.
 *
 * @param lifetimeMs by default 180 days
 * @param shown whether a second factor was shown on the device, or only that its user reads the owner's mail or knows the
 *   password
 */
export const deviceToken = async (
  settings: Settings,
  email: string,
  nowMs: number,
  lifetimeMs = knownForMs,
  shown: 'second factor' | 'first factor' = 'first factor',
): Promise<string> => {
  const random = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  const nonce = shown === 'second factor' ? `${fullyMark}${random}` : random;
  const expires = String(nowMs + lifetimeMs);
  return `${nonce}.${expires}.${await macOf(settings, email, nonce, expires)}`;
};

/** The name of the device that a token makes known for an e-mail address; `null` when it does not, or no longer. */
export const knownDevice = async (
  settings: Settings,
  email: string,
  token: string | undefined,
  nowMs: number,
): Promise<string | null> => {
  const [nonce = '', expires = '', mac = '', ...rest] = (token ?? '').split('.');
  if (rest.length > 0 || !sameText(mac, await macOf(settings, email, nonce, expires))) return null;
  return Number(expires) > nowMs ? nonce : null;
};

/** Whether a second factor was shown on a device, by its name. */
export const hasShownBoth = (device: string): boolean => device.startsWith(fullyMark);

const macOf = (settings: Settings, email: string, nonce: string, expires: string): Promise<string> =>
  keyedHash(settings.dataKey, 'known device', email, nonce, expires);
