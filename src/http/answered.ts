import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnv } from './context.ts';
import { logLine } from './log.ts';
import { rateHeaders } from './rate-limit.ts';
import { securityEvent } from './security-event.ts';
import { secureAnswer } from './security-headers.ts';

/** What wants to know of every answer, for example the counters. It must not wait and must not throw. */
export type AnswerListener = (c: Context<AppEnv>, durationMs: number) => void;
const listeners: AnswerListener[] = [];

/** Adds a listener, once, while the Worker loads. */
export const onAnswer = (listener: AnswerListener): void => void listeners.push(listener);

/** The outermost middleware: whatever answers a request, its answer is numbered, protected, told of and counted here. */
export const answered: MiddlewareHandler<AppEnv> = async (c, next) => {
  const startedAtMs = Date.now();
  c.set('requestId', crypto.randomUUID());
  await next();
  secureAnswer(c, rateHeaders(c.get('rates') ?? []));
  const durationMs = Date.now() - startedAtMs;
  logLine(c, durationMs);
  // Without settings nothing else can be told.
  if (c.get('settings') === undefined) return;
  if (c.get('refused') === 'forbidden') securityEvent(c, 'access.denied', { reason: 'forbidden' });
  for (const listener of listeners) listener(c, durationMs);
};
