import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { toBase64Url } from '../domain/base64url.ts';
import type { AppEnv } from './context.ts';

/** What a page may load: scripts and styles that carry its nonce, and from its own origin images, fonts and data. */
const policy = (nonce: string, forms: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    `form-action ${forms.length === 0 ? "'none'" : forms.join(' ')}`,
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * Answers a page under a strict Content-Security-Policy (CSP level 3) with a nonce of its own. It is never cached: a
 * nonce that is used twice protects from nothing.
 *
 * @param render makes the page; every script and style in it carries the nonce
 * @param how where its forms may be sent (nowhere, unless told), and its status (200, unless told)
 */
export const htmlPage = (
  c: Context<AppEnv>,
  render: (nonce: string) => string,
  { forms = [], status = 200 }: { readonly forms?: readonly string[]; readonly status?: number } = {},
): Response => {
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  return c.html(render(nonce), status as ContentfulStatusCode, {
    'content-security-policy': policy(nonce, forms),
    'cache-control': 'no-store',
  });
};
