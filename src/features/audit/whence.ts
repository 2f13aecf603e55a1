import { tryGetContext } from 'hono/context-storage';
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

/**
 * Where the request under way came from: a rough place and a keyed hash, never the address itself. `null` outside of
 * requests: what queues, the clock and commands do comes from nowhere. It is asked of the runtime and not of callers, so
 * that no statement that records something can be without it.
 */
export const whence = (): Whence | null => {
  const c = tryGetContext<AppEnv>();
  if (c === undefined) return null;
  const cf = (c.req.raw.cf ?? {}) as { country?: unknown; regionCode?: unknown };
  const parts = [cf.country, cf.regionCode].filter((part) => typeof part === 'string' && /^\w{1,3}$/.test(part));
  return {
    place: parts.length === 0 ? null : parts.join('-'),
    address: hashedAddress(c),
    requestId: c.get('requestId'),
  };
};
