import { exports } from 'cloudflare:workers';
import { hc } from 'hono/client';
import type { Api } from '../../src/app.ts';
import { remember } from './canary.ts';

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
    /** What the platform says of where the request comes from. */
    readonly cf?: object;
  } = {},
): Promise<Response> => {
  remember(path, options.body);
  const headers = new Headers(options.headers);
  if (options.as) headers.set('authorization', `Bearer ${options.as.token}`);
  if (options.body instanceof Uint8Array) {
    // A file goes as it is, with its length: see files.ts for what it says it is.
    headers.set('content-type', options.body[0] === 0x89 ? 'image/png' : 'application/pdf');
    headers.set('content-length', String(options.body.length));
    return call(path, { method, headers, body: options.body });
  }
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
  const cf = options.cf === undefined ? {} : { cf: options.cf as IncomingRequestCfProperties };
  return call(path, { method, headers, ...body, ...cf } as RequestInit);
};

/** Hono's typed client of the API, speaking for the bearer of a token, or for nobody. */
export const client = (token?: string) =>
  hc<Api>(`${origin}/api/v1`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    fetch: (input: RequestInfo | URL, init?: RequestInit) => exports.default.fetch(new Request(input, init)),
  });
