import { createServer, type Server } from 'node:http';
import type { TestProject } from 'vitest/node';

/** What a hook received. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the hook of this run listens. */
    hookUrl: string;
  }
}

/**
 * A hook that misbehaves as its address says: `/<name>/500,429:7,timeout,200` answers a first post with 500, a second with
 * 429 and `Retry-After: 7`, never answers a third, and takes the rest; `slow` takes a while to take it. `GET /<name>` gives what it has received so far.
 */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const received = new Map<string, Received[]>();
  const server: Server = createServer(async (request, response) => {
    const [, name = '', script = '200'] = (request.url ?? '').split('/');
    const so = received.get(name) ?? [];
    received.set(name, so);
    if (request.method === 'GET') return void response.end(JSON.stringify(so));
    let body = '';
    for await (const chunk of request) body += chunk;
    const steps = script.split(',');
    const step = steps[Math.min(so.length, steps.length - 1)] ?? '200';
    so.push({ path: request.url ?? '', headers: request.headers as Record<string, string>, body });
    if (step === 'timeout') return;
    if (step === 'hangup') return void request.socket.destroy();
    if (step === 'slow') await new Promise((resolve) => setTimeout(resolve, 1_500));
    const [word = '', ...rest] = step.split(':');
    const status = word === 'slow' ? '200' : word;
    const after = rest.length === 0 ? undefined : decodeURIComponent(rest.join(':'));
    if (after !== undefined) response.setHeader(Number(status) >= 400 ? 'retry-after' : 'location', after);
    response.statusCode = Number(status);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  project.provide('hookUrl', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
};
