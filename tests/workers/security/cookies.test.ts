import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { securityLog } from '../../../src/http/security-event.ts';
import { type Person, patient } from '../../support/people.ts';

const secure = 'https://daybook.test';
const local = 'http://localhost:8787';
const ownPage = (origin: string) => ({ origin, 'sec-fetch-site': 'same-origin' });

afterEach(() => vi.restoreAllMocks());

/** A browser that keeps cookies, at one origin, and the page of ours that it shows. */
class Browser {
  readonly jar = new Map<string, string>();
  readonly origin: string;
  /** The Set-Cookie lines of the last answer. */
  lines: readonly string[] = [];
  csrfToken = '';

  constructor(origin = secure) {
    this.origin = origin;
  }

  async asks(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Response> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await exports.default.fetch(
      new Request(`${this.origin}/api/v1${path}`, {
        method,
        headers: {
          ...(cookie === '' ? {} : { cookie }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    this.lines = answer.headers.getSetCookie();
    for (const line of this.lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0\b/i.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }

  async signsIn(person: Person): Promise<Response> {
    const headers = { ...ownPage(this.origin), 'session-mode': 'cookie' };
    const answer = await this.asks('POST', '/auth/login', headers, { email: person.email, password: person.password });
    if (answer.ok) ({ csrfToken: this.csrfToken } = await answer.clone().json<{ csrfToken: string }>());
    return answer;
  }

  /** A change as a page of ours makes it: from its own origin, with the token. */
  changes(method: string, path: string, headers: Record<string, string | undefined> = {}, body?: unknown) {
    const all = { ...ownPage(this.origin), 'x-csrf-token': this.csrfToken, ...headers };
    const said = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
    return this.asks(method, path, said, body);
  }
}

const signedIn = async (origin = secure): Promise<Browser> => {
  const browser = new Browser(origin);
  expect((await browser.signsIn(await patient())).status).toBe(200);
  return browser;
};

describe('a session in cookies', () => {
  it('[ID32] keeps its tokens from every script, and over https from every other host', async () => {
    const browser = new Browser();
    const answer = await browser.signsIn(await patient());
    const body = await answer.json<Record<string, unknown>>();
    expect(Object.keys(body).toSorted()).toEqual(['csrfToken', 'expiresIn', 'user']);
    expect(browser.lines).toHaveLength(4);
    for (const line of browser.lines) {
      expect(line).toMatch(/^__Host-daybook-(access|refresh|csrf|device)=/);
      for (const attribute of ['Path=/', 'Secure', 'SameSite=Lax']) expect(line).toContain(`; ${attribute}`);
      expect(line).not.toMatch(/domain/i);
      expect(/; HttpOnly/.test(line), line.split('=')[0]).toBe(!line.startsWith('__Host-daybook-csrf'));
    }
    expect(JSON.stringify(body)).not.toContain(browser.jar.get('__Host-daybook-access'));
    expect((await browser.asks('GET', '/auth/me')).status).toBe(200);
  });

  it('[ID32] has plain names on http, which https does not know', async () => {
    const browser = await signedIn(local);
    expect([...browser.jar.keys()].toSorted()).toEqual([
      'daybook-access',
      'daybook-csrf',
      'daybook-device',
      'daybook-refresh',
    ]);
    for (const line of browser.lines) expect(line).not.toContain('Secure');
    expect((await browser.asks('GET', '/auth/me')).status).toBe(200);
    const planted = new Browser();
    for (const [name, value] of browser.jar) planted.jar.set(name, value);
    expect((await planted.asks('GET', '/auth/me')).status).toBe(401);
  });

  it('[ID32] is only for who asks for it', async () => {
    const { email, password } = await patient();
    const browser = new Browser();
    const answer = await browser.asks('POST', '/auth/login', ownPage(secure), { email, password });
    expect(Object.keys(await answer.json<object>())).toContain('accessToken');
    expect(browser.lines).toEqual([]);
  });

  it('[ID35] is refreshed by its cookie, and every cookie is new but the token against forgery', async () => {
    const browser = await signedIn();
    const before = new Map(browser.jar);
    const answer = await browser.changes('POST', '/auth/refresh', { 'session-mode': 'cookie' }, {});
    expect(answer.status).toBe(200);
    expect(Object.keys(await answer.json<object>()).toSorted()).toEqual(['csrfToken', 'expiresIn', 'user']);
    const changed = [...before].filter(([name, value]) => browser.jar.get(name) !== value).map(([name]) => name);
    expect(changed.toSorted()).toEqual(['__Host-daybook-access', '__Host-daybook-refresh']);
    expect((await browser.asks('GET', '/auth/me')).status).toBe(200);
  });

  it('[ID36] ends with logging out, which takes its cookies away', async () => {
    const browser = await signedIn();
    const stolen = browser.jar.get('__Host-daybook-access') ?? '';
    expect((await browser.changes('POST', '/auth/logout', { 'session-mode': 'cookie' }, {})).status).toBe(204);
    expect([...browser.jar.keys()]).toEqual(['__Host-daybook-device']);
    browser.jar.set('__Host-daybook-access', stolen);
    expect((await browser.asks('GET', '/auth/me')).status).toBe(401);
  });

  it('[ID35] is meant by who brings no other token, said or not: it goes on, and ends', async () => {
    const browser = await signedIn();
    for (const path of ['/auth/refresh', '/auth/logout']) {
      expect((await browser.changes('POST', path, { 'x-csrf-token': undefined }, {})).status).toBe(403);
      expect((await browser.changes('POST', path, { origin: 'https://attacker.example' }, {})).status).toBe(403);
    }
    const refreshed = await browser.changes('POST', '/auth/refresh', {}, {});
    expect(refreshed.status).toBe(200);
    expect(Object.keys(await refreshed.json<object>()).toSorted()).toEqual(['csrfToken', 'expiresIn', 'user']);
    const stolen = browser.jar.get('__Host-daybook-access') ?? '';
    expect((await browser.changes('POST', '/auth/logout', {}, {})).status).toBe(204);
    expect([...browser.jar.keys()]).toEqual(['__Host-daybook-device']);
    browser.jar.set('__Host-daybook-access', stolen);
    expect((await browser.asks('GET', '/auth/me')).status).toBe(401);
  });

  it('[ID35] is left alone by who brings another token', async () => {
    const [browser, other] = [await signedIn(), await patient()];
    const { email, password } = other;
    const login = await new Browser().asks('POST', '/auth/login', {}, { email, password });
    const { refreshToken } = await login.json<{ refreshToken: string }>();
    expect((await browser.asks('POST', '/auth/logout', {}, { refreshToken })).status).toBe(204);
    expect((await browser.asks('GET', '/auth/me')).status).toBe(200);
  });

  it('[ID36] is taken away too when its owner ends it from the list of sessions', async () => {
    const browser = await signedIn();
    expect((await browser.changes('DELETE', '/auth/sessions?which=all')).status).toBe(204);
    expect([...browser.jar.keys()]).toEqual(['__Host-daybook-device']);
  });
});

describe('a page of another site', () => {
  const change = (browser: Browser, headers: Record<string, string | undefined>) =>
    browser.changes('DELETE', '/auth/sessions', headers);

  it('[ID33] changes nothing in the name of who is signed in', async () => {
    const browser = await signedIn();
    const events = vi.spyOn(securityLog, 'write');
    const attacks: Record<string, Record<string, string | undefined>> = {
      'from another site': { origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site' },
      'from a sibling host': { origin: 'https://evil.daybook.test', 'sec-fetch-site': 'same-site' },
      'from the same host in clear': { origin: 'http://daybook.test', 'sec-fetch-site': undefined },
      'from another port': { origin: 'https://daybook.test:8443', 'sec-fetch-site': undefined },
      'from a sandbox': { origin: 'null', 'sec-fetch-site': 'cross-site' },
      'from an address that begins like ours': {
        origin: 'https://daybook.test.attacker.example',
        'sec-fetch-site': undefined,
      },
      'from nowhere at all': { origin: undefined, 'sec-fetch-site': undefined },
      'typed into the address bar': { origin: undefined, 'sec-fetch-site': 'none' },
      'with a right origin and a wrong site': { 'sec-fetch-site': 'cross-site' },
      'with a right site and a wrong origin': { origin: 'https://attacker.example' },
      'without the token': { 'x-csrf-token': undefined },
      'with an empty token': { 'x-csrf-token': '' },
      'with a token cut short': { 'x-csrf-token': browser.csrfToken.slice(0, -1) },
      'with a token of our session and a guess': {
        'x-csrf-token': `${browser.csrfToken.split('.')[0]}.${'A'.repeat(43)}`,
      },
      'with the token of the attacker’s own session': { 'x-csrf-token': (await signedIn()).csrfToken },
    };
    for (const [name, headers] of Object.entries(attacks)) {
      const answer = await change(browser, headers);
      expect([name, answer.status, (await answer.json<{ code: string }>()).code]).toEqual([name, 403, 'cross_site']);
    }
    expect((await change(browser, {})).status).toBe(204);
    await vi.waitFor(() => {
      const told = events.mock.calls.map(([event]) => event.event).filter((event) => event === 'csrf');
      expect(told).toHaveLength(Object.keys(attacks).length);
    });
  });

  it('[ID33] plants a token against forgery of its own: it is bound to the session, not to its cookie', async () => {
    const [victim, attacker] = [await signedIn(), await signedIn()];
    victim.jar.set('__Host-daybook-csrf', attacker.csrfToken);
    expect((await change(victim, { 'x-csrf-token': attacker.csrfToken })).status).toBe(403);
  });

  it('[ID33] is not stopped by reading alone, which needs neither, as no other site sees the answer', async () => {
    const browser = await signedIn();
    expect((await browser.asks('GET', '/auth/me')).status).toBe(200);
    expect((await browser.asks('HEAD', '/auth/me')).status).toBe(200);
  });

  it('[ID35] signs nobody in, out, or on', async () => {
    const browser = await signedIn();
    const { email, password } = await patient();
    const foreign = { origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site', 'session-mode': 'cookie' };
    const bodies = { '/auth/login': { email, password }, '/auth/refresh': {}, '/auth/logout': {} };
    for (const [path, body] of Object.entries(bodies)) {
      expect((await browser.changes('POST', path, foreign, body)).status, path).toBe(403);
      if (path === '/auth/login') continue;
      const own = { 'session-mode': 'cookie', 'x-csrf-token': undefined };
      expect((await browser.changes('POST', path, own, body)).status, path).toBe(403);
    }
    expect((await browser.asks('GET', '/auth/me')).status).toBe(200);
  });

  it('[ID35] cannot make one browser’s session end or go on with the token of another’s', async () => {
    const [victim, attacker] = [await signedIn(), await signedIn()];
    const headers = { 'session-mode': 'cookie', 'x-csrf-token': attacker.csrfToken };
    expect((await victim.changes('POST', '/auth/logout', headers, {})).status).toBe(403);
    expect((await victim.changes('POST', '/auth/refresh', headers, {})).status).toBe(401);
    expect((await victim.changes('POST', '/auth/refresh', { 'session-mode': 'cookie' }, {})).status).toBe(200);
  });
});

describe('cookies and a bearer token at once', () => {
  it('[ID34] the bearer token counts, good or bad, and needs no token against forgery', async () => {
    const browser = await signedIn();
    const other = await patient();
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    const me = await (await browser.asks('GET', '/auth/me', as(other.token))).json<{ id: string }>();
    expect(me.id).toBe(other.id);
    expect((await browser.asks('GET', '/auth/me', as('bad'))).status).toBe(401);
    expect((await browser.asks('GET', '/auth/me', { authorization: 'Basic AAAA' })).status).toBe(401);
    expect((await browser.asks('DELETE', '/auth/sessions', as(other.token))).status).toBe(204);
  });

  it('[ID33] a kept answer is never given to a browser: what it sends by itself is no part of the request', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    const headers = { 'session-mode': 'cookie', 'idempotency-key': 'the-same-key' };
    const answers = [];
    for (const browser of [first, second]) {
      const answer = await browser.changes('POST', '/auth/refresh', headers, {});
      answers.push((await answer.json<{ user: { id: string } }>()).user.id);
    }
    expect(new Set(answers).size).toBe(2);
    const kept = await env.DB.prepare(`select count(*) as n from idempotency_records where key = 'the-same-key'`).first(
      'n',
    );
    expect(kept).toBe(0);
  });
});
