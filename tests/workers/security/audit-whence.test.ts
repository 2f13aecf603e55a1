import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { auditStatement } from '../../../src/features/audit/record.ts';
import { sealWaiting } from '../../../src/features/audit/seal.ts';
import { send } from '../../support/api.ts';
import { type Person, patient } from '../../support/people.ts';

/** Where the rows of an account say they came from, by action, the latest of each. */
const whencesOf = async ({ id }: Person): Promise<Record<string, Record<string, unknown> | null>> => {
  const { results } = await env.DB.prepare(
    `SELECT action, data -> '$.from' AS came FROM audit_events WHERE stream = ? ORDER BY seq`,
  )
    .bind(`account:${id}`)
    .all<{ action: string; came: string | null }>();
  return Object.fromEntries(results.map(({ action, came }) => [action, came === null ? null : JSON.parse(came)]));
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }));
afterEach(() => vi.useRealTimers());

/** One request from an address in Dhaka: what its rows are to say, but for the mark of the address. */
const asks = async (method: string, path: string, as: { token: string } | null, body: unknown, address: string) => {
  const headers = { 'cf-connecting-ip': address };
  const answer = await send(method, path, { as, body, headers, cf: { country: 'BD', regionCode: 'C' } });
  const text = await answer.text();
  return {
    status: answer.status,
    body: text === '' ? null : JSON.parse(text),
    from: {
      place: 'BD-C',
      address: expect.stringMatching(/^[\w-]{16}$/),
      requestId: answer.headers.get('x-request-id'),
    },
  };
};

describe('[AU16] from where', () => {
  test('signing in, failing to, refreshing, changing the password and logging out came', async () => {
    const person = await patient();
    const [home, elsewhere] = ['203.0.113.81', '198.51.100.7'];
    const { email, password } = person;
    const failed = await asks('POST', '/auth/login', null, { email, password: 'Wrong-Horse-7' }, elsewhere);
    await vi.waitFor(async () => expect(await whencesOf(person)).toMatchObject({ 'sign_in.failed': failed.from }));
    const signedIn = await asks('POST', '/auth/login', null, { email, password }, home);
    expect(await whencesOf(person)).toMatchObject({ 'session.started': signedIn.from });
    const { accessToken: token, refreshToken } = signedIn.body;
    const next = { currentPassword: password, newPassword: 'Another-Horse-8' };
    const changed = await asks('POST', '/auth/password', { token }, next, home);
    const refreshed = await asks('POST', '/auth/refresh', null, { refreshToken }, home);
    const left = await asks('POST', '/auth/logout', null, { refreshToken: refreshed.body.refreshToken }, home);
    const came = await whencesOf(person);
    expect(came).toMatchObject({
      'session.refreshed': refreshed.from,
      'password.changed': changed.from,
      'sessions.ended': changed.from,
      'session.ended': left.from,
    });
    expect(came['session.ended']?.address).toBe(came['session.started']?.address);
    expect(came['session.ended']?.address).not.toBe(came['sign_in.failed']?.address);
    expect(JSON.stringify(came)).not.toMatch(/203\.0\.113|198\.51\.100/);
  });

  test('the guess came that made an account wait', async () => {
    const person = await patient();
    let last: Awaited<ReturnType<typeof asks>> | null = null;
    for (let i = 0; i < 5; i += 1) {
      const guess = { email: person.email, password: `Wrong-Guess-${i}` };
      last = await asks('POST', '/auth/login', null, guess, '198.51.100.8');
    }
    await vi.waitFor(async () => expect(await whencesOf(person)).toMatchObject({ 'account.locked': last?.from }));
  });

  test('requests at once came, each by its own', async () => {
    const people = await Promise.all([patient(), patient(), patient()]);
    const answers = await Promise.all(
      people.map(({ email, password }, i) =>
        asks('POST', '/auth/login', null, { email, password }, `203.0.113.${i + 1}`),
      ),
    );
    const came = await Promise.all(people.map(whencesOf));
    expect(came.map((each) => each['session.started']?.requestId)).toEqual(answers.map(({ from }) => from.requestId));
    expect(new Set(came.map((each) => each['session.started']?.address)).size).toBe(3);
  });

  test('what no request does says nothing, and the chain holds what came from where', async () => {
    const person = await patient();
    const entry = { stream: `account:${person.id}`, actor: null, action: 'test.happened', subjectId: null, data: {} };
    await auditStatement(database(env.DB), { ...entry, atMs: Date.now() });
    expect(await whencesOf(person)).toMatchObject({ 'test.happened': null });
    await sealWaiting(env.DB);
    const [rows, seals] = await env.DB.batch<{ n: number }>([
      env.DB.prepare('SELECT count(*) AS n FROM audit_events WHERE stream = ?').bind(entry.stream),
      env.DB.prepare('SELECT count(*) AS n FROM audit_seals WHERE stream = ?').bind(entry.stream),
    ]);
    expect(seals?.results[0]?.n).toBe(rows?.results[0]?.n);
  });
});
