import type { MiddlewareHandler } from 'hono';
import { refusal } from '../domain/refusal.ts';
import type { AppEnv } from './context.ts';
import { RefusalException } from './problem.ts';

/** Refuses addresses (`uri_too_long`) and headers (`headers_too_large`) that are longer than anybody needs. */
export const requestSize: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { maxUrlBytes, maxHeaderBytes } = c.get('settings');
  if (c.req.url.length > maxUrlBytes) throw new RefusalException(refusal('uri_too_long'));
  let bytes = 0;
  for (const [name, value] of c.req.raw.headers) bytes += name.length + value.length;
  if (bytes > maxHeaderBytes) throw new RefusalException(refusal('headers_too_large'));
  await next();
};
