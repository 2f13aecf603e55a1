import { expect } from 'vitest';
import { type RefusalCode, refusals } from '../../src/domain/refusal.ts';
import { call } from './api.ts';

const deep = 10_000;
const json = 'application/json';

/** Bodies that no route understands, as they go over the wire, and the status that each of them gets. */
export const hopelessBodies: readonly (readonly [what: string, status: number, type: string | null, body: BodyInit])[] =
  [
    ...['', ' ', '{', '{"a":', '[1,2', 'undefined', 'NaN', "{'a': 1}", '\u0000', '{"a":1}{"b":2}', '{"a":01}'].map(
      (body) => [`no JSON: ${body}`, 400, json, body] as const,
    ),
    ...['null', 'true', '0', '-1', '1e400', '"text"', '[]', '[{}]', '[null]'].map(
      (body) => [`no object: ${body}`, 400, json, body] as const,
    ),
    ['deep arrays', 400, json, '['.repeat(deep) + ']'.repeat(deep)],
    ['deep objects', 400, json, `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`],
    ['a deep extra field', 400, json, `{"extra":${'['.repeat(deep)}${']'.repeat(deep)}}`],
    ['an extra field', 400, json, '{"extra":1}'],
    ['__proto__', 400, json, '{"__proto__":{"role":"admin"}}'],
    ['constructor', 400, json, '{"constructor":{"prototype":{"role":"admin"}}}'],
    ['ten thousand extra fields', 400, json, `{${Array.from({ length: 5_000 }, (_, i) => `"x${i}":0`).join()}}`],
    ['bytes that are no UTF-8', 400, json, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ['UTF-16', 400, json, new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
    ['1 MB', 413, json, `{"extra":"${'x'.repeat(1 << 20)}"}`],
    ['1 MB of text', 413, 'text/plain', 'x'.repeat(1 << 20)],
    ['text', 415, 'text/plain', '{}'],
    ['XML', 415, 'application/xml', '<a/>'],
    ['a form', 415, 'application/x-www-form-urlencoded', 'a=1'],
    ['parts', 415, 'multipart/form-data; boundary=x', '--x--'],
    ['nearly JSON', 415, 'application/jsonx', '{}'],
    ['a type that is none', 415, 'json', '{}'],
    ['no type', 415, null, new Uint8Array([0x7b, 0x7d])],
  ];

const long = 'x'.repeat(7_000);

const hostileValues: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [null], [['x']], { toString: 1, valueOf: 1 }, { length: 1e9 }],
  ...['', ' ', long, `a@${'a.'.repeat(4_000)}`, 'a\u0000b', '\u0001', 'a\nb', '\u007f', '\u0085', '\u2028', '\ud800'],
  ...['a\udc00b', '\u202ex', '😀', '-1', '__proto__', "' or 1=1 --", '<script>alert(1)</script>', 'a\r\nX: b'],
  ...['2026-02-30', '0000-00-00', '9999-12-31', '24:00', '+06:00', 'IST', 'Mars/Olympus', 's_AAAA', 'Asia/Dhaka\u0000'],
];

/**
 * Values that a field does not expect, for one that has a valid value now. Some fields may take some of them. Where no
 * text belongs one is as wrong as another, so a few will do.
 */
export const hostileFor = (valid: unknown): readonly unknown[] => {
  const takesText = typeof valid === 'string' || valid === null;
  return takesText ? hostileValues : [...hostileValues.filter((value) => typeof value !== 'string'), '', '-1', long];
};

/** As many empty items as fit into a body: each of them lacks every field. */
export const endlessList: readonly unknown[] = Array.from({ length: 20_000 }, () => ({}));

/** Query values, as they stand in an address. */
export const hostileQueryValues: readonly string[] = [
  ...[
    '',
    '%20',
    'a%00b',
    '%ZZ',
    '%FF%FE',
    'abc',
    'null',
    'NaN',
    '[]',
    '-1',
    '0',
    '101',
    '1e9',
    '1.5',
    '0x10',
    '9'.repeat(20),
  ],
  ...[
    long,
    '%F0%9F%98%80',
    '%ED%A0%80',
    '2026-02-30',
    '0000-00-00',
    '9999-12-31',
    '2026-1-1',
    '%27%20or%201%3D1--',
    '%25',
  ],
];

/** The text that a cursor of ours would be, if it held this. */
export const cursorOf = (position: unknown): string =>
  btoa(typeof position === 'string' ? position : JSON.stringify(position))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** Cursors that no list has ever given. */
