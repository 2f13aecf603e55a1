import { exports } from 'cloudflare:workers';
import { hc } from 'hono/client';
import type { Api } from '../../src/app.ts';

const origin = 'http://daybook.test';

/** Calls the Worker with a path of the API (`/doctors`) or, when it begins with `//`, of the root (`//health`). */
export const call = (path: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(
    new Request(path.startsWith('//') ? `${origin}${path.slice(1)}` : `${origin}/api/v1${path}`, init),
  );

/** A JSON request of somebody (or nobody), raw: for bodies and headers that the typed client would not send. */
export const send = (
  method: string,
  path: string,
  options: {
    readonly as?: { readonly token: string } | null;
    readonly body?: unknown;
    readonly headers?: HeadersInit;
  } = {},
): Promise<Response> => {
  const headers = new Headers(options.headers);
  if (options.as) headers.set('authorization', `Bearer ${options.as.token}`);
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
  return call(path, { method, headers, ...body });
};

/** Hono's typed client of the API, speaking for the bearer of a token, or for nobody. */
export const client = (token?: string) =>
  hc<Api>(`${origin}/api/v1`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    fetch: (input: RequestInfo | URL, init?: RequestInit) => exports.default.fetch(new Request(input, init)),
  });
