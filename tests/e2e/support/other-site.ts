import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path of another site answers. */
export interface Answer {
  readonly html?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A site of somebody else, on this machine. */
export interface OtherSite {
  readonly url: string;
  end(): Promise<void>;
}

/** Serves pages by their paths; what is not there is 404. */
export const otherSite = async (answers: Readonly<Record<string, Answer>>): Promise<OtherSite> => {
  const server = createServer((request, response) => {
    const found = answers[new URL(request.url ?? '/', 'http://localhost').pathname];
    const { html = '', status = 200, headers = {} } = found ?? { status: 404 };
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, end };
};
