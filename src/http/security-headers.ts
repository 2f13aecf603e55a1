import type { Context } from 'hono';
import type { AppEnv } from './context.ts';

/** What an answer that is no page may do in a browser: nothing, and nowhere be framed. */
const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const devices = [
  ...['accelerometer', 'autoplay', 'browsing-topics', 'camera', 'display-capture', 'geolocation'],
  ...['gyroscope', 'hid', 'idle-detection', 'magnetometer', 'microphone', 'midi', 'payment', 'serial', 'usb'],
];

/** What of a device an answer may use: nothing, but what is named. */
export const permissionsPolicy = (...allowed: readonly string[]): string =>
  devices.map((device) => `${device}=(${allowed.includes(device) ? 'self' : ''})`).join(', ');

/** Headers of every answer; what a route has set itself stays (OWASP Secure Headers). */
const everywhere: readonly (readonly [name: string, value: string])[] = [
  ['content-security-policy', nothing],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', permissionsPolicy()],
  ['cache-control', 'no-store'],
];

const twoYearsSeconds = 63_072_000;

/**
 * Puts the headers that every answer carries on the answer of a request, whatever has made it: a route, a refusal, an
 * error, the assets. HSTS is for https alone (RFC 6797 section 7.2).
 *
 * @param more headers of this answer alone
 */
export const secureAnswer = (c: Context<AppEnv>, more: readonly (readonly [name: string, value: string])[]): void => {
  const { res } = c;
  // A WebSocket's answer cannot be made again, and has nothing for headers to protect.
  if (res.status === 101) return;
  // On the answer itself: a copy of it would be a stream, which costs more than a hold does.
  const { headers } = res;
  for (const [name, value] of everywhere) if (!headers.has(name)) headers.set(name, value);
  if (c.req.url.startsWith('https:'))
    headers.set('strict-transport-security', `max-age=${twoYearsSeconds}; includeSubDomains`);
  headers.set('x-request-id', c.get('requestId'));
  for (const [name, value] of more) headers.set(name, value);
};
