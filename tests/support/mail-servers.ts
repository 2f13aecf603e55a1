import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { TestProject } from 'vitest/node';
import type { Identity } from './authority.ts';

/** What a mail server received for a recipient. */
export interface Delivered {
  readonly from: string;
  readonly user: string;
  readonly encrypted: boolean;
  readonly raw: string;
}

/** Where the mail servers of this run listen, on `localhost`. */
export interface MailServers {
  /** STARTTLS with a certificate that is trusted here, then AUTH. */
  readonly proper: number;
  /** The same, but TLS from the first byte. */
  readonly implicit: number;
  /** Offers no STARTTLS, takes passwords in the clear. */
  readonly plain: number;
  /** STARTTLS with a certificate of an authority that nobody knows. */
  readonly stranger: number;
  /** `GET /<address>`: what came for it, at whichever server. `GET /passwords/<port>`: how often a server was told one. */
  readonly box: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    mailServers: MailServers;
  }
}

/** Whom the servers let in. */
export const submitter = { user: 'daybook', password: 'sesame öffne dich' } as const;

const refusing = (responseCode: number): Error => Object.assign(new Error('No.'), { responseCode });

/**
 * Real SMTP servers (RFC 5321, STARTTLS by RFC 3207, AUTH by RFC 4954) that misbehave as the recipient says:
 * `550.somebody@` is refused for good, `451x2.somebody@` twice for now, `554data.somebody@` once the mail is there.
 */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const { known, stranger } = JSON.parse(process.env.TEST_IDENTITIES ?? '') as Record<'known' | 'stranger', Identity>;
  const boxes = new Map<string, Delivered[]>();
  const asked = new Map<string, number>();
  const passwords = new Map<number, number>();
  const options = (more: SMTPServerOptions): SMTPServerOptions => ({
    logger: false,
    authMethods: ['PLAIN', 'LOGIN'],
    closeTimeout: 100,
    onAuth: ({ username, password }, { localPort }, done) => {
      passwords.set(localPort, (passwords.get(localPort) ?? 0) + 1);
      const known = username === submitter.user && password === submitter.password;
      done(known ? null : refusing(535), { user: username });
    },
    onRcptTo: ({ address }, _session, done) => {
      const [, code, times = '1000'] = /^(\d{3})(?:x(\d+))?\./.exec(address) ?? [];
      const before = asked.get(address) ?? 0;
      asked.set(address, before + 1);
      done(code !== undefined && before < Number(times) ? refusing(Number(code)) : null);
    },
    onData: async (stream, session, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const { mailFrom, rcptTo } = session.envelope;
      for (const { address } of rcptTo) {
        const [, code] = /^(\d{3})data\./.exec(address) ?? [];
        if (code !== undefined) return done(refusing(Number(code)));
        const delivered: Delivered = {
          ...{ from: mailFrom === false ? '' : mailFrom.address, user: String(session.user ?? '') },
          ...{ encrypted: session.secure, raw: Buffer.concat(chunks).toString('utf8') },
        };
        boxes.set(address, [...(boxes.get(address) ?? []), delivered]);
      }
      done(null, 'queued');
    },
    ...more,
  });
  const servers = [
    new SMTPServer(options({ key: known.key, cert: known.certificate })),
    new SMTPServer(options({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, authOptional: true })),
    new SMTPServer(options({ key: stranger.key, cert: stranger.certificate })),
    new SMTPServer(options({ key: known.key, cert: known.certificate, secure: true })),
  ];
  // A client that does not trust a server hangs up, which is as it should be.
  for (const server of servers) server.on('error', () => undefined);
  const box = createServer((request, response) => {
    const [, first = '', port] = decodeURIComponent(request.url ?? '').split('/');
    response.end(JSON.stringify(port === undefined ? (boxes.get(first) ?? []) : (passwords.get(Number(port)) ?? 0)));
  });
  const [proper = 0, plain = 0, unknown = 0, implicit = 0] = await Promise.all(
    servers.map((server) => listening(server.listen(0, '127.0.0.1'))),
  );
  const mailServers: MailServers = {
    ...{ proper, plain, stranger: unknown, implicit },
    box: `http://127.0.0.1:${await listening(box.listen(0, '127.0.0.1'))}`,
  };
  project.provide('mailServers', mailServers);
  return async () => {
    box.close();
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(resolve))));
  };
};

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    if (server.listening) return resolve((server.address() as AddressInfo).port);
    server.once('listening', () => resolve((server.address() as AddressInfo).port));
  });
