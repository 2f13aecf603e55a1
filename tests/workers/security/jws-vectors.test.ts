import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { fromBase64Url, toBase64Url } from '../../../src/domain/base64url.ts';
import { send } from '../../support/api.ts';
import {
  bytesOf,
  der,
  goodClaims,
  goodHeader,
  hmacSigned,
  joined,
  number,
  type OwnKey,
  order,
  ownKeys,
  part,
  pem,
  signatureOf,
  signed,
  spki,
} from '../../support/forge.ts';
import { type Person, patient } from '../../support/people.ts';

// Every vector is a token and the verdict that the RFCs, or our stricter profile of them, give it. Each goes through the
// front door. Those that are wrong in one thing only are signed with our own key, so that nothing else can refuse them.

const utf8 = new TextEncoder();
const [own, other] = ownKeys;
const { d: _, ...ownPublic } = own;

const stranger = (): OwnKey => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...(privateKey.export({ format: 'jwk' }) as unknown as OwnKey), kid: own.kid };
};

interface Parts {
  readonly person: Person;
  /** A good token of ours, whole and in its parts. */
  readonly good: string;
  readonly head: string;
  readonly body: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}
type Vector = readonly [name: string, verdict: 200 | 401, token: (parts: Parts) => string | Promise<string>];

const claims = ({ person }: Parts, more: Record<string, unknown> = {}) => goodClaims(person.id, more);
const withHeader =
  (more: Record<string, unknown>, key?: () => OwnKey): Vector[2] =>
  (parts) =>
    signed(goodHeader(more), claims(parts), key?.());
const withClaims =
  (more: Record<string, unknown>): Vector[2] =>
  (parts) =>
    signed(goodHeader(), claims(parts, more));
const withSignature =
  (change: (signature: Uint8Array) => Uint8Array): Vector[2] =>
  ({ head, body, signature }) =>
    `${head}.${body}.${toBase64Url(change(signature))}`;
const withHmac =
  (secret: () => Promise<Uint8Array>, alg = 'HS256', hash = 'SHA-256'): Vector[2] =>
  async (parts) =>
    hmacSigned(goodHeader({ alg }), claims(parts, { role: 'admin' }), await secret(), hash);
const unsigned =
  (alg: unknown, signature = ''): Vector[2] =>
  (parts) =>
    `${part(goodHeader({ alg }))}.${part(claims(parts))}.${signature}`;
const elsewhere = 'https://attacker.example/keys';

