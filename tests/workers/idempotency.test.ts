import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { database } from '../../src/db/client.ts';
import { forgetOldAnswers } from '../../src/http/idempotency.ts';
import { send } from '../support/api.ts';
import { bearing, edge } from '../support/edge.ts';
import { admin, patient } from '../support/people.ts';

const clinic = (name: string) => ({ name, address: 'Road 5', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' });
const someone = () => `k-${crypto.randomUUID().slice(0, 12)}@example.com`;
const codeOf = async (response: Response) => (await response.json<{ code: string }>()).code;
const withKey = (key: string) => ({ 'idempotency-key': key });
const clinicsNamed = (name: string) =>
  env.DB.prepare('select count(*) as n from clinics where name = ?').bind(name).first('n');

describe('a key that comes again', () => {
  it('[IK1] gives the same status, body and location, and changes nothing', async () => {
    const boss = await admin();
    const options = { as: boss, body: clinic('Once'), headers: withKey('"8e03978e-40d5-43dd-bc93-6894a57f9324"') };
    const first = await send('POST', '/clinics', options);
    const text = await first.text();
    expect(first.status).toBe(201);
    for (let i = 0; i < 3; i += 1) {
      const again = await send('POST', '/clinics', options);
      expect([again.status, await again.text()]).toEqual([201, text]);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    }
    expect(await clinicsNamed('Once')).toBe(1);
  });

  it('[IK1] of twenty at once one is carried out; the others get its answer or hear that it is in flight', async () => {
    const boss = await admin();
    const options = { as: boss, body: clinic('Twenty'), headers: withKey('twenty') };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/clinics', options)));
    const bodies = new Set<string>();
    for (const answer of answers) {
      if (answer.status === 201) bodies.add(await answer.text());
      else expect([answer.status, await codeOf(answer)]).toEqual([409, 'request_in_flight']);
    }
    expect(bodies.size).toBe(1);
    expect(await clinicsNamed('Twenty')).toBe(1);
  });

  it('[IK1] a refusal that was decided is given again', async () => {
    const { email } = await patient();
    const body = { email, password: 'Correct-Horse-7', fullName: 'N', role: 'patient' };
    const answers = [];
    for (let i = 0; i < 2; i += 1) {
      answers.push(await send('POST', '/auth/register', { body, headers: withKey('taken') }));
    }
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map((answer) => answer.status)).toEqual([409, 409]);
    expect(texts[0]).toBe(texts[1]);
  });

  it('[IK2] with another body, or on another address, is refused', async () => {
    const boss = await admin();
    const headers = withKey('mine');
    expect((await send('POST', '/clinics', { as: boss, body: clinic('A'), headers })).status).toBe(201);
    const other = await send('POST', '/clinics', { as: boss, body: clinic('B'), headers });
    expect([other.status, await codeOf(other)]).toEqual([422, 'idempotency_key_reused']);
    expect(await clinicsNamed('B')).toBe(0);
  });

  it('[IK3] belongs to its principal: another one may use the same key', async () => {
    const [a, b] = [await admin(), await admin()];
    const headers = withKey('common');
    const first = await send('POST', '/clinics', { as: a, body: clinic('Ours'), headers });
    const second = await send('POST', '/clinics', { as: b, body: clinic('Ours'), headers });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await first.text()).not.toBe(await second.text());
  });

  it('[IK3] of strangers who chose the same key neither sees nor blocks the other', async () => {
    const headers = withKey('1');
    const bodies = [someone(), someone()].map((email) => ({
      email,
      password: 'Correct-Horse-7',
      fullName: 'N',
      role: 'patient',
    }));
    const answers = await Promise.all(bodies.map((body) => send('POST', '/auth/register', { body, headers })));
    expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
    const guess = await send('POST', '/auth/register', { body: { ...bodies[0], password: 'Wrong-Horse-7' }, headers });
    expect([guess.status, await codeOf(guess)]).toEqual([422, 'idempotency_key_reused']);
  });

  it('[IK1] lets a refresh be repeated without ending the session', async () => {
    const person = await patient();
    const refresh = () =>
      send('POST', '/auth/refresh', { body: { refreshToken: person.refreshToken }, headers: withKey('retry') });
    const first = await (await refresh()).json<{ refreshToken: string }>();
    const second = await (await refresh()).json<{ refreshToken: string }>();
    // By the grace of refreshing itself: no answer is kept.
    expect(second.refreshToken).toBe(first.refreshToken);
    expect((await send('POST', '/auth/refresh', { body: { refreshToken: first.refreshToken } })).status).toBe(200);
  });
});

