import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Context } from 'hono';
import { toBase64Url } from '../domain/base64url.ts';
import type { AppEnv } from './context.ts';

const utf8 = new TextEncoder();
const hashChars = 16;

/**
 * Who the platform says is calling. `X-Forwarded-For` and its kin are never read: anybody can send them, and only
 * `cf-connecting-ip` is overwritten by the platform. `unknown` where there is no platform in front.
 */
export const clientAddress = (c: Context<AppEnv>): string => {
  const address = c.req.header('cf-connecting-ip')?.trim().toLowerCase() ?? '';
  return /^[0-9a-f:.]{2,45}$/.test(address) ? address : 'unknown';
};

/**
 * What counts as one caller: an IPv4 address, or the /64 of an IPv6 address, since a household or a server has all
 * 2^64 addresses of its network to choose from (RFC 6177).
 */
export const callerOf = (address: string): string => {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const full = [...groups, ...Array<string>(zeros).fill('0'), ...after];
  return `${full
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
};

/**
 * The caller's address as logs and the audit may hold it: keyed and cut (HMAC-SHA-256), so that two lines of one caller
 * can be told to be that and the address cannot be tried out by who has only the logs. Computed at once, which WebCrypto
 * cannot, so that only what writes it down pays for it.
 */
export const hashedAddress = (c: Context<AppEnv>): string => {
  const key = utf8.encode(c.get('settings').dataKey);
  const mac = hmac(sha256, key, utf8.encode(`daybook address ${callerOf(clientAddress(c))}`));
  return toBase64Url(mac).slice(0, hashChars);
};
