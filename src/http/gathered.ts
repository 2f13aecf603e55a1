import type { Context } from 'hono';
import { background } from './background.ts';
import type { AppEnv } from './context.ts';

/** What many requests of an isolate have to tell one place, gathered for a while and sent as one message. */
export interface Gathered<T> {
  /** Adds to what is gathered; the first to do so sees to it that it is sent. */
  add(c: Context<AppEnv>, put: (gathered: T) => void): void;
  /** Takes what is gathered so far, to be sent at once. */
  take(): T | null;
}

/** A request whose promise to send was broken (it was cut off) is relieved of it after so many waits. */
const patience = 3;

/**
 * Gathers for `waitMs`. What is gathered lies in the isolate's memory: an isolate that is ended loses that much.
 *
 * @param what names the message in the log, should it fail
 */
export const gathering = <T>(
  what: string,
  waitMs: number,
  empty: () => T,
  send: (env: Env, gathered: T) => Promise<void>,
): Gathered<T> => {
  let gathered: T | null = null;
  let promisedAtMs = 0;
  const take = (): T | null => {
    const taken = gathered;
    gathered = null;
    return taken;
  };
  return {
    add: (c, put) => {
      const nowMs = Date.now();
      const isPromised = gathered !== null && Math.abs(nowMs - promisedAtMs) < patience * waitMs;
      gathered ??= empty();
      put(gathered);
      if (isPromised) return;
      promisedAtMs = nowMs;
      const sendLater = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        const taken = take();
        if (taken !== null) await send(c.env, taken);
      };
      background(c, what, sendLater());
    },
    take,
  };
};
