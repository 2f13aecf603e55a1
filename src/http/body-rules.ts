import type { Context, MiddlewareHandler } from 'hono';
import { refusal } from '../domain/refusal.ts';
import type { AppEnv } from './context.ts';
import { shapeFault } from './json-shape.ts';
import { routeTemplate } from './log.ts';
import { RefusalException } from './problem.ts';

/** Routes that take a file: it goes by without lying in memory, and the route knows its limit and types. */
const fileRoutes = new Set([
  '/api/v1/doctors/:id/documents',
  '/api/v1/patients/:id/documents',
  '/api/v1/users/me/picture',
]);

/** Programs of others post forms here: mail programs (RFC 8058 section 3.1) and Twilio. */
const formRoutes = new Set(['/api/v1/sms-status/:id']);

/** Pages whose forms may bring a file, for browsers without scripts. */
const fileFormRoutes = new Set([
  ...['/records/documents', '/family/:whose/records/documents', '/account/picture', '/verification/documents'],
]);

/**
 * Whether a route takes a form. Only its length counts here: pages read the fields that they have, and what Twilio sends
 * is signed.
 */
const takesForm = (route: string): boolean => !route.startsWith('/api/') || formRoutes.has(route);
const isMultipart = (type: string | undefined): boolean => /^multipart\/form-data\s*;/i.test(type ?? '');
const isForm = (type: string | undefined): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(type ?? '');

/** Whether this may be a form with a file. Who reads it (src/web/file-form.ts) knows its limits. */
export const isFileForm = (c: Context<AppEnv>): boolean =>
  fileFormRoutes.has(routeTemplate(c)) && isMultipart(c.req.header('content-type'));

/** `application/json`, by itself or as the UTF-8 that it is anyway (RFC 8259 section 11 knows no charset). */
const isJson = (type: string | undefined): boolean =>
  /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type ?? '');

/**
 * What every body must be before a route sees it: at most so long, counted as it arrives; not compressed, since a small
 * body could then be a large one; `application/json` in UTF-8 (a form, where another's program
 * posts one); of bounded depth and number of values, each member once.
 * Refuses with `body_too_large`, `unsupported_media_type` and `invalid_request`.
 */
export const bodyRules: MiddlewareHandler<AppEnv> = async (c, next) => {
  const route = routeTemplate(c);
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method) || fileRoutes.has(route) || isFileForm(c)) return next();
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const { maxBodyBytes, maxJsonDepth, maxJsonValues } = c.get('settings');
  const body = await readUpTo(c, maxBodyBytes);
  const isOthers = takesForm(route) && isForm(c.req.header('content-type'));
  if (body.byteLength > 0 && !isOthers) {
    if (encoding !== 'identity' || !isJson(c.req.header('content-type')))
      throw new RefusalException(refusal('unsupported_media_type'));
    const text = decoded(body);
    const fault = text === null ? { path: '', message: 'is not UTF-8' } : shapeFault(text, maxJsonDepth, maxJsonValues);
    if (fault !== null) throw new RefusalException(refusal('invalid_request', undefined, { errors: [fault] }));
  }
  // Where Hono looks for a body that was read before.
  Object.assign(c.req.bodyCache, { arrayBuffer: Promise.resolve(body.buffer) });
  return next();
};

/** The whole body, or `body_too_large` as soon as it is that, whatever `Content-Length` says. */
export const readUpTo = async (c: Context<AppEnv>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
  const declared = Number(c.req.header('content-length') ?? Number.NaN);
  if (declared > maxBytes) throw new RefusalException(refusal('body_too_large'));
  // The runtime lets no body be longer than it says it is.
  if (declared <= maxBytes) return new Uint8Array(await c.req.raw.arrayBuffer());
  const stream = c.req.raw.body;
  if (stream === null) return new Uint8Array();
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
    if (length <= maxBytes) continue;
    await reader.cancel();
    throw new RefusalException(refusal('body_too_large'));
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
};

const decoded = (body: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    return null;
  }
};
