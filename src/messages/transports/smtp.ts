import { connect } from 'node:net';
import { connect as connectByTls } from 'node:tls';
import { createTransport } from 'nodemailer';
import { composed, messageIdOf } from '../mime.ts';
import { notNow, type Outcome, refusedForGood, taken } from '../outcome.ts';
import type { Transport } from '../transport.ts';

/** A server that mail is submitted to. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (RFC 8314), or by STARTTLS (RFC 3207), without which nothing is said. */
  readonly tls: 'implicit' | 'starttls';
  readonly user: string;
  readonly password: string;
}

const timeoutMs = 15_000;

/** SMTP submission (RFC 6409), always by TLS and always signed in. */
export const smtp = ({ host, port, tls, user, password }: SmtpServer, from: string): Transport => ({
  keeps: false,
  send: async ({ id, content }, signal) => {
    const server = createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: true,
      auth: { user, pass: password },
      // What EHLO says; a Worker has no name of its own.
      name: from.slice(from.lastIndexOf('@') + 1),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // By the name, which the platform resolves; the library would ask for its addresses first.
      getSocket: (_, done) => {
        const isImplicit = tls === 'implicit';
        const to = { host, port, timeout: timeoutMs };
        const socket = isImplicit ? connectByTls({ ...to, servername: host }) : connect(to);
        socket.once('timeout', () => socket.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })));
        socket.once('error', (error) => done(error));
        socket.once(isImplicit ? 'secureConnect' : 'connect', () =>
          done(null, { connection: socket, secured: isImplicit }),
        );
      },
    });
    try {
      const raw = await composed(id, from, content);
      await server.sendMail({ envelope: { from, to: [content.to] }, raw, signal });
      return taken(messageIdOf(id, from));
    } catch (error) {
      return outcomeOfFailure(error);
    } finally {
      server.close();
    }
  },
});

interface Failure {
  readonly code?: string;
  /** What the server replied, if it came to that. */
  readonly responseCode?: number;
  readonly permanent?: boolean;
}

/**
 * What an error of the library says. A 5xx reply to the envelope or the message is for good (RFC 5321, 4.2.1); one to
 * the password is the operator's to mend, and one to STARTTLS is no TLS.
 */
const outcomeOfFailure = (error: unknown): Outcome => {
  const { code = '', responseCode, permanent = false } = error as Failure;
  if (code === 'EAUTH' || code === 'ENOAUTH') return notNow('credentials_refused');
  if (code === 'ETLS') return notNow('no_tls');
  if (code === 'ETIMEDOUT' || code === 'EABORT') return notNow('timed_out');
  if (code === 'EENVELOPE' && permanent) return refusedForGood('recipient_refused');
  if (code === 'EMESSAGE' && permanent) return refusedForGood('message_refused');
  return notNow(responseCode === undefined ? 'provider_unreachable' : 'provider_failed');
};
