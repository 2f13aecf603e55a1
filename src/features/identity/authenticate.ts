import type { Context, MiddlewareHandler } from 'hono';
import { type Action, mayEver, type Principal, permissions, principalOf } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { RefusalException } from '../../http/problem.ts';
import { limitAccount } from '../../http/rate-limit.ts';
import { securityEvent } from '../../http/security-event.ts';
import { type Grant, verifyAccessToken } from './access-token.ts';
import { accessTokenIn, requireCsrfTokenOf, requireOwnPage } from './cookies.ts';
import { askGuard } from './guard.ts';

/**
 * As {@link authenticated}, also for who must set up a second factor before anything else: for the routes that this
 * takes.
 */
export const enrolling: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { principal, session } = await grantOf(c);
  c.set('principal', principal);
  c.set('session', session);
  await limitAccount(c);
  await next();
};

/**
 * Requires a valid access token and puts its principal on the request; otherwise `unauthenticated`, or
 * `enrolment_required` for who must set up a second factor first.
 */
export const authenticated: MiddlewareHandler<AppEnv> = (c, next) => enrolling(c, () => enrolled(c, next));

const enrolled = async (c: Context<AppEnv>, next: () => Promise<void>): Promise<void> => {
  if (c.get('session').mustEnrol) throw new RefusalException(refusal('enrolment_required'));
  await next();
};

/** Requires patients to have a verified e-mail address, where the settings do; otherwise `verification_required`. */
export const verifiedAddress: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.get('settings').requireVerified && c.get('principal').role === 'patient' && !c.get('session').isVerified) {
    throw new RefusalException(refusal('verification_required'));
  }
  await next();
};

/**
 * Who is looking, on routes that anybody may ask and that show some more than others; `null` without any token, and for
 * who must set up a second factor first. A token that is not good is refused as everywhere, so that a client learns that
 * it has run out.
 */
export const viewerOf = async (c: Context<AppEnv>): Promise<Principal | null> => {
  if (c.req.header('authorization') === undefined && accessTokenIn(c) === undefined) return null;
  const { principal, session } = await grantOf(c);
  return session.mustEnrol ? null : principal;
};

/** Requires a principal who could do this at all; otherwise `unauthenticated` or `forbidden`. */
export const allowed = (action: Action): MiddlewareHandler<AppEnv>[] => [
  authenticated,
  async (c, next) => {
    const principal = c.get('principal');
    if (!mayEver(principal, action)) throw new RefusalException(refusal('forbidden', whyNot(principal, action)));
    await next();
  },
];

/** An admin whom another permission would let do it is told so: it is not the role that is in the way. */
const whyNot = ({ id, role }: Principal, action: Action): string | undefined =>
  role === 'admin' && mayEver(principalOf({ id, role, permissions }), action)
    ? 'Your permissions do not include this.'
    : undefined;

/** The token of a request: what it says in Authorization, or else the cookie that a browser sends by itself. */
const tokenOf = (c: Context<AppEnv>): { readonly token: string | undefined; readonly inCookie: boolean } => {
  const authorization = c.req.header('authorization');
  if (authorization === undefined) return { token: accessTokenIn(c), inCookie: true };
  const [, token] = /^bearer (\S+)$/i.exec(authorization) ?? [];
  return { token, inCookie: false };
};

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What a request's token grants: it must be good by itself, by the guard of sessions, and, where a browser sent it by
 * itself along with a change, be accompanied by proof that a page of ours asked.
 */
const grantOf = async (c: Context<AppEnv>): Promise<Grant> => {
  const { token, inCookie } = tokenOf(c);
  if (!token) throw new RefusalException(refusal('unauthenticated'));
  const grant = await verifyAccessToken(c.get('settings'), token);
  if (grant === null) throw tokenRefused(c, 'not_good');
  const { principal, session } = grant;
  if (inCookie && !reading.has(c.req.method)) {
    requireOwnPage(c);
    await requireCsrfTokenOf(c, session.id);
  }
  const origin = { accountId: principal.id, sessionId: session.id, issuedAtMs: session.issuedAtMs };
  const ended = await askGuard(c.env, c.req.raw, origin);
  if (ended === null) throw new RefusalException(refusal('temporarily_unavailable'));
  if (ended) throw tokenRefused(c, 'ended');
  return grant;
};

const tokenRefused = (c: Context<AppEnv>, reason: string): RefusalException => {
  securityEvent(c, 'token.refused', { reason });
  return new RefusalException(refusal('unauthenticated'));
};
