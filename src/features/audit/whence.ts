import type { Context } from 'hono';
import { hashedAddress } from '../../http/address.ts';
import type { AppEnv } from '../../http/context.ts';

/** Where a request came from, as the audit keeps it. */
export interface Whence {
  /** ISO 3166-1 country, with the region's code where it is known (`BD-C`); `null` on a local server. */
  readonly place: string | null;
  /** A mark that is the same for the same address, and from which no address can be read or tried out. */
  readonly address: string;
  readonly requestId: string;
}

/** Where a request came from: a rough place and a keyed hash, never the address itself. */
export const whence = async (c: Context<AppEnv>): Promise<Whence> => {
  const cf = (c.req.raw.cf ?? {}) as { country?: unknown; regionCode?: unknown };
  const parts = [cf.country, cf.regionCode].filter((part) => typeof part === 'string' && /^\w{1,3}$/.test(part));
  return {
    place: parts.length === 0 ? null : parts.join('-'),
    address: await hashedAddress(c),
    requestId: c.get('requestId'),
  };
};
