import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './context.ts';

/** Serves the files that `npm run prepare` has laid ready, so that they pass the same door as every other answer. */
export const assets: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return next();
  const file = await c.env.ASSETS.fetch(c.req.raw);
  // A copy: headers of what was fetched cannot be added to.
  return file.status === 404 ? next() : new Response(file.body, file);
};
