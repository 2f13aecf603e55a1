import type { Context } from 'hono';
import { type ClientResponse, hc } from 'hono/client';
import type { Api } from '../app.ts';
import { type RefusalCode, refusal, refusals } from '../domain/refusal.ts';
import { clearSessionCookies } from '../features/identity/cookies.ts';
import type { AppEnv } from '../http/context.ts';
import { RefusalException } from '../http/problem.ts';
import { isPathName } from './path-name.ts';

/** The whole application, as pages ask it: in process, by the same routes that programs use. */
export interface Application {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response>;
}

/** What a browser says of itself and of where it stands, which the API must hear as if the browser had asked it. */
const passedOn = ['accept-language', 'cf-connecting-ip', 'origin', 'sec-fetch-site', 'user-agent'] as const;

/** The cookies of one visit: what the browser brought, and what the API has answered since. */
export interface Jar {
  /** The value of a cookie of ours by its plain name, whether or not it is bound to this host. */
  get(name: string): string | undefined;
}

/**
 * The API for one visit of a page: it speaks for the browser's session, and the browser gets the cookies it answers.
 *
 * @param csrfToken the token that the form of a change brought
 */
export const apiOf = (app: Application, c: Context<AppEnv>, csrfToken: string) => {
  const { origin } = new URL(c.req.url);
  // What a reader chose of how pages look is no business of the API, which keeps no answer for who brings a cookie.
  const kept = cookiesIn(c.req.header('cookie') ?? '', /^(__Host-)?daybook-(access|refresh|csrf|device)$/);
  const send = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, { ...init, cf: c.req.raw.cf as never });
    for (const name of passedOn) {
      const value = c.req.header(name);
      if (value !== undefined && !request.headers.has(name)) request.headers.set(name, value);
    }
    if (kept.size > 0) request.headers.set('cookie', [...kept].map(([name, value]) => `${name}=${value}`).join('; '));
    request.headers.set('session-mode', 'cookie');
    if (csrfToken !== '' && !request.headers.has('x-csrf-token')) request.headers.set('x-csrf-token', csrfToken);
    const answer = await app.fetch(request, c.env, c.executionCtx as ExecutionContext);
    for (const cookie of answer.headers.getSetCookie()) {
      c.header('set-cookie', cookie, { append: true });
      const [name = '', value = ''] = (cookie.split(';', 1)[0] ?? '').split(/=(.*)/s);
      if (/;\s*max-age=0/i.test(cookie)) kept.delete(name);
      else kept.set(name, value);
    }
    return answer;
  };
  // Over https a plain name may have been planted by a sibling host.
  const prefix = origin.startsWith('https:') ? '__Host-' : '';
  const jar: Jar = { get: (name) => kept.get(`${prefix}${name}`) };
  let renewal: Promise<Response> | undefined;
  const renew = async (): Promise<Response> => {
    // It is we who ask, whoever has led the browser here: nothing is gained by making somebody stay signed in.
    const csrf = { 'x-csrf-token': jar.get('daybook-csrf') ?? '' };
    const headers = { ...csrf, origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
    const answer = await send(`${origin}/api/v1/auth/refresh`, { method: 'POST', headers, body: '{}' });
    if (answer.status === 401) {
      clearSessionCookies(c);
      for (const name of ['access', 'refresh', 'csrf']) kept.delete(`${prefix}daybook-${name}`);
    }
    return answer;
  };
  /** Access tokens end early when what they say changes, such as for whom somebody acts: the session goes on. */
  const ask = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const answer = await send(input, init);
    const isOver = answer.status !== 401 || jar.get('daybook-refresh') === undefined;
    if (isOver || String(input).includes('/auth/login') || init?.body instanceof ReadableStream) return answer;
    renewal ??= renew();
    // Whose session has ended sees what anybody may see.
    const isReading = (init?.method ?? 'GET') === 'GET';
    return (await renewal).ok || (isReading && jar.get('daybook-access') === undefined) ? send(input, init) : answer;
  };
  return { api: guarded(hc<Api>(`${origin}/api/v1`, { fetch: ask })), ask, renew, jar };
};

/**
 * The client puts what it is given into paths as it stands. What a form or an address brought must not lead to another
 * route than the page means, with the page's token: it is refused with `not_found` unless it is one name of a path.
 */
const guarded = <T extends object>(client: T): T =>
  new Proxy(client, {
    get: (target, key) => {
      const inner: unknown = Reflect.get(target, key);
      return typeof inner === 'function' ? guarded(inner) : inner;
    },
    apply: (target, self, given: [{ readonly param?: Record<string, string> }?]) => {
      if (!Object.values(given[0]?.param ?? {}).every(isPathName)) throw new RefusalException(refusal('not_found'));
      return Reflect.apply(target as never, self, given);
    },
  });

/** The typed client of the API, in the name of who visits a page. */
export type PageApi = ReturnType<typeof apiOf>['api'];

const cookiesIn = (header: string, names: RegExp): Map<string, string> =>
  new Map(
    header
      .split(/;\s*/)
      .map((pair) => pair.split(/=(.*)/s, 2) as [string, string])
      .filter(([name, value]) => names.test(name) && value !== undefined),
  );

type Asked = Promise<ClientResponse<unknown, number, string>>;
type BodyOf<A extends Asked> =
  Awaited<A> extends infer R ? (R extends ClientResponse<infer Body, 200 | 201, string> ? Body : never) : never;

/** What the API refused, in the words of its problem+json. */
export interface Problem {
  readonly status: number;
  /** A code of src/domain/refusal.ts. */
  readonly code: string;
  /** The sentence of the API, in English. */
  readonly detail: string;
  /** Sentences by the path of the field that each is about. */
  readonly fields: Readonly<Record<string, string>>;
  /** Whatever else the problem says, for example `hits` or `alternatives`. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** What came of asking: the body of a success, or the problem. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly etag: string | null }
  | { readonly ok: false; readonly problem: Problem };

/** Asks for something that may be refused: gives the body of a success, or the problem, to say beside the form. */
export const asked = async <A extends Asked>(answer: A): Promise<Outcome<BodyOf<A>>> => {
  const response = await answer;
  const etag = response.headers.get('etag');
  if (response.ok)
    return { ok: true, value: (response.status === 204 ? null : await response.json()) as BodyOf<A>, etag };
  return { ok: false, problem: await problemIn(response as unknown as Response) };
};

/** Asks for what a page cannot do without. Throws {@link Unanswered} when it is refused: the page of the problem answers. */
export const wanted = async <A extends Asked>(answer: A): Promise<BodyOf<A>> => {
  const outcome = await asked(answer);
  if (outcome.ok) return outcome.value;
  throw new Unanswered(outcome.problem);
};

/** What a page needed was refused. `routes.ts` makes it the page that says so. */
export class Unanswered extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** A refusal that a page comes to by itself, as the API would put it; pages have their own words for each code. */
export const problemFor = (code: RefusalCode, detail = '', fields: Problem['fields'] = {}): Problem => ({
  ...{ status: refusals[code].status, code, detail, fields, more: {} },
});

/** Reads a problem+json (RFC 9457). */
export const problemIn = async (response: Response): Promise<Problem> => {
  const said = (await response.json().catch(() => ({}))) as {
    code?: string;
    title?: string;
    detail?: string;
    errors?: { path: string; message: string }[];
  };
  const fields = Object.fromEntries((said.errors ?? []).map(({ path, message }) => [path, message]));
  const code = said.code ?? 'internal_error';
  return { status: response.status, code, fields, detail: said.detail ?? said.title ?? '', more: { ...said } };
};
