import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toBase64Url } from '../../../src/domain/base64url.ts';
import { mailTo } from '../../support/mailbox.ts';
import { type Person, patient } from '../../support/people.ts';
import { type SoftwareKey, softwareKey, type Twist } from '../../support/software-key.ts';
import { type Read, under } from '../../support/under.ts';

const send = under();
const minute = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const refused = [401, 'passkey_refused'];
const codeOf = ({ status, body }: Read) => [status, body?.code];
const randomId = () => crypto.getRandomValues(new Uint8Array(32));

const creation = async (as: Person) =>
  (await send('POST', '/auth/passkeys/options', { as, body: { password: as.password } })).body;
const add = (as: Person, response: unknown, name = 'My phone') =>
  send('POST', '/auth/passkeys', { as, body: { name, response } });
const request = async () => (await send('GET', '/auth/login/passkey')).body;
const logIn = (response: unknown) => send('POST', '/auth/login/passkey', { body: response });

const withPasskey = async (): Promise<{ person: Person; key: SoftwareKey }> => {
  const [person, key] = [await patient(), await softwareKey()];
  const added = await add(person, await key.create(await creation(person)));
  expect(added.status).toBe(201);
  later(1000);
  const { body } = await send('POST', '/auth/login', { body: { email: person.email, password: person.password } });
  return { person: { ...person, token: body.accessToken }, key };
};

describe('a passkey', () => {
  it('[LI23] is made discoverable and unlocked by its user, and signs in without anything else', async () => {
    const person = await patient();
    const options = await creation(person);
    expect(options).toMatchObject({
      rp: { id: 'daybook.test', name: 'Daybook' },
      user: { id: toBase64Url(new TextEncoder().encode(person.id)), name: person.email },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    });
    const key = await softwareKey();
    const added = await add(person, await key.create(options));
    expect([added.status, added.body.name, added.body.lastUsedAt]).toEqual([201, 'My phone', null]);
    const asked = await request();
    expect(asked).toMatchObject({ rpId: 'daybook.test', userVerification: 'required' });
    expect(asked.allowCredentials ?? []).toEqual([]);
    const done = await logIn(await key.sign(asked));
    expect([done.status, done.body.user.id]).toEqual([200, person.id]);
    expect((await logIn(await key.sign(await request()))).status).toBe(200);
  });

  it('[LI23] counts as a second factor, also where one is required and there is no app', async () => {
    const required = under({ REQUIRE_SECOND_FACTOR: 'patient' });
    const { person, key } = await withPasskey();
    const body = { email: person.email, password: person.password };
    const byPassword = await required('POST', '/auth/login', { body });
    expect([...codeOf(byPassword), byPassword.body.methods]).toEqual([401, 'second_factor_required', ['passkey']]);
    expect(byPassword.body.mfaToken).toBeUndefined();
    const signed = await key.sign(await request());
    const done = await required('POST', '/auth/login/passkey', { body: signed });
    expect((await required('GET', '/appointments', { as: { token: done.body.accessToken } })).status).toBe(200);
  });

  it('[LI24] is listed, renamed and removed by its owner, who is told, and by nobody else', async () => {
    const { person, key } = await withPasskey();
    const other = await patient();
    for (const [method, body] of [
      ['PUT', { name: 'Mine' }],
      ['DELETE', { password: other.password }],
    ] as const) {
      const answer = await send(method, `/auth/passkeys/${key.id}`, { as: other, body });
      expect(codeOf(answer)).toEqual([404, 'not_found']);
    }
    const path = `/auth/passkeys/${key.id}`;
    expect((await send('PUT', path, { as: person, body: { name: 'Old phone' } })).body.name).toBe('Old phone');
    const { items } = (await send('GET', '/auth/passkeys', { as: person })).body;
    expect(items.map(({ id, name }: { id: string; name: string }) => [id, name])).toEqual([[key.id, 'Old phone']]);
    expect((await send('GET', '/auth/passkeys', { as: other })).body.items).toEqual([]);
    expect((await send('DELETE', path, { as: person, body: { password: person.password } })).status).toBe(204);
    expect(codeOf(await logIn(await key.sign(await request())))).toEqual(refused);
    expect((await mailTo(person.email)).filter(({ kind }) => kind === 'sign_in_changed').length).toBe(2);
  });

  it('[LI24] is added by who shows the password again, and there are at most ten', async () => {
    const person = await patient();
    const wrong = await send('POST', '/auth/passkeys/options', { as: person, body: { password: 'Wrong-Horse-7' } });
    expect(codeOf(wrong)).toEqual([403, 'wrong_password']);
    const insert = env.DB.prepare(
      `insert into passkeys (id, account_id, name, public_key, counter, transports, backed_up, created_at_ms)
       values (?, ?, 'x', 'x', 0, '[]', 0, 0)`,
    );
    for (let i = 0; i < 10; i += 1) await insert.bind(toBase64Url(randomId()), person.id).run();
    const eleventh = await send('POST', '/auth/passkeys/options', { as: person, body: { password: person.password } });
    expect(codeOf(eleventh)).toEqual([422, 'too_many_items']);
  });
});

const twists: Readonly<Record<string, Twist>> = {
  'another origin': { origin: 'https://daybook.test.evil.example' },
  'the right host on another port': { origin: 'http://daybook.test:8080' },
  'another relying party': { rpId: 'evil.example' },
  'a challenge of its own': { challenge: toBase64Url(randomId()) },
  'an empty challenge': { challenge: '' },
  'no verified user': { verified: false },
  'nobody present': { present: false, verified: false },
  'the wrong ceremony': { type: 'webauthn.other' },
};

