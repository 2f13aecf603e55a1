import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import worker from '../../src/worker.ts';

/** An answer with its JSON body read; `null` where there is none. */
export interface Read {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body.
  readonly body: any;
}

/** Sends JSON requests to the Worker under other settings than the tests', and waits for what it does after the answer. */
export const under =
  (settings: Readonly<Record<string, string>> = {}) =>
  async (
    method: string,
    path: string,
    options: {
      readonly as?: { readonly token: string } | null;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Read> => {
    const headers = new Headers(options.headers);
    if (options.as) headers.set('authorization', `Bearer ${options.as.token}`);
    if (options.body !== undefined) headers.set('content-type', 'application/json');
    const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
    const request = new Request(`http://daybook.test/api/v1${path}`, { method, headers, ...body });
    const ctx = createExecutionContext();
    const response = await worker.fetch(
      request as Request<unknown, IncomingRequestCfProperties>,
      { ...env, ...settings } as Env,
      ctx,
    );
    const text = await response.text();
    await waitOnExecutionContext(ctx);
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
