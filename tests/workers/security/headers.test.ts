import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { edge } from '../../support/edge.ts';
import { addressOf, methodOf, routeTable } from '../../support/route-table.ts';

afterEach(() => vi.restoreAllMocks());

const quietly = () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
};

const expected: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\).*geolocation=\(\).*microphone=\(\)/,
  'cache-control': /./,
  'x-request-id': /^[0-9a-f-]{36}$/,
};

/** The headers that an answer should have and has not. */
const missing = (answer: Response): string[] =>
  Object.entries(expected)
    .filter(([name, pattern]) => !pattern.test(answer.headers.get(name) ?? ''))
    .map(([name]) => `${name}: ${answer.headers.get(name)}`);

const here = edge();
const json = { 'content-type': 'application/json' };
const answers: readonly (readonly [what: string, status: number, ask: () => Promise<Response>])[] = [
  ['a success', 200, () => here.ask('/health')],
  ['the API reference', 200, () => here.ask('/api/v1/docs')],
  ['the OpenAPI document', 200, () => here.ask('/api/v1/openapi.json')],
  ['a script of the assets', 200, () => here.ask('/reference/swagger-ui-bundle.js')],
  ['a style of the assets', 200, () => here.ask('/reference/reference.css')],
  ['an asset that is not there', 404, () => here.ask('/reference/nothing.js')],
  ['an address that leads nowhere', 404, () => here.ask('/nowhere')],
  ['OPTIONS', 204, () => here.ask('/api/v1/doctors', { method: 'OPTIONS' })],
  ['HEAD', 200, () => here.ask('/health', { method: 'HEAD' })],
  ['a method that is not taken', 405, () => here.ask('/health', { method: 'DELETE' })],
  ['a body that is no JSON', 400, () => here.ask('/api/v1/auth/login', { method: 'POST', headers: json, body: '{' })],
  ['nobody', 401, () => here.ask('/api/v1/appointments')],
  ['a body too large', 413, () => here.post('/api/v1/auth/login', { email: 'x'.repeat(70_000) })],
  ['a body that is no JSON by its type', 415, () => here.ask('/api/v1/auth/login', { method: 'POST', body: 'x' })],
  ['an address too long', 414, () => here.ask(`/${'x'.repeat(9_000)}`)],
  [
    'D1 out of reach',
    503,
    () => {
      quietly();
      vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
        throw new Error('D1_ERROR: Network connection lost.');
      });
      return here.ask('/api/v1/clinics');
    },
  ],
  [
    'a bug',
    500,
    () => {
      quietly();
      vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
        throw new TypeError('of ours');
      });
      return here.ask('/api/v1/clinics');
    },
  ],
  [
    'settings that are not valid',
    500,
    () => {
      quietly();
      return edge({ MAX_BODY_BYTES: 'many' }).ask('/health');
    },
  ],
  [
    'a preflight',
    204,
    () =>
      edge({ CORS_ORIGINS: 'https://app.example' }).ask('/api/v1/doctors', {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
      }),
  ],
];

describe('security headers', () => {
  it.each(answers)('[ED1] are on the answer to %s (%i)', async (_, status, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(missing(answer)).toEqual([]);
  });

  it('[ED1] are on the answer of every route to nobody', async () => {
    for (const [route] of routeTable) {
      const answer = await here.ask(addressOf(route, { params: { id: 'x' } }), { method: methodOf(route) });
      expect([route, ...missing(answer)]).toEqual([route]);
    }
  });

  it('[ED1] tell browsers to come back by https only where they came by https', async () => {
    for (const path of ['/health', '/nowhere', '/reference/reference.js', '/api/v1/docs']) {
      const secure = await here.ask(path, { scheme: 'https' });
      expect(secure.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
      expect((await here.ask(path)).headers.get('strict-transport-security')).toBeNull();
    }
  });
});

describe('the policy of a page', () => {
  it('[ED2] lets only those scripts and styles run that carry a nonce made for this one answer', async () => {
    const pages = await Promise.all([here.ask('/api/v1/docs'), here.ask('/api/v1/docs')]);
    const nonces = pages.map((page) => {
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).not.toMatch(/unsafe|\*|https?:|'self'.*script|script-src[^;]*'self'/);
      expect(page.headers.get('cache-control')).toBe('no-store');
      return /script-src 'nonce-([\w-]{22})'/.exec(policy)?.[1];
    });
    expect(nonces[0]).toBeDefined();
    expect(nonces[0]).not.toBe(nonces[1]);
    const html = await pages[0]?.text();
    const loaded = html?.match(/<(script|link rel="stylesheet")[^>]*>/g) ?? [];
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded.filter((tag) => !tag.includes(`nonce="${nonces[0]}"`))).toEqual([]);
    expect(html).not.toMatch(/<script[^>]*>[^<]|\son\w+=|\sstyle=/);
  });
});
