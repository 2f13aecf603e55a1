import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { accessTokenTtlMs } from '../../domain/ended-tokens.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { idempotentBy } from '../../http/idempotency.ts';
import { RefusalException } from '../../http/problem.ts';
import { securityEvent } from '../../http/security-event.ts';
import { keyedHash, sameText } from './keyed-hash.ts';

const accessCookie = 'daybook-access';
const refreshCookie = 'daybook-refresh';
const csrfCookie = 'daybook-csrf';
const deviceCookie = 'daybook-device';
const deviceCookieSeconds = 180 * 86_400;

/** Asks for a session in cookies: for browsers, whose scripts then never see a token. */
const sessionModeHeader = 'session-mode';
/** Carries the token that a page of ours has read from its cookie, or from the answer of signing in. */
const csrfHeader = 'x-csrf-token';

/** Whether a request to sign in, refresh or log out is about a session in cookies. */
export const wantsCookies = (c: Context<AppEnv>): boolean => c.req.header(sessionModeHeader) === 'cookie';

/**
 * As {@link idempotentBy}, except for sessions in cookies: an answer that is kept would be given without its cookies, and
 * what a browser sends by itself is no part of the request that a kept answer is recognised by.
 */
export const onceBy = (field: string): MiddlewareHandler<AppEnv> => {
  const once = idempotentBy(field);
  return (c, next) => (wantsCookies(c) ? next() : once(c, next));
};

/**
 * Over https every name begins with `__Host-`: such a cookie is Secure and of this very host, so neither a sibling host
 * nor a network that answers in clear can plant one (RFC 6265bis section 4.1.3). Plain names are for http on localhost.
 */
const isSecure = (c: Context<AppEnv>): boolean =>
  c.get('settings').environment === 'production' || new URL(c.req.url).protocol === 'https:';

const options = (c: Context<AppEnv>) =>
  isSecure(c)
    ? ({ prefix: 'host', secure: true, path: '/', sameSite: 'Lax' } as const)
    : ({ path: '/', sameSite: 'Lax' } as const);

const read = (c: Context<AppEnv>, name: string): string | undefined =>
  isSecure(c) ? getCookie(c, name, 'host') : getCookie(c, name);

/** The access token that a browser sends by itself. */
export const accessTokenIn = (c: Context<AppEnv>): string | undefined => read(c, accessCookie);

/** The refresh token that a browser sends by itself. */
export const refreshTokenIn = (c: Context<AppEnv>): string | undefined => read(c, refreshCookie);

/**
 * Whether a request to refresh or log out is about the session in its cookies: it says so, or brings no other token. A
 * browser's page that forgets to say so means the only session that it has.
 */
export const isByCookie = (c: Context<AppEnv>, given: string | undefined): boolean =>
  wantsCookies(c) || (given === undefined && refreshTokenIn(c) !== undefined);

/**
 * Puts a session into cookies. Gives the token that its changes must carry in the header X-CSRF-Token; a page of ours
 * can read it again from its cookie.
 */
export const setSessionCookies = async (
  c: Context<AppEnv>,
  session: { readonly sessionId: string; readonly accessToken: string; readonly refreshToken: string },
): Promise<string> => {
  const csrfToken = await csrfTokenOf(c, session.sessionId);
  const maxAge = c.get('settings').sessionIdleMs / 1000;
  const hidden = { ...options(c), httpOnly: true };
  setCookie(c, accessCookie, session.accessToken, { ...hidden, maxAge: accessTokenTtlMs / 1000 });
  setCookie(c, refreshCookie, session.refreshToken, { ...hidden, maxAge });
  setCookie(c, csrfCookie, csrfToken, { ...options(c), maxAge });
  return csrfToken;
};

/** The token that makes this browser a known device. It outlives the session. */
export const deviceTokenIn = (c: Context<AppEnv>): string | undefined => read(c, deviceCookie);

/** Makes this browser a known device. */
export const setDeviceCookie = (c: Context<AppEnv>, token: string): void =>
  setCookie(c, deviceCookie, token, { ...options(c), httpOnly: true, maxAge: deviceCookieSeconds });

/** Takes a session's cookies away from the browser. */
export const clearSessionCookies = (c: Context<AppEnv>): void => {
  for (const name of [accessCookie, refreshCookie, csrfCookie]) deleteCookie(c, name, options(c));
};

const csrfTokenOf = async (c: Context<AppEnv>, sessionId: string): Promise<string> =>
  `${sessionId}.${await keyedHash(c.get('settings').dataKey, 'csrf', sessionId)}`;

/**
 * Requires that a page of ours sent the request, as browsers tell and no other site's page can make them tell. A browser
 * too old to say anything is refused. Refuses with `cross_site`.
 */
export const requireOwnPage = (c: Context<AppEnv>): void => {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const isOurs =
    (site !== undefined || origin !== undefined) &&
    (site === undefined || site === 'same-origin') &&
    (origin === undefined || origin === new URL(c.req.url).origin);
  if (!isOurs) refuse(c, 'origin');
};

/**
 * Requires the token against forged requests, and gives the session that it belongs to: it is bound to one by HMAC, so
 * that a token of the attacker's own session is of no use with the victim's. Refuses with `cross_site`.
 */
export const requireCsrfToken = async (c: Context<AppEnv>): Promise<string> =>
  (await sessionOfCsrf(c, c.req.header(csrfHeader) ?? '')) ?? refuse(c, 'csrf_token');

/** The session that a token against forged requests is of, or `null` if it is not of our making. */
const sessionOfCsrf = async (c: Context<AppEnv>, given: string): Promise<string | null> => {
  const [sessionId = ''] = given.split('.', 1);
  return sessionId !== '' && sameText(given, await csrfTokenOf(c, sessionId)) ? sessionId : null;
};

/**
 * Refuses a request that carries a session's cookies but not its token.
 *
 * @param given the token; that of the header, unless told
 */
export const requireCsrfTokenOf = async (
  c: Context<AppEnv>,
  sessionId: string,
  given = c.req.header(csrfHeader) ?? '',
): Promise<void> => {
  if ((await sessionOfCsrf(c, given)) !== sessionId) refuse(c, 'csrf_token');
};

/** Whether this browser has, or had, a session: its cookie holds a token of our making. Asks nothing of anybody. */
export const hadSession = async (c: Context<AppEnv>): Promise<boolean> =>
  (await sessionOfCsrf(c, read(c, csrfCookie) ?? '')) !== null;

function refuse(c: Context<AppEnv>, reason: string): never {
  securityEvent(c, 'csrf', { reason });
  throw new RefusalException(refusal('cross_site'));
}