export const hostileCursors: readonly string[] = [
  ...['', 'x', 'AAAA', '%00', '=', '....', long, '%F0%9F%98%80'],
  ...['null', '{}', '[]', '1', '"x"', '{', '{"__proto__":{"id":"x"}}', '\u00ff\u00fe'].map(cursorOf),
  ...[{ id: 'x' }, { id: 1, name: 1 }, { startsAtMs: 1e308, id: 'x' }, { startsAtMs: '0', id: 'x' }].map(cursorOf),
];

/** Addresses that lead nowhere: below the API, or with two slashes from the root. */
export const strayAddresses: readonly string[] = [
  ...'//api //api/v2/doctors //api/v1//doctors //API/V1/doctors //.dev.vars //wrangler.toml //index.html'.split(' '),
  ...'/nope /doctors/ /doctors.json /doctors;jsessionid=1 /doctors%2Fsearch /appointments/x/confirm/now'.split(' '),
  ...'/%00 /%ZZ /%FF /..%2f..%2fadmin /appointments/x/../../y /__proto__ /constructor /admin'.split(' '),
  ...[`/${'a'.repeat(7_000)}`, `/${'a/'.repeat(2_000)}`],
];

/** Authorization headers that are none, made of one that is. */
export const strangeAuthorizations = (token: string): string[] => {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const cut = [`${token}.`, `${head}.${claims}.`, `${head}..${signature}`, `.${claims}.${signature}`, 'a.b.c', '..'];
  const tokens = [...cut, 'null', 'a'.repeat(20_000), '.'.repeat(5_000), `"${token}"`, ` ${token}`, `${token},`];
  return ['', 'Bearer', token, `Basic ${token}`, `Bearer,${token}`, ...tokens.map((one) => `Bearer ${one}`)];
};

/** Texts that are no entity tag of ours. */
export const strangeTags: readonly string[] = 'x|"|"x|1|""|"1|W/"1"|"1", "2"|"-1"|"1e3"|"9999999999999999"'.split('|');

/** What an answer may never show: frames of a stack, statements, names of what is inside. */
const inside =
  /\bat .+:\d+:\d+|node_modules|\.[jt]s\b|SQLITE|D1_ERROR|drizzle|Zod|\w+Error\b|\bselect\b.+\bfrom\b|insert into|durable/i;

/** A refusal as it came. */
interface Problem {
  readonly code: RefusalCode;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/**
 * Checks that an answer is one that a stranger may get: no failure of ours; and if it refuses, then as problem+json with
 * a code that fits the status, the id of the request, the fields that are wrong, and nothing of what is inside.
 */
export const decent = async (
  response: Response,
  what: string,
): Promise<{ readonly status: number; readonly text: string; readonly problem: Problem | null }> => {
  const { status, headers } = response;
  const text = await response.text();
  const about = `${what.slice(0, 200)} got ${status} ${text.slice(0, 400)}`;
  if (status >= 500) throw new Error(about);
  expect(headers.get('x-request-id'), about).toMatch(/^[0-9a-f-]{36}$/);
  if (status < 400) return { status, text, problem: null };
  expect(headers.get('content-type'), about).toBe('application/problem+json');
  const problem = JSON.parse(text);
  expect(problem, about).toMatchObject({
    type: 'about:blank',
    title: refusals[problem.code as RefusalCode].title,
    status,
    instance: `urn:request:${headers.get('x-request-id')}`,
  });
  expect(refusals[problem.code as RefusalCode].status, about).toBe(status);
  expect(text.length, about).toBeLessThan(16_384);
  expect(text, about).not.toMatch(inside);
  if (problem.code === 'invalid_request') {
    expect(problem.errors.length, about).toBeGreaterThan(0);
    for (const error of problem.errors) {
      expect(error, about).toEqual({ path: expect.any(String), message: expect.stringMatching(/./) });
    }
  }
  return { status, text, problem };
};

/** The description of the API, for going through everything it says it takes. */
export const description = async () =>
  (await call('/openapi.json')).json<{
    paths: Record<
      string,
      Record<
        string,
        { requestBody?: unknown; parameters?: { in: string; name: string; schema: { format?: string } }[] }
      >
    >;
  }>();

/** The places in a body: of each list, its first item. */
export const placesIn = (value: unknown, at: readonly string[] = []): string[][] => {
  if (Array.isArray(value)) return value.length === 0 ? [] : [[...at, '0'], ...placesIn(value[0], [...at, '0'])];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...at, key], ...placesIn(inner, [...at, key])]);
};

/** A body with something else in one place; `undefined` takes away what is there. */
export const withValue = (body: unknown, [key, ...rest]: readonly string[], value: unknown): unknown => {
  if (key === undefined) return value;
  if (Array.isArray(body)) return body.map((item, i) => (String(i) === key ? withValue(item, rest, value) : item));
  const before = body as Record<string, unknown>;
  return { ...before, [key]: withValue(before[key], rest, value) };
};
