import type { Watchers } from './ports.ts';

/** So many may watch one day; the others ask from time to time. */
export const maxWatchers = 1_000;

/** Close codes of RFC 6455 section 7.4.1. */
const goingAway = 1001;
const unsupportedData = 1003;
const policyViolation = 1008;

/** The hibernatable sockets of an object, as those who watch it. */
export const watchersOf = (ctx: Pick<DurableObjectState, 'getWebSockets'>): Watchers => {
  const each = (act: (socket: WebSocket) => void): void => {
    for (const socket of ctx.getWebSockets()) {
      try {
        act(socket);
      } catch {
        // It has gone meanwhile: whoever it was comes again, and is told everything.
      }
    }
  };
  return {
    count: () => ctx.getWebSockets().length,
    tell: (message) => each((socket) => socket.send(message)),
    dismiss: () => each((socket) => socket.close(goingAway, 'This day is over.')),
  };
};

/** Ends a socket that says something: each word would wake the object. */
export const turnAway = (socket: WebSocket, message: string | ArrayBuffer): void =>
  socket.close(typeof message === 'string' ? policyViolation : unsupportedData, 'This socket only tells.');
