import process from 'node:process';
import { expect } from 'vitest';

const event = 'unhandledRejection';

/**
 * Does something during which the runtime itself leaves promises behind that nobody could have caught, and requires all of
 * them to say so. (workerd's `node:tls` tells of a failed handshake by an error, and by such a promise besides.)
 */
export const leavingBehind = async (messages: RegExp, work: () => Promise<void>): Promise<void> => {
  const usual = process.listeners(event);
  const left: unknown[] = [];
  const note = (reason: unknown) => void left.push(reason);
  process.removeAllListeners(event);
  process.on(event, note);
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    process.off(event, note);
    for (const listener of usual) process.on(event, listener);
  }
  expect(left.filter((reason) => !(reason instanceof Error && messages.test(reason.message)))).toEqual([]);
};