const vectors: Readonly<Record<string, readonly Vector[]>> = {
  'what is good': [
    ['the token that signing in gave', 200, ({ person }) => person.token],
    ['one signed by the first key', 200, withHeader({})],
    [
      'one signed by the second key under its own kid',
      200,
      (p) => signed(goodHeader({ kid: other.kid }), claims(p), other),
    ],
    [
      'the signature with n - s, which is as good (SEC 1 4.1.4), and says the same',
      200,
      withSignature((s) => joined(s.slice(0, 32), bytesOf(order - number(s.slice(32))))),
    ],
    ['claims that we do not know (RFC 7519 4)', 200, withClaims({ locale: 'bn' })],
    ['a time from which it is good that has passed (RFC 7519 4.1.5)', 200, withClaims({ nbf: 1 })],
  ],
  'another algorithm (RFC 8725 3.1, RFC 7518 3.1)': [
    ...['none', 'None', 'NONE', 'nOnE', '', ' none', 'ES256 ', 'es256', null, true, 0, ['ES256'], {}].map(
      (alg): Vector => [`alg ${JSON.stringify(alg)} without a signature`, 401, unsigned(alg)],
    ),
    [
      'alg none, the signature kept',
      401,
      ({ signature, ...p }) => unsigned('none', toBase64Url(signature))({ signature, ...p }),
    ],
    ['no alg', 401, withHeader({ alg: undefined })],
    ...['ES384', 'ES512', 'ES256K', 'EdDSA', 'RS256', 'PS256', 'HS256', 'dir', 'ECDH-ES'].map(
      (alg): Vector => [`a good ES256 signature called ${alg}`, 401, withHeader({ alg })],
    ),
    ['HS256 keyed with the public key as PEM', 401, withHmac(async () => utf8.encode(await pem()))],
    ['HS256 keyed with the public key as PEM, trimmed', 401, withHmac(async () => utf8.encode((await pem()).trim()))],
    ['HS256 keyed with the public key as DER', 401, withHmac(async () => new Uint8Array(await spki()))],
    ['HS256 keyed with the public JWK', 401, withHmac(async () => utf8.encode(JSON.stringify(ownPublic)))],
    ['HS256 keyed with x', 401, withHmac(async () => fromBase64Url(own.x) as Uint8Array<ArrayBuffer>)],
    ['HS256 keyed with the text of x', 401, withHmac(async () => utf8.encode(own.x))],
    ['HS512 keyed with the public key as PEM', 401, withHmac(async () => utf8.encode(await pem()), 'HS512', 'SHA-512')],
    ['HS256 keyed with one zero byte', 401, withHmac(async () => new Uint8Array(1))],
  ],
  'a key of the token’s own choice (RFC 7515 4.1, RFC 8725 3.10)': [
    ['signed by a strange key under our kid', 401, withHeader({}, stranger)],
    ['signed by our other key under this kid', 401, (p) => signed(goodHeader(), claims(p), other)],
    [
      'jwk: the strange key brought along',
      401,
      (p) => {
        const { d: __, ...jwk } = stranger();
        return signed(goodHeader({ jwk }), claims(p), stranger());
      },
    ],
    [
      'jwk: brought along, no kid',
      401,
      (p) => {
        const key = stranger();
        const { d: __, kid: ___, ...jwk } = key;
        return signed(goodHeader({ kid: undefined, jwk }), claims(p), key);
      },
    ],
    ['jwk: our own public key, a good signature', 401, withHeader({ jwk: ownPublic })],
    ['jwk: a private key', 401, withHeader({ jwk: own })],
    ['jku: a key set elsewhere', 401, withHeader({ jku: elsewhere }, stranger)],
    ['jku: a key set elsewhere, a good signature', 401, withHeader({ jku: elsewhere })],
    ['jku: our own', 401, withHeader({ jku: 'http://daybook.test/.well-known/jwks.json' })],
    ['jku: a file', 401, withHeader({ jku: 'file:///etc/passwd' })],
    ['jku: the metadata of a cloud', 401, withHeader({ jku: 'http://169.254.169.254/latest/meta-data/' })],
    ['x5u: a certificate elsewhere', 401, withHeader({ x5u: elsewhere })],
    ['x5c: a certificate brought along', 401, withHeader({ x5c: ['MIIB'] })],
    ['x5t: a thumbprint', 401, withHeader({ x5t: 'AAAA' })],
    ['x5t#S256: a thumbprint', 401, withHeader({ 'x5t#S256': 'AAAA' })],
    ['no kid', 401, withHeader({ kid: undefined })],
    ...[
      'unknown',
      '',
      ' ',
      `${own.kid} `,
      own.kid.toUpperCase(),
      '../../../../dev/null',
      '/dev/null',
      "' or '1'='1",
      '$(id)',
      '__proto__',
      'constructor',
      'toString',
      elsewhere,
      'x'.repeat(100),
      '\u0000',
      `${own.kid}\u0000`,
      null,
      0,
      [own.kid],
      {},
    ].map((kid): Vector => [`kid ${JSON.stringify(kid)}`, 401, withHeader({ kid })]),
  ],
  'extensions (RFC 7515 4.1.11, RFC 7797, RFC 7516)': [
    ['crit: something unknown', 401, withHeader({ crit: ['exp'], exp: 1 })],
    ['crit: empty', 401, withHeader({ crit: [] })],
    ['crit: names what is not there', 401, withHeader({ crit: ['nothing'] })],
    ['crit: names a parameter of the RFC', 401, withHeader({ crit: ['alg'] })],
    ['crit: no list', 401, withHeader({ crit: 'b64' })],
    ['b64 false, critical', 401, withHeader({ b64: false, crit: ['b64'] })],
    ['b64 false, not critical', 401, withHeader({ b64: false })],
    ['b64 true', 401, withHeader({ b64: true, crit: ['b64'] })],
    [
      'b64 false, the claims in clear',
      401,
      async (p) => {
        const input = `${part(goodHeader({ b64: false, crit: ['b64'] }))}.${JSON.stringify(claims(p))}`;
        return `${input}.${toBase64Url(await signatureOf(input))}`;
      },
    ],
    ['zip', 401, withHeader({ zip: 'DEF' })],
    ['cty JWT: a token in a token', 401, withHeader({ cty: 'JWT' })],
    ['claims repeated in the header (RFC 7519 5.3)', 401, withHeader({ iss: 'daybook' })],
    ['a parameter that we do not know', 401, withHeader({ hello: 1 })],
  ],
  'another kind of token (RFC 8725 3.11, RFC 9068 4)': [
    ...[
      undefined,
      '',
      'JWT',
      'jwt',
      'at+JWT',
      'AT+JWT',
      'application/at+jwt',
      'id+jwt',
      'logout+jwt',
      'dpop+jwt',
      1,
      ['at+jwt'],
    ].map((typ): Vector => [`typ ${JSON.stringify(typ)}`, 401, withHeader({ typ })]),
    ['a refresh token', 401, ({ person }) => person.refreshToken],
  ],
  'signatures (RFC 7518 3.4, SEC 1 4.1.4, CVE-2022-21449)': [
    ['none', 401, ({ head, body }) => `${head}.${body}.`],
    ['none, nor its dot', 401, ({ head, body }) => `${head}.${body}`],
    ['all zero', 401, withSignature(() => new Uint8Array(64))],
    ['r zero', 401, withSignature((s) => joined(new Uint8Array(32), s.slice(32)))],
    ['s zero', 401, withSignature((s) => joined(s.slice(0, 32), new Uint8Array(32)))],
    ['r and s one', 401, withSignature(() => joined(bytesOf(1n), bytesOf(1n)))],
    ['r and s the order', 401, withSignature(() => joined(bytesOf(order), bytesOf(order)))],
    ['r the order, s one', 401, withSignature(() => joined(bytesOf(order), bytesOf(1n)))],
    ['r and s one less than the order', 401, withSignature(() => joined(bytesOf(order - 1n), bytesOf(order - 1n)))],
    ['all ones', 401, withSignature(() => new Uint8Array(64).fill(255))],
    ['r and s swapped', 401, withSignature((s) => joined(s.slice(32), s.slice(0, 32)))],
    ['n - r', 401, withSignature((s) => joined(bytesOf(order - number(s.slice(0, 32))), s.slice(32)))],
    ['r + n in 33 bytes', 401, withSignature((s) => joined(bytesOf(number(s.slice(0, 32)) + order, 33), s.slice(32)))],
    ['as DER', 401, withSignature(der)],
    ['with a zero before r', 401, withSignature((s) => joined(Uint8Array.of(0), s))],
    ['with a zero after s', 401, withSignature((s) => joined(s, Uint8Array.of(0)))],
    ['twice', 401, withSignature((s) => joined(s, s))],
    ['a byte short', 401, withSignature((s) => s.slice(0, 63))],
    ['half', 401, withSignature((s) => s.slice(0, 32))],
    ['one byte', 401, withSignature((s) => s.slice(0, 1))],
    ...[0, 31, 32, 63].map(
      (i): Vector => [`with bit 0 of byte ${i} turned`, 401, withSignature((s) => s.with(i, (s[i] ?? 0) ^ 1))],
    ),
    [
      'of another token',
      401,
      async (p) => `${p.head}.${p.body}.${(await signed(goodHeader(), claims(p, { jti: 'k' }))).split('.')[2]}`,
    ],
    ['over the claims alone', 401, async ({ head, body }) => `${head}.${body}.${toBase64Url(await signatureOf(body))}`],
    ['over the header alone', 401, async ({ head, body }) => `${head}.${body}.${toBase64Url(await signatureOf(head))}`],
    [
      'over another header',
      401,
      ({ body, signature }) => `${part({ ...goodHeader(), kid: other.kid })}.${body}.${toBase64Url(signature)}`,
    ],
    ['over other claims', 401, (p) => `${p.head}.${part(claims(p, { role: 'admin' }))}.${toBase64Url(p.signature)}`],
  ],
  'the form (RFC 7515 3.1, 7.1, RFC 4648 3.5)': [
    ['nothing', 401, () => ''],
    ['dots', 401, () => '..'],
    ['one part', 401, ({ head }) => head],
    ['a fourth part', 401, ({ good }) => `${good}.AAAA`],
    ['an empty fourth part', 401, ({ good }) => `${good}.`],
    ['five parts, as of an encrypted token', 401, ({ good, head }) => `${good}.${head}.${head}`],
    ['an empty first part', 401, ({ good }) => `.${good}`],
    ['no header', 401, ({ body, signature }) => `.${body}.${toBase64Url(signature)}`],
    ['no claims', 401, ({ head, signature }) => `${head}..${toBase64Url(signature)}`],
    [
      'claims detached (RFC 7515 appendix F)',
      401,
      async ({ head }) => `${head}..${toBase64Url(await signatureOf(`${head}.`))}`,
    ],
    [
      'the JSON serialization',
      401,
      ({ head, body, signature }) =>
        JSON.stringify({ protected: head, payload: body, signature: toBase64Url(signature) }),
    ],
    [
      'padded parts',
      401,
      async (p) => {
        const pad = (text: string) => text.padEnd(Math.ceil(text.length / 4) * 4, '=');
        return p.good.split('.').map(pad).join('.');
      },
    ],
    [
      'padding in the header, signed so',
      401,
      async (p) => {
        const input = `${part(`${JSON.stringify(goodHeader())} `)}=.${part(claims(p))}`;
        return `${input}.${toBase64Url(await signatureOf(input))}`;
      },
    ],
    ['base64 with + and /', 401, ({ good }) => good.replaceAll('-', '+').replaceAll('_', '/').replace(/^/, '+')],
    [
      'a signature whose last bits are not zero',
      401,
      ({ good }) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const last = alphabet.indexOf(good.at(-1) ?? '');
        return good.slice(0, -1) + alphabet[last + 1];
      },
    ],
    ['cut off at the end', 401, ({ good }) => good.slice(0, -1)],
    ['cut off at the front', 401, ({ good }) => good.slice(1)],
    ['a space within it', 401, ({ good }) => `${good.slice(0, 40)} ${good.slice(40)}`],
    ['a tab within it', 401, ({ good }) => `${good.slice(0, 40)}\t${good.slice(40)}`],
    ['something after it', 401, ({ good }) => `${good} ${good}`],
    ['a comma and another', 401, ({ good }) => `${good},${good}`],
    ['quoted', 401, ({ good }) => `"${good}"`],
    ['percent-encoded dots', 401, ({ good }) => good.replaceAll('.', '%2E')],
    ['ten thousand dots', 401, () => '.'.repeat(10_000)],
    ['longer than any of ours', 401, withClaims({ filler: 'x'.repeat(5_000) })],
  ],
  'the JSON (RFC 7519 4 and 7.2, RFC 8259)': [
    [
      'a role said twice, ours last',
      401,
      (p) => signed(goodHeader(), `{"role":"admin",${JSON.stringify(claims(p)).slice(1)}`),
    ],
    [
      'a subject said twice, ours first',
      401,
      (p) => signed(goodHeader(), `${JSON.stringify(claims(p)).slice(0, -1)},"sub":"u_AAAAAAAAAAAAAAAA"}`),
    ],
    ['an alg said twice', 401, (p) => signed(`{"alg":"none",${JSON.stringify(goodHeader()).slice(1)}`, claims(p))],
    [
      'a name spelled with an escape',
      401,
      (p) => signed(goodHeader(), JSON.stringify(claims(p)).replace('"role"', '"r\\u006fle"')),
    ],
    ['white space about it', 401, (p) => signed(goodHeader(), ` ${JSON.stringify(claims(p))}`)],
    ['white space in the header', 401, (p) => signed(JSON.stringify(goodHeader(), null, 1), claims(p))],
    ['a byte order mark', 401, (p) => signed(goodHeader(), `\ufeff${JSON.stringify(claims(p))}`)],
    ['something after it', 401, (p) => signed(goodHeader(), `${JSON.stringify(claims(p))}{}`)],
    ['a list as claims', 401, (p) => signed(goodHeader(), [claims(p)])],
    ['null as claims', 401, () => signed(goodHeader(), 'null')],
    ['a text as claims', 401, () => signed(goodHeader(), '"hello"')],
    ['no JSON as claims', 401, () => signed(goodHeader(), 'role=admin')],
    ['a list as header', 401, (p) => signed([goodHeader()], claims(p))],
    ['null as header', 401, (p) => signed('null', claims(p))],
    [
      'what is no UTF-8',
      401,
      async ({ head }) => {
        const input = `${head}.${toBase64Url(Uint8Array.of(123, 34, 255, 34, 58, 49, 125))}`;
        return `${input}.${toBase64Url(await signatureOf(input))}`;
      },
    ],
  ],
  'the claims (RFC 7519 4.1, RFC 9068 2.2, RFC 8725 3.8 and 3.9)': [
    ...(
      [
        ['iss', [undefined, null, '', 'elsewhere', 'Daybook', 'daybook ', ['daybook'], 'https://daybook.example']],
        [
          'aud',
          [undefined, null, '', 'other-api', 'daybook', ['daybook-api'], ['daybook-api', 'other-api'], 'Daybook-API'],
        ],
        [
          'sub',
          [undefined, null, '', '1', 'admin', 'u_', 'u_AAAA', ['u_AAAAAAAAAAAAAAAA'], { id: 'u_AAAAAAAAAAAAAAAA' }],
        ],
        ['role', [undefined, null, '', 'root', 'Admin', ['admin'], { admin: true }, true]],
        ['sid', [undefined, null, '', 1, 'x'.repeat(65)]],
        ['jti', [undefined, null, '', 1]],
        ['exp', [undefined, null, '', 0, -1, 1, '99999999999', true, [99_999_999_999]]],
        ['iat', [undefined, null, '', '1', true]],
        ['nbf', ['soon', true, 99_999_999_999]],
        ['perm', ['users', ['everything'], [['users']], { users: true }]],
        ['cl', ['c_1', [1], Array.from({ length: 21 }, (_, i) => `c_${i}`)]],
        ['dep', ['u_1', [null], Array.from({ length: 21 }, (_, i) => `u_${i}`)]],
        ['dk', [1, {}, 'x'.repeat(513)]],
      ] as const
    ).flatMap(([name, values]) =>
      values.map(
        (value): Vector => [`${name} ${JSON.stringify(value)?.slice(0, 60)}`, 401, withClaims({ [name]: value })],
      ),
    ),
    ['run out a moment ago', 401, (p) => signed(goodHeader(), claims(p, { exp: Date.now() / 1000 - 0.01 }))],
    [
      'issued in the future',
      401,
      (p) => signed(goodHeader(), claims(p, { iat: Date.now() / 1000 + 300, exp: Date.now() / 1000 + 900 })),
    ],
  ],
};

let parts: Parts;
beforeAll(async () => {
  const person = await patient();
  const good = await signed(goodHeader(), goodClaims(person.id));
  const [head = '', body = '', signature = ''] = good.split('.');
  parts = { person, good, head, body, signature: fromBase64Url(signature) as Uint8Array<ArrayBuffer> };
});
let fetched: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  fetched = vi.spyOn(globalThis, 'fetch');
});
afterEach(() => vi.restoreAllMocks());

describe.each(Object.entries(vectors))('%s', (_, list) => {
  test.each(list)('[ID17] %s: %i', async (_, verdict, token) => {
    const headers = { authorization: `Bearer ${await token(parts)}` };
    const answer = await send('GET', '/auth/me', { headers });
    expect(answer.status).toBe(verdict);
    if (verdict === 401) expect((await answer.json<{ code: string }>()).code).toBe('unauthenticated');
    expect(fetched).not.toHaveBeenCalled();
  });
});
