import type { MiddlewareHandler } from 'hono';
import { type Action, roleMay } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { RefusalException } from '../../http/problem.ts';
import { verifyAccessToken } from './access-token.ts';

/** Requires a valid access token and puts its principal on the request; otherwise `unauthenticated`. */
export const authenticated: MiddlewareHandler<AppEnv> = async (c, next) => {
  const [scheme, token] = (c.req.header('authorization') ?? '').split(' ', 2);
  const principal =
    scheme?.toLowerCase() === 'bearer' && token ? await verifyAccessToken(c.get('settings'), token) : null;
  if (principal === null) throw new RefusalException(refusal('unauthenticated'));
  c.set('principal', principal);
  await next();
};

/** Requires a principal whose role could do this at all; otherwise `unauthenticated` or `forbidden`. */
export const allowed = (action: Action): MiddlewareHandler<AppEnv>[] => [
  authenticated,
  async (c, next) => {
    if (!roleMay(c.get('principal').role, action)) throw new RefusalException(refusal('forbidden'));
    await next();
  },
];
