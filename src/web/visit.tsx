import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { Principal } from '../domain/access.ts';
import { verifyAccessToken } from '../features/identity/access-token.ts';
import type { AppEnv, Variables } from '../http/context.ts';
import { htmlPage } from '../http/html-page.ts';
import { type Application, apiOf, type Outcome, type PageApi } from './api.ts';
import type { Form } from './form.ts';
import { Layout } from './layout.tsx';
import type { NavigationKey } from './navigation.ts';
import { ownPath } from './own-path.ts';
import { type Reader, readerOf } from './reader.ts';
import type { Words } from './words/en.ts';
import type { Notice } from './words/notices.ts';
import { wordsOf } from './words/words.ts';

/** The environment of the pages' routes: the middleware of `routes.ts` has begun the visit. */
export interface WebEnv {
  Bindings: Env;
  Variables: Variables & { visit: Visit };
}

/** A script of src/web/islands, by the name of its file. */
export type Island = string;

/** What a page says of itself. */
export interface Page {
  readonly title: string;
  readonly status?: number;
  /** Which entry of the navigation it belongs to. */
  readonly at?: NavigationKey;
  /** For search engines, of pages that anybody may see; pages without one are not to be listed. */
  readonly description?: string;
  /** The one path that this page is known by, when it may be reached by others. */
  readonly canonical?: string;
  /** What search engines may read of it (schema.org, JSON-LD). */
  readonly data?: object;
  /** What enhances it in browsers that run scripts. */
  readonly islands?: readonly Island[];
  /** Where else its forms may lead to, as Content-Security-Policy names origins. */
  readonly formsTo?: readonly string[];
}

/** Somebody on a page: who they are, how they read, the API in their name, and the page to answer with. */
export interface Visit {
  readonly reader: Reader;
  readonly words: Words;
  readonly api: PageApi;
  /** As the typed client asks: for what it cannot say, such as a file. Paths are of the API, `/users/me/picture`. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Who is signed in, as far as their token says; the API decides what they may do. */
  readonly who: Principal | null;
  /** The session that the browser has. */
  readonly sessionId: string | null;
  /** Whether this Daybook runs on a developer's machine. */
  readonly isDevelopment: boolean;
  readonly form: Form;
  /** Headers that make a change of the API happen once, however often its form is sent (Idempotency-Key). */
  readonly once: { readonly headers: Record<string, string> };
  /** What forms carry: against forged changes, and against sending twice. */
  readonly csrfToken: string;
  /** The path and query of this page. */
  readonly here: string;
  /** Where this deployment is, such as `https://daybook.example`. */
  readonly origin: string;
  /** Answers a page around its contents. */
  show(page: Page, contents: Child): Response;
  /** Leads to another page of ours after a change, which says what was done. */
  go(path: string, notice?: Notice): Response;
  /** Leads on when a change was done, or shows its form again with the problem. */
  done(outcome: Outcome<unknown>, path: string, notice: Notice, again: (problem: Problem) => Answer): Answer;
}

type Problem = Extract<Outcome<unknown>, { ok: false }>['problem'];
type Answer = Response | Promise<Response>;

/** Whether a text of a form can stand in a header. */
const inHeader = (text: string): boolean => /^[\x20-\x7e]{1,255}$/.test(text);

/**
 * Begins a visit. Who has a refresh token and no access token that is good is signed in again before anything is asked in
 * their name.
 *
 * @param form what was sent, of a POST
 */
export const visitOf = async (app: Application, c: Context<AppEnv>, form: Form): Promise<Visit> => {
  const { api, ask, renew, jar } = apiOf(app, c, inHeader(form.text('csrf')) ? form.text('csrf') : '');
  const url = new URL(c.req.url);
  const granted = async () => {
    const token = jar.get('daybook-access');
    return token === undefined ? null : verifyAccessToken(c.get('settings'), token);
  };
  let grant = await granted();
  if (grant === null && jar.get('daybook-refresh') !== undefined) {
    await renew();
    grant = await granted();
  }
  const reader = readerOf(c);
  const words = wordsOf[reader.locale];
  const here = `${url.pathname}${url.search}`;
  const csrfToken = jar.get('daybook-csrf') ?? '';
  const version = c.env.VERSION.id;
  const isDevelopment = c.get('settings').environment !== 'production';
  const go = (path: string, notice?: Notice): Response => {
    const to = new URL(ownPath(path), url.origin);
    if (notice !== undefined) to.searchParams.set('done', notice);
    return c.redirect(`${to.pathname}${to.search}${to.hash}`, 303);
  };
  return {
    ...{ reader, words, api, form, csrfToken, here, go, origin: url.origin },
    who: grant?.principal ?? null,
    sessionId: grant?.session.id ?? null,
    isDevelopment,
    ask: (path, init) => ask(`${url.origin}/api/v1${path}`, init),
    once: { headers: inHeader(form.text('key')) ? { 'idempotency-key': form.text('key') } : {} },
    show: (page, contents) => {
      const who = grant?.principal ?? null;
      const frame = { page, reader, here, csrfToken, version, who, origin: url.origin, isDevelopment };
      const notice = c.req.query('done');
      const render = (nonce: string) =>
        `<!doctype html>${(
          <Layout {...frame} nonce={nonce} notice={notice}>
            {contents}
          </Layout>
        )}`;
      const answer = htmlPage(c, render, { forms: ["'self'", ...(page.formsTo ?? [])], status: page.status });
      // Under `no-referrer` browsers send forms with `Origin: null`, and ours could not be told from a stranger's.
      answer.headers.set('referrer-policy', 'same-origin');
      return answer;
    },
    done: (outcome, path, notice, again) => (outcome.ok ? go(path, notice) : again(outcome.problem)),
  };
};
