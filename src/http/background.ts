import type { Context } from 'hono';
import type { AppEnv } from './context.ts';
import { describeError, report } from './log.ts';

/** Lets work go on after the answer. It never fails the request: what goes wrong is reported under a name. */
export const background = (c: Context<AppEnv>, what: string, work: Promise<unknown>): void =>
  c.executionCtx.waitUntil(work.catch((error: unknown) => report(what, describeError(error))));
