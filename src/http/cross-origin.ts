import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnv } from './context.ts';

const allowHeaders = 'authorization, content-type, idempotency-key, if-match, if-none-match, x-csrf-token';
const allowMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const exposeHeaders = 'etag, location, retry-after, x-request-id, ratelimit, ratelimit-policy';
const preflightSeconds = '600';

/**
 * Lets browsers call from the origins that the settings list, exactly as they are written there, and with credentials
 * (Fetch standard, CORS protocol). Anybody else's browser gets the answer of no origin at all: the origin that asked is
 * never sent back because it asked.
 */
export const crossOrigin: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { corsOrigins } = c.get('settings');
  const origin = c.req.header('origin');
  const listed = origin !== undefined && corsOrigins.includes(origin) ? origin : null;
  const isPreflight = c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
  if (listed !== null && isPreflight) {
    return c.body(null, 204, {
      'access-control-allow-origin': listed,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': allowMethods,
      'access-control-allow-headers': allowHeaders,
      'access-control-max-age': preflightSeconds,
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    });
  }
  await next();
  // A WebSocket's answer cannot be made again; who may open one is asked before.
  if (c.res.status === 101) return undefined;
  if (corsOrigins.length > 0) c.header('vary', 'Origin', { append: true });
  if (listed === null) return undefined;
  c.header('access-control-allow-origin', listed);
  c.header('access-control-allow-credentials', 'true');
  c.header('access-control-expose-headers', exposeHeaders);
  return undefined;
};

/**
 * Whether a request comes from a page of ours, from one of an origin that the settings list, or from no page at all. For
 * WebSockets, which the rules of browsers about other origins do not cover (RFC 6455 section 10.2).
 */
export const isOwnOrListed = (c: Context<AppEnv>): boolean => {
  const origin = c.req.header('origin');
  return origin === undefined || origin === new URL(c.req.url).origin || c.get('settings').corsOrigins.includes(origin);
};
