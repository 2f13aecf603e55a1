import type { Hono } from 'hono';
import type { AppEnv } from './context.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * The methods that a path takes, for 405 and its `Allow` header (RFC 9110 section 10.2.1); empty for a path that takes
 * none. Asked of the router itself, so that it can never disagree with what is served. Middleware does not count.
 */
export const allowedMethods = (app: Pick<Hono<AppEnv>, 'router'>, path: string): string[] => {
  const taken = methods.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  if (taken.length === 0) return [];
  return [...taken, ...(taken.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
};
