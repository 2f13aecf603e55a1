import { exports } from 'cloudflare:workers';
import type { Person } from './people.ts';

const origin = 'http://daybook.test';

/**
 * A browser without scripts, with cookies of its own: opens pages, sends the forms that it finds there.
 *
 * @param served where it asks; the Worker, unless told
 */
export const web = (served: (request: Request) => Promise<Response> = (request) => exports.default.fetch(request)) => {
  const jar = new Map<string, string>();
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const answer = await served(new Request(`${origin}${path}`, { ...init, headers, redirect: 'manual' }));
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';', 1)[0] ?? '').split(/=(.*)/s);
      if (/;\s*max-age=0/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
  const opens = (path: string, headers: HeadersInit = {}): Promise<Response> =>
    ask(path, { headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none', ...headers } });
  /** Sends a form as a page of ours does; `headers` and `fields` say what is otherwise. Fields in pairs are sent as they are. */
  const sends = (path: string, fields: Record<string, string> | string[][], headers: Record<string, string> = {}) =>
    ask(path, {
      method: 'POST',
      body: new URLSearchParams(
        Array.isArray(fields) ? fields : { csrf: jar.get('daybook-csrf') ?? '', ...fields },
      ).toString(),
      headers: {
        ...{ 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-mode': 'navigate' },
        ...{ origin, 'sec-fetch-site': 'same-origin', ...headers },
      },
    });
  const signsIn = ({ email, password }: Pick<Person, 'email' | 'password'>, to = '/'): Promise<Response> =>
    sends('/login', { email, password, to });
  return { jar, ask, opens, sends, signsIn };
};

/** What a page says, without its markup. */
export const textOf = async (page: Response): Promise<string> =>
  (await page.text()).replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '').replaceAll(/<[^>]+>/g, ' ');

/** The fields of the form on a page that leads to a path, in pairs, as a browser would send them untouched. */
export const fieldsOf = (html: string, path: string): string[][] => {
  const [, form = ''] = html.split(`method="post" action="${path}"`);
  const [inside = ''] = form.split('</form>');
  const fields =
    /<input type="hidden" name="([^"]+)" value="([^"]*)"|<select[^>]* name="([^"]+)"[^>]*>(.*?)<\/select>/gs;
  return [...inside.matchAll(fields)].map(([, name = '', value = '', list, options = '']) =>
    list === undefined
      ? [name, value]
      : [list, (/value="([^"]*)" selected/.exec(options) ?? /value="([^"]*)"/.exec(options))?.[1] ?? ''],
  );
};
