import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { edge } from '../../support/edge.ts';

const here = edge();
const json = 'application/json';
const credentials = { email: 'nobody@example.com', password: 'Correct-Horse-7' };

const posts = async (body: BodyInit | null, headers: Record<string, string> = { 'content-type': json }) => {
  const answer = await here.ask('/api/v1/auth/login', { method: 'POST', headers, ...(body === null ? {} : { body }) });
  const { code, errors } = await answer.json<{ code: string; errors?: { path: string; message: string }[] }>();
  return { status: answer.status, code, errors };
};
const nested = (depth: number): string => `{"email":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));

/** A body that says nothing of its length and has no end. */
const endless = (onCancel: () => void): ReadableStream =>
  new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(0x20)),
    cancel: onCancel,
  });

describe('the body', () => {
  it('[ED4] is read as it comes and no further than its limit, whatever it says of its length', async () => {
    let isCancelled = false;
    const answer = await posts(endless(() => (isCancelled = true)));
    expect([answer.status, answer.code, isCancelled]).toEqual([413, 'body_too_large', true]);
    expect((await posts(JSON.stringify({ email: 'x'.repeat(Number(env.MAX_BODY_BYTES)) }))).status).toBe(413);
  });

  it('[ED4] may be as long as its limit, and is limited by a setting', async () => {
    const small = edge({ MAX_BODY_BYTES: '1024' });
    const frame = JSON.stringify({ ...credentials, extra: '' }).length;
    const ofLength = (length: number) => ({ ...credentials, extra: 'x'.repeat(length - frame) });
    expect((await small.post('/api/v1/auth/login', ofLength(1_024))).status).toBe(400);
    expect((await small.post('/api/v1/auth/login', ofLength(1_025))).status).toBe(413);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd', 'GZIP', 'gzip, identity', 'x'])(
    '[ED5] is refused when it comes compressed (%s): a small one could be a large one',
    async (encoding) => {
      const answer = await posts(JSON.stringify(credentials), { 'content-type': json, 'content-encoding': encoding });
      expect([answer.status, answer.code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'text/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; boundary=x',
    'text/plain; application/json',
    'application/json, text/plain',
  ])(
    '[ED5] is refused as %j, which a page of another origin could send or a reader could take otherwise',
    async (type) => {
      const answer = await posts(JSON.stringify(credentials), { 'content-type': type });
      expect([answer.status, answer.code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
  ])('[ED5] is taken as %s', async (type) => {
    expect((await posts(JSON.stringify(credentials), { 'content-type': type })).code).toBe('invalid_credentials');
  });

  it('[ED6] may nest as deep as the limit and no deeper', async () => {
    const limit = Number(env.MAX_JSON_DEPTH);
    expect((await posts(nested(limit))).errors?.[0]?.path).toBe('email');
    expect((await posts(nested(limit + 1))).errors).toEqual([{ path: '', message: `is nested deeper than ${limit}` }]);
    expect((await posts('['.repeat(60_000))).status).toBe(400);
  });

  it('[ED6] may hold as many values as the limit and no more', async () => {
    const few = edge({ MAX_JSON_VALUES: '100' });
    const answer = await few.post('/api/v1/auth/login', { email: Array.from({ length: 200 }, () => 0) });
    expect(await answer.json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ message: expect.stringMatching(/more than 100/) }],
    });
  });

  it.each([
    ['"email":"victim@example.com"', 'email'],
    ['"em\\u0061il":"victim@example.com"', 'email'],
    ['"extra":{"a":1,"b":2,"a":3}', 'a'],
    ['"extra":[{"role":1,"role":2}]', 'role'],
    ['"__proto__":{},"__proto__":{}', '__proto__'],
  ])('[ED7] names no member twice: %s', async (member, path) => {
    const { status, errors } = await posts(`${JSON.stringify(credentials).slice(0, -1)},${member}}`);
    expect([status, errors]).toEqual([400, [{ path, message: 'is there twice' }]]);
  });

  it('[ED7] may have one name in several objects, and a text that looks like a name twice', async () => {
    const { errors } = await posts('{"extra":[{"a":"a"},{"a":"\\"a\\":1,\\"a\\":2"}],"more":{"a":1}}');
    expect(errors?.map(({ message }) => message)).not.toContain('is there twice');
  });

  it('[ED7] sets nothing on a prototype', async () => {
    const { errors } = await posts(`${JSON.stringify(credentials).slice(0, -1)},"__proto__":{"role":"admin"}}`);
    expect(errors).toEqual([{ path: '__proto__', message: 'is not a known field' }]);
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  it.each([
    ['a byte that begins nothing', bytes('{"email":"', [0xff], '"}')],
    ['an overlong slash', bytes('{"email":"', [0xc0, 0xaf], '"}')],
    ['half a character', bytes('{"email":"', [0xed, 0xa0, 0x80], '"}')],
    ['a character cut short', bytes('{"email":"', [0xe2, 0x82], '"}')],
  ])('[ED8] is refused when it is no UTF-8: %s', async (_, body) => {
    expect(await posts(body)).toMatchObject({ status: 400, errors: [{ path: '', message: 'is not UTF-8' }] });
  });

  it('[ED8] is refused when it is missing, or empty, where one is needed', async () => {
    expect(await posts(null)).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(await posts('')).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(await posts(null, {})).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('address and headers', () => {
  it('[ED9] are refused when they are longer than anybody needs', async () => {
    const long = await here.ask(`/api/v1/doctors?q=${'x'.repeat(Number(env.MAX_URL_BYTES))}`);
    expect([long.status, (await long.json<{ code: string }>()).code]).toEqual([414, 'uri_too_long']);
    const headers = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x-padding-${i}`, 'x'.repeat(1_000)]));
    const wide = await here.ask('/api/v1/doctors', { headers });
    expect([wide.status, (await wide.json<{ code: string }>()).code]).toEqual([431, 'headers_too_large']);
  });
});
