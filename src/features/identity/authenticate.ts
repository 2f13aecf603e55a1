import type { Context, MiddlewareHandler } from 'hono';
import { type Action, mayEver, type Principal } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { RefusalException } from '../../http/problem.ts';
import { type Grant, verifyAccessToken } from './access-token.ts';

/** Requires a valid access token and puts its principal on the request; otherwise `unauthenticated`. */
export const authenticated: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { principal, session } = await grantOf(c);
  c.set('principal', principal);
  c.set('session', session);
  await next();
};

/**
 * Who is looking, on routes that anybody may ask and that show some more than others; `null` without an Authorization
 * header. One that is not good is refused as everywhere, so that a client learns that its token has run out.
 */
export const viewerOf = async (c: Context<AppEnv>): Promise<Principal | null> =>
  c.req.header('authorization') === undefined ? null : (await grantOf(c)).principal;

/** Requires a principal who could do this at all; otherwise `unauthenticated` or `forbidden`. */
export const allowed = (action: Action): MiddlewareHandler<AppEnv>[] => [
  authenticated,
  async (c, next) => {
    if (!mayEver(c.get('principal'), action)) throw new RefusalException(refusal('forbidden'));
    await next();
  },
];

const grantOf = async (c: Context<AppEnv>): Promise<Grant> => {
  const [scheme, token] = (c.req.header('authorization') ?? '').split(' ', 2);
  const grant = scheme?.toLowerCase() === 'bearer' && token ? await verifyAccessToken(c.get('settings'), token) : null;
  if (grant === null) throw new RefusalException(refusal('unauthenticated'));
  return grant;
};