describe('making a passkey', () => {
  it.each(Object.entries(twists))('[LI25] with %s is refused', async (_, twist) => {
    const [person, key] = [await patient(), await softwareKey()];
    expect(codeOf(await add(person, await key.create(await creation(person), twist)))).toEqual(refused);
    expect((await send('GET', '/auth/passkeys', { as: person })).body.items).toEqual([]);
  });

  it('[LI25] by another account’s options, by options used before or run out, or by those for signing in is refused', async () => {
    const [person, other] = [await patient(), await patient()];
    const theirs = await creation(other);
    expect(codeOf(await add(person, await (await softwareKey()).create(theirs)))).toEqual(refused);
    const used = await creation(person);
    expect((await add(person, await (await softwareKey()).create(used))).status).toBe(201);
    later(1000);
    const { body } = await send('POST', '/auth/login', { body: { email: person.email, password: person.password } });
    const again = { ...person, token: body.accessToken };
    expect(codeOf(await add(again, await (await softwareKey()).create(used)))).toEqual(refused);
    const late = await creation(again);
    later(5 * minute + 1);
    expect(codeOf(await add(again, await (await softwareKey()).create(late)))).toEqual(refused);
    const asked = { ...(await request()), user: used.user };
    expect(codeOf(await add(again, await (await softwareKey()).create(asked)))).toEqual(refused);
  });

  it('[LI25] under the id of somebody else’s is refused, and theirs stays theirs', async () => {
    const id = randomId();
    const [owner, attacker] = [await patient(), await patient()];
    const [key, copy] = [await softwareKey(undefined, id), await softwareKey(undefined, id)];
    expect((await add(owner, await key.create(await creation(owner)))).status).toBe(201);
    expect(codeOf(await add(attacker, await copy.create(await creation(attacker))))).toEqual(refused);
    expect((await logIn(await key.sign(await request()))).body.user.id).toBe(owner.id);
  });
});

describe('signing in by passkey', () => {
  it.each(Object.entries({ ...twists, 'another account’s user handle': { userHandle: 'dV9BQUFB' } }))(
    '[LI26] with %s is refused',
    async (_, twist) => {
      const { key } = await withPasskey();
      expect(codeOf(await logIn(await key.sign(await request(), twist)))).toEqual(refused);
    },
  );

  it('[LI26] an answer is good once, also between two at once, and only for as long as its challenge', async () => {
    const { key } = await withPasskey();
    const signed = await key.sign(await request());
    const answers = await Promise.all([logIn(signed), logIn(signed), logIn(signed)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401]);
    expect(codeOf(await logIn(signed))).toEqual(refused);
    const late = await key.sign(await request());
    later(5 * minute + 1);
    expect(codeOf(await logIn(late))).toEqual(refused);
  });

  it('[LI26] a counter that goes back or stands still is a copy of the key', async () => {
    const { key } = await withPasskey();
    expect((await logIn(await key.sign(await request(), { counter: 10 }))).status).toBe(200);
    for (const counter of [10, 9, 0]) {
      expect([counter, ...codeOf(await logIn(await key.sign(await request(), { counter })))]).toEqual([
        counter,
        ...refused,
      ]);
    }
    expect((await logIn(await key.sign(await request(), { counter: 11 }))).status).toBe(200);
  });

  it('[LI26] with another key, under another’s or an unknown credential id is refused', async () => {
    const [owner, attacker] = [await withPasskey(), await withPasskey()];
    const asAnother = { id: owner.key.id, userHandle: toBase64Url(new TextEncoder().encode(owner.person.id)) };
    expect(codeOf(await logIn(await attacker.key.sign(await request(), asAnother)))).toEqual(refused);
    const forged = { signWith: attacker.key.privateKey };
    expect(codeOf(await logIn(await owner.key.sign(await request(), forged)))).toEqual(refused);
    const stranger = await softwareKey();
    expect(codeOf(await logIn(await stranger.sign(await request(), { userHandle: asAnother.userHandle })))).toEqual(
      refused,
    );
  });

  it('[LI26] with options that were made for adding a passkey is refused', async () => {
    const { person, key } = await withPasskey();
    expect(codeOf(await logIn(await key.sign(await creation(person))))).toEqual(refused);
  });

  it('[LI26] to an account that is deactivated is refused', async () => {
    const { person, key } = await withPasskey();
    await env.DB.prepare('update accounts set deactivated_at_ms = 1 where id = ?').bind(person.id).run();
    expect(codeOf(await logIn(await key.sign(await request())))).toEqual(refused);
  });

  it('[LI26] with parts that are no CBOR, no JSON, or too much is refused without a fault', async () => {
    const { key } = await withPasskey();
    const signed = await key.sign(await request());
    for (const [part, text, status] of [
      ['clientDataJSON', 'AAAA', 401],
      ['authenticatorData', 'AAAA', 401],
      ['signature', 'AAAA', 401],
      ['signature', 'not base64!', 400],
      ['clientDataJSON', 'A'.repeat(20_001), 400],
    ] as const) {
      const answer = await logIn({ ...signed, response: { ...signed.response, [part]: text } });
      expect([part, answer.status]).toEqual([part, status]);
    }
  });
});
