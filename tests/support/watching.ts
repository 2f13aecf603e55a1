import { exports } from 'cloudflare:workers';
import type { LiveMessage } from '../../src/domain/doctor-day/live.ts';

/** Somebody who watches a day, and everything that was said to them. */
export interface Watcher {
  readonly messages: LiveMessage[];
  /** The text as it came. */
  readonly texts: string[];
  readonly socket: WebSocket;
  /** The code that the socket was closed with. */
  readonly closed: Promise<number>;
  /** The next message that has not been taken yet. Throws after two seconds. */
  next(): Promise<LiveMessage>;
  /** What each slot had left when it was last told, by its id. */
  remaining(): ReadonlyMap<string, number>;
}

const patienceMs = 2_000;

/** Asks for the WebSocket of a day. */
export const asksToWatch = (
  doctorId: string,
  date: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  exports.default.fetch(`http://daybook.test/api/v1/doctors/${doctorId}/slots/live?date=${date}`, {
    headers: { upgrade: 'websocket', ...headers },
  });

/** Watches a day over its WebSocket. */
export const watches = async (
  doctorId: string,
  date: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Watcher> => {
  const response = await asksToWatch(doctorId, date, headers);
  const socket = response.webSocket;
  if (socket === null) throw new Error(`no socket: ${response.status} ${await response.text()}`);
  const texts: string[] = [];
  const messages: LiveMessage[] = [];
  let taken = 0;
  socket.addEventListener('message', ({ data }) => {
    texts.push(String(data));
    if (data !== 'pong') messages.push(JSON.parse(String(data)));
  });
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code));
  });
  socket.accept();
  return {
    messages,
    texts,
    socket,
    closed,
    next: async () => {
      for (let waitedMs = 0; messages[taken] === undefined; waitedMs += 10) {
        if (waitedMs >= patienceMs) throw new Error(`nothing was told after ${JSON.stringify(messages)}`);
        await scheduler.wait(10);
      }
      taken += 1;
      return messages[taken - 1] as LiveMessage;
    },
    remaining: () => {
      const known = new Map<string, number>();
      for (const { type, slots } of messages) {
        if (type === 'all') known.clear();
        for (const { id, remaining } of slots) known.set(id, remaining);
      }
      return known;
    },
  };
};
