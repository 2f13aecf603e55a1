/**
 * How Daybook hashes passwords: argon2id, 19 MiB, two passes, one lane (the second of OWASP's recommended settings).
 * Imports nothing, so that command-line tools hash alike.
 */
export const passwordParameters = {
  hashLength: 32,
  timeCost: 2,
  /** KiB. */
  memoryCost: 19 * 1024,
  parallelism: 1,
} as const;

/**
 * A password as it goes into the hash: its NFC form (RFC 8265 section 4.2.2) as UTF-8 in base64. The wasm build counts
 * a password's length in UTF-16 units and would silently drop the end of one with other than ASCII characters; base64
 * is ASCII, and no two passwords share one.
 */
export const preparedPassword = (password: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(password.normalize('NFC'))));

/** What is wrong with a new password; `null` when nothing is. 8 to 128 characters, upper case, digit, special. */
export const passwordFault = (password: string): string | null => {
  const length = [...password.normalize('NFC')].length;
  if (length < 8) return 'must have at least 8 characters';
  if (length > 128) return 'must have at most 128 characters';
  if (!/\p{Lu}/u.test(password)) return 'must have an upper-case letter';
  if (!/\p{Nd}/u.test(password)) return 'must have a digit';
  if (!/[^\p{L}\p{M}\p{N}\s]/u.test(password)) return 'must have a special character';
  return null;
};
