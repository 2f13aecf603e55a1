import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { app } from '../../src/app.ts';

/** A request as it arrives at the edge. */
export interface Arriving extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
  /** Where it comes from, as the platform says. */
  readonly from?: string;
  readonly scheme?: 'http' | 'https';
}

/** What a deployment must have set otherwise than the tests. */
export const production = {
  ENVIRONMENT: 'production',
  RATE_LIMITS: 'on',
  APP_URL: 'https://daybook.test',
  MAIL_TRANSPORT: 'cloudflare',
  SMS_TRANSPORT: 'none',
  PUSH_TRANSPORT: '',
  PAYMENT_GATEWAY: 'none',
} as const;

/** The Worker under other bindings and settings, as a function; what it does after the answer, nobody waits for. */
export const here =
  (settings: Readonly<Record<string, unknown>>) =>
  async (request: Request): Promise<Response> =>
    app.fetch(request, { ...env, ...settings }, createExecutionContext());

/**
 * The Worker under other settings than the tests have. Paths are from the root.
 *
 * @param patienceMs how long to wait for what an answer leaves to be done in the background
 */
export const edge = (settings: Readonly<Record<string, unknown>> = {}, patienceMs = 1_000) => {
  const bindings = { ...env, ...settings };
  const ask = async (path: string, arriving: Arriving = {}): Promise<Response> => {
    const { from, scheme = 'http', headers = {}, ...init } = arriving;
    const sent = new Headers(headers);
    if (from !== undefined) sent.set('cf-connecting-ip', from);
    const context = createExecutionContext();
    const answer = await app.fetch(
      new Request(`${scheme}://daybook.test${path}`, { ...init, headers: sent }),
      bindings,
      context,
    );
    // What goes on in the background may go on for longer than anybody wants to wait.
    await Promise.race([waitOnExecutionContext(context), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
    return answer;
  };
  return {
    ask,
    /** Posts JSON. */
    post: (path: string, body: unknown, arriving: Arriving = {}) =>
      ask(path, {
        method: 'POST',
        body: JSON.stringify(body),
        ...arriving,
        headers: { 'content-type': 'application/json', ...arriving.headers },
      }),
  };
};

/** The headers of somebody who is signed in. */
export const bearing = ({ token }: { readonly token: string }) => ({ authorization: `Bearer ${token}` });
