import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { Identity } from './authority.ts';

/** A request that a provider got, to the byte. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where providers of messages listen: `https://localhost:…`, by a certificate that is trusted here. */
    providers: string;
    /** `GET /<name>`: what was asked under a name. `PUT /<name>`: the answers to give, in order, the last one for ever. */
    providersDesk: string;
  }
}

/** What a provider is to answer: `status` 0 is no answer at all, -1 a connection that breaks. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Providers that answer as they are told: every request to `/<name>/…` is kept, and answered by the next of the answers
 * that were laid down for the name.
 */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const { known } = JSON.parse(process.env.TEST_IDENTITIES ?? '') as { readonly known: Identity };
  const asked = new Map<string, Asked[]>();
  const answers = new Map<string, readonly Answer[]>();
  const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const provider = createServer({ key: known.key, cert: known.certificate }, async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const name = path.split('/')[1] ?? '';
    const body = (await bodyOf(request)).toString('base64');
    const before = asked.get(name) ?? [];
    asked.set(name, [...before, { method, path, headers: headers as Record<string, string>, body }]);
    const laidDown = answers.get(name) ?? [{ status: 404 }];
    give(response, laidDown[Math.min(before.length, laidDown.length - 1)] ?? { status: 404 });
  });
  const desk = createPlainServer(async (request, response) => {
    const name = request.url?.slice(1) ?? '';
    if (request.method === 'PUT') answers.set(name, JSON.parse((await bodyOf(request)).toString()));
    response.end(JSON.stringify(asked.get(name) ?? []));
  });
  project.provide('providers', `https://localhost:${await listening(provider)}`);
  project.provide('providersDesk', `http://127.0.0.1:${await listening(desk)}`);
  return async () => {
    for (const server of [provider, desk]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
};

const give = (response: ServerResponse, { status, headers = {}, body }: Answer): void => {
  if (status === 0) return;
  if (status < 0) return void response.socket?.destroy();
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
};

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
