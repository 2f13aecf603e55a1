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

/**
 * Routes that take a form: from mail programs (RFC 8058 section 3.1), from Twilio, and from pages of ours. Only its length
 * counts here: of the first nothing is read, the second is signed, and pages read the fields that they have.
 */
const formRoutes = new Set(['/unsubscribe/:token', '/api/v1/sms-status/:id', '/dev/pay/:order', '/rx/:token']);
const isForm = (type: string | undefined): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(type ?? '');

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
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method) || fileRoutes.has(routeTemplate(c))) return next();
  const encoding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const { maxBodyBytes, maxJsonDepth, maxJsonValues } = c.get('settings');
  const body = await readUpTo(c, maxBodyBytes);
  const isOthers = formRoutes.has(routeTemplate(c)) && isForm(c.req.header('content-type'));
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
const readUpTo = async (c: Context<AppEnv>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
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
