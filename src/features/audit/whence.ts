import type { Context } from 'hono';
import { toBase64Url } from '../../domain/base64url.ts';
import type { AppEnv } from '../../http/context.ts';

/** Where a request came from, as the audit keeps it: a rough place, and a mark that is the same for the same address. */
export interface Whence {
  /** ISO 3166-1 country, with the region's code where it is known (`BD-C`); `null` on a local server. */
  readonly place: string | null;
  /** 96 bits of an HMAC of the client's address: equal addresses are seen to be equal, none can be read or guessed. */
  readonly address: string | null;
  readonly requestId: string;
}

const markLength = 16;
const utf8 = new TextEncoder();

/**
 * Where a request came from. The address is taken from the platform's own header and only ever leaves as its HMAC under
 * a secret of the deployment: IPv4 is so small that a plain hash of an address can be tried out.
 */
export const whence = async (c: Context<AppEnv>): Promise<Whence> => {
  const cf = (c.req.raw.cf ?? {}) as { country?: unknown; regionCode?: unknown };
  const parts = [cf.country, cf.regionCode].filter((part) => typeof part === 'string' && /^\w{1,3}$/.test(part));
  const address = c.req.header('cf-connecting-ip');
  return {
    place: parts.length === 0 ? null : parts.join('-'),
    address: address === undefined ? null : await mark(c.get('settings').dataKey, address),
    requestId: c.get('requestId'),
  };
};

let imported: { readonly secret: string; readonly key: Promise<CryptoKey> } | undefined;

const mark = async (secret: string, address: string): Promise<string> => {
  if (imported?.secret !== secret) {
    const bytes = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
    const key = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    imported = { secret, key };
  }
  const signed = await crypto.subtle.sign('HMAC', await imported.key, utf8.encode(`daybook audit address ${address}`));
  return toBase64Url(new Uint8Array(signed)).slice(0, markLength);
};