describe('a claim', () => {
  const claimOf = async (boss: { id: string }, key: string, changes: string) => {
    await env.DB.prepare(`update idempotency_records set answer = null, ${changes} where principal = ? and key = ?`)
      .bind(boss.id, key)
      .run();
  };

  it('[IK4] whose request is being processed answers 409', async () => {
    const boss = await admin();
    const options = { as: boss, body: clinic('Slow'), headers: withKey('slow') };
    await send('POST', '/clinics', options);
    await claimOf(boss, 'slow', `created_at_ms = ${Date.now() - 30_000}`);
    const answer = await send('POST', '/clinics', options);
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'request_in_flight']);
  });

  it('[IK5] of a request that crashed over a minute ago may be taken over, by the same request only', async () => {
    const boss = await admin();
    const options = { as: boss, body: clinic('Crashed'), headers: withKey('crashed') };
    await send('POST', '/clinics', options);
    await claimOf(boss, 'crashed', `created_at_ms = ${Date.now() - 61_000}`);
    const other = await send('POST', '/clinics', { ...options, body: clinic('Else') });
    expect(other.status).toBe(422);
    const answers = await Promise.all([send('POST', '/clinics', options), send('POST', '/clinics', options)]);
    expect(answers.some((answer) => answer.status === 201)).toBe(true);
    expect(await clinicsNamed('Crashed')).toBe(2);
  });

  it('[IK6] is given up when the answer is ours to repair, or the request was never understood', async () => {
    const boss = await admin();
    const headers = withKey('again');
    const wrong = await send('POST', '/clinics', { as: boss, body: { name: 'X' }, headers });
    expect(wrong.status).toBe(400);

    const complaint = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let calls = 0;
    const db = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: (statements: D1PreparedStatement[]) => {
        calls += 1;
        return calls === 2 ? Promise.reject(new Error('D1_ERROR: network')) : env.DB.batch(statements);
      },
    };
    const arriving = { headers: { ...bearing(boss), ...headers } };
    const failed = await edge({ DB: db }).post('/api/v1/clinics', clinic('Again'), arriving);
    expect([failed.status, await codeOf(failed)]).toEqual([503, 'temporarily_unavailable']);
    expect(JSON.stringify(complaint.mock.calls)).not.toContain('Again');
    complaint.mockRestore();

    const done = await send('POST', '/clinics', { as: boss, body: clinic('Again'), headers });
    expect(done.status).toBe(201);
    expect(await clinicsNamed('Again')).toBe(1);
  });
});

describe('what is kept', () => {
  it('[IK7] cannot be read from the table: no token, no password, no body', async () => {
    const email = someone();
    const body = { email, password: 'Correct-Horse-7', fullName: 'Secret Person', role: 'patient' };
    const answer = await send('POST', '/auth/register', { body, headers: withKey('sealed') });
    const { accessToken, refreshToken } = await answer.json<{ accessToken: string; refreshToken: string }>();
    const { results } = await env.DB.prepare('select * from idempotency_records where key = ?').bind('sealed').all();
    const table = JSON.stringify(results);
    expect(results).toHaveLength(1);
    for (const secret of [accessToken, refreshToken, email, body.password, body.fullName]) {
      expect(table).not.toContain(secret);
    }
  });

  it('[IK7] a fingerprint cannot be tried against guesses: it is keyed', async () => {
    const body = { email: someone(), password: 'Correct-Horse-7', fullName: 'N', role: 'patient' };
    await send('POST', '/auth/register', { body, headers: withKey('keyed') });
    const fingerprint = await env.DB.prepare('select fingerprint from idempotency_records where key = ?')
      .bind('keyed')
      .first<string>('fingerprint');
    const plain = async (text: string) => {
      const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
      return btoa(String.fromCharCode(...bytes))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '');
    };
    expect(fingerprint).not.toBe(await plain(JSON.stringify(body)));
    expect(fingerprint).not.toBe(await plain(`POST/api/v1/auth/register${JSON.stringify(body)}`));
  });

  it('[IK8] is forgotten after 48 hours', async () => {
    const boss = await admin();
    await send('POST', '/clinics', { as: boss, body: clinic('Old'), headers: withKey('old') });
    await send('POST', '/clinics', { as: boss, body: clinic('New'), headers: withKey('new') });
    const nowMs = Date.now();
    await env.DB.prepare(`update idempotency_records set created_at_ms = ? where key = 'old'`)
      .bind(nowMs - 48 * 3_600_000 - 1)
      .run();
    await forgetOldAnswers(database(env.DB), nowMs);
    const { results } = await env.DB.prepare('select key from idempotency_records where principal = ?')
      .bind(boss.id)
      .all();
    expect(results).toEqual([{ key: 'new' }]);
  });
});

it.each(['', 'x'.repeat(256), 'tab\there'])('[IK9] the key %j is refused by name', async (key) => {
  const boss = await admin();
  const answer = await send('POST', '/clinics', { as: boss, body: clinic('Nope'), headers: withKey(key) });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ path: 'header.Idempotency-Key' }] });
  expect(await clinicsNamed('Nope')).toBe(0);
});
