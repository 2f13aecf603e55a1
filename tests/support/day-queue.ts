import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { DayMessage } from '../../src/doctor-days/queue.ts';

/**
 * Takes what the Worker sends to the days queue, from now until mocks are restored, so that a test decides when, and
 * whether, a message arrives.
 */
export const interceptDayQueue = (): { readonly messages: DayMessage[] } => {
  const messages: DayMessage[] = [];
  vi.spyOn(env.DAY_QUEUE, 'sendBatch').mockImplementation(async (batch) => {
    for (const message of batch) messages.push(message.body as DayMessage);
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  });
  return { messages };
};
