import type { Context } from 'hono';
import { toBase64Url } from '../domain/base64url.ts';
import type { AppEnv } from './context.ts';

/** What a page may load: scripts and styles that carry its nonce, and from its own origin images, fonts and data. */
const policy = (nonce: string, forms: "'none'" | "'self'"): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    `form-action ${forms}`,
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * Answers a page under a strict Content-Security-Policy (CSP level 3) with a nonce of its own. It is never cached: a
 * nonce that is used twice protects from nothing.
 *
 * @param render makes the page; every script and style in it carries the nonce
 * @param forms where its forms may be sent: nowhere, or to its own origin
 */
export const htmlPage = (
  c: Context<AppEnv>,
  render: (nonce: string) => string,
  forms: "'none'" | "'self'" = "'none'",
): Response => {
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  return c.html(render(nonce), 200, { 'content-security-policy': policy(nonce, forms), 'cache-control': 'no-store' });
};
