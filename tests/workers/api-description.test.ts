import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/api.ts';
import { servedRoutes } from '../support/served.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Record<string, readonly string[]>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly components: { readonly securitySchemes: Readonly<Record<string, object>> };
}

let document: Document;
let operations: readonly {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly is: Operation;
}[];

beforeAll(async () => {
  document = await (await call('/openapi.json')).json<Document>();
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, is]) => ({ name: `${method.toUpperCase()} ${path}`, method, path, is })),
  );
});

/** Names of the operations for which something does not hold. */
const withoutThis = (holds: (operation: (typeof operations)[number]) => boolean): string[] =>
  operations.filter((operation) => !holds(operation)).map(({ name }) => name);

/** Served for people rather than for clients, beside the pages of src/web. */
const undescribed = [
  'GET /dev/mailbox',
  'GET /dev/mailbox/{id}',
  'GET /dev/mailbox/{id}/html',
  'GET /dev/pay/{order}',
  'POST /dev/pay/{order}',
  'GET /api/v1/docs',
];

describe('the OpenAPI document', () => {
  it('[OA1] describes every route that is served, and nothing else, under the paths of the server', () => {
    const served = servedRoutes().map((name) => name.replaceAll(/:([A-Za-z]+)/g, '{$1}'));
    const expected = served.filter((name) => !undescribed.includes(name));
    expect(operations.map(({ name }) => name).sort()).toEqual(expected.sort());
  });

  it('[OA2] gives every operation a summary, a described tag and an id of its own', () => {
    const described = document.tags.filter(({ description }) => description !== undefined).map(({ name }) => name);
    expect(withoutThis(({ is }) => is.summary.length > 0)).toEqual([]);
    expect(withoutThis(({ is }) => is.tags.length === 1 && is.tags.every((tag) => described.includes(tag)))).toEqual(
      [],
    );
    expect(
      withoutThis(({ is }) => operations.filter((other) => other.is.operationId === is.operationId).length === 1),
    ).toEqual([]);
    expect(withoutThis(({ is }) => /^(get|post|put|patch|delete)[A-Z][A-Za-z]+$/.test(is.operationId))).toEqual([]);
  });

  it('[OA2] says of every operation which security it needs, in schemes that are declared', () => {
    const declared = Object.keys(document.components.securitySchemes);
    expect(withoutThis(({ is }) => Array.isArray(is.security))).toEqual([]);
    expect(withoutThis(({ is }) => is.security.flatMap(Object.keys).every((s) => declared.includes(s)))).toEqual([]);
  });

  it('[OA3] describes the refusals that follow from what an operation takes', () => {
    const declares = ({ is }: (typeof operations)[number], ...statuses: number[]): boolean =>
      statuses.every((status) => is.responses[status] !== undefined);
    expect(withoutThis((operation) => declares(operation, 500))).toEqual([]);
    expect(withoutThis((o) => o.is.requestBody === undefined || declares(o, 400, 413, 415))).toEqual([]);
    expect(withoutThis((o) => o.is.security.length === 0 || declares(o, 401))).toEqual([]);
    expect(withoutThis((o) => !o.path.includes('{') || declares(o, 404))).toEqual([]);
  });

  it('[OA3] describes every refusal as problem+json', () => {
    const wrong = operations.flatMap(({ name, is }) =>
      Object.entries(is.responses)
        .filter(([status]) => Number(status) >= 400 && `${name} ${status}` !== 'GET /health/ready 503')
        .filter(([, { content = {} }]) => Object.keys(content).join() !== 'application/problem+json')
        .map(([status]) => `${name} ${status}`),
    );
    expect(wrong).toEqual([]);
  });

  it('[OA4] lets every operation that changes something take an Idempotency-Key, and says how a reuse is refused', () => {
    const changing = operations.filter(({ method }) => method !== 'get');
    const takesKey = (is: Operation): boolean =>
      (is.parameters ?? []).filter((p) => p.in === 'header' && /^idempotency-key$/i.test(p.name)).length === 1;
    expect(changing.filter(({ is }) => !takesKey(is)).map(({ name }) => name)).toEqual([]);
    const says = (is: Operation): boolean =>
      `${is.responses[422]?.description}`.includes('`idempotency_key_reused`') &&
      `${is.responses[409]?.description}`.includes('`request_in_flight`');
    expect(changing.filter(({ is }) => !says(is)).map(({ name }) => name)).toEqual([]);
  });

  it('[OA11] names the headers of sessions in cookies where they count', () => {
    const naming = (header: string) =>
      operations.filter(({ is }) => is.parameters?.some(({ name }) => name === header)).map(({ name }) => name);
    const ended = ['POST /api/v1/auth/refresh', 'POST /api/v1/auth/logout'];
    const answering = operations.filter(({ is }) => JSON.stringify(is.responses).includes('/SessionInCookies'));
    expect(answering.map(({ name }) => name)).toEqual(
      expect.arrayContaining(
        ['register', 'login', 'login/second-factor', 'login/passkey'].map((way) => expect.stringContaining(way)),
      ),
    );
    expect(naming('Session-Mode').sort()).toEqual(
      [...new Set([...answering.map(({ name }) => name), ...ended])].sort(),
    );
    const byCookie = operations.filter(
      ({ is, method }) => method !== 'get' && is.security.some((way) => 'cookie' in way),
    );
    expect(naming('X-CSRF-Token').sort()).toEqual([...byCookie.map(({ name }) => name), ...ended].sort());
    expect(byCookie.length).toBeGreaterThan(20);
  });

  it('[OA1] is found from the index', async () => {
    const index = await (await call('')).json<{ name: string; version: string; links: Record<string, string> }>();
    expect(index).toMatchObject({ name: 'Daybook', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    for (const link of Object.values(index.links)) expect((await call(`/${link}`)).status).toBe(200);
  });
});

describe('the reference page', () => {
  it('[OA6] loads its own files only, and its policy forbids everything else', async () => {
    const response = await call('/docs');
    const page = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target]) => target);
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.filter((target) => !target?.startsWith('/'))).toEqual([]);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=|\sstyle=/);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'nonce-[\w-]+';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });
});

describe('paths and methods', () => {
  it('[OA7] answers 405 with Allow for a method that a path does not take', async () => {
    const response = await call('/doctors/u_AAAAAAAAAAAAAAAA/schedule', { method: 'PATCH' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, PUT, HEAD, OPTIONS');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed', status: 405 });
  });

  it.each(['/nothing', '//nothing', '/doctors/u_AAAAAAAAAAAAAAAA/nothing', '/'])(
    '[OA7] answers 404 for %s',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const response = await call(path, { method });
        expect(response.status).toBe(404);
        expect(response.headers.get('content-type')).toBe('application/problem+json');
        expect(response.headers.get('allow')).toBeNull();
        expect(await response.json()).toMatchObject({ code: 'not_found' });
      }
    },
  );
});
