import { z } from 'zod';
import { fromBase64Url } from '../../domain/base64url.ts';

/** Longer ones are none of ours; a browser would not keep one as a cookie either. */
const maxLength = 4_096;

/** Three parts (RFC 7515 section 7.1), the last as long as an ES256 signature is (RFC 7518 section 3.4). */
const form = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/;

/**
 * The header that our tokens have, and nothing besides. So none brings a key along or names a place where one would be
 * (`jwk`, `jku`, `x5c`, `x5u`), and there is no extension to understand or to overlook (`crit`, `b64`, `zip`).
 */
const headerSchema = z.strictObject({
  alg: z.literal('ES256'),
  /** Media type of a JWT access token (RFC 9068 section 2.1): no other kind of JWT passes for one. */
  typ: z.literal('at+jwt'),
  kid: z.string().min(1).max(64),
});

/**
 * Whether a text has the form of our access tokens, before any signature is looked at: canonical base64url, JSON as
 * `JSON.stringify` writes it, so that nothing is said twice (RFC 7519 section 4) or in two ways.
 */
export const isCompactToken = (text: string): boolean => {
  if (text.length > maxLength) return false;
  const [, header = '', claims = '', signature = ''] = form.exec(text) ?? [];
  if (fromBase64Url(signature) === null || plainJson(claims) === undefined) return false;
  return headerSchema.safeParse(plainJson(header)).success;
};

const plainJson = (part: string): unknown => {
  const bytes = fromBase64Url(part);
  if (bytes === null) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
};
