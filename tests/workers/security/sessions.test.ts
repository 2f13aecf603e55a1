import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { database } from '../../../src/db/client.ts';
import { settingsOf } from '../../../src/env.ts';
import { signAccessToken } from '../../../src/features/identity/access-token.ts';
import { endAllSessions, endSession, endTokens } from '../../../src/features/identity/endings.ts';
import { forgetOldSessions } from '../../../src/features/identity/refresh-token.ts';
import { securityLog } from '../../../src/http/security-event.ts';
import { send } from '../../support/api.ts';
import { claimsOf } from '../../support/forge.ts';
import { runEveryMinute } from '../../support/jobs.ts';
import { admin, type Person, patient, signIn } from '../../support/people.ts';

const dayMs = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const codeOf = async (response: Response) => (await response.json<{ code: string }>()).code;
const refresh = (refreshToken: string) => send('POST', '/auth/refresh', { body: { refreshToken } });
const refreshed = async (refreshToken: string) => {
  const answer = await refresh(refreshToken);
  expect(answer.status).toBe(200);
  return answer.json<{ accessToken: string; refreshToken: string; user: { id: string } }>();
};
const statusOf = async (token: string) => (await send('GET', '/auth/me', { as: { token } })).status;
const sessionIdOf = (person: { token: string }) => claimsOf(person.token).sid as string;
/** Lets time pass. Only the clock moves, so that what is under way goes on. */
const later = (ms: number) => {
  const now = Date.now() + ms;
  vi.useFakeTimers({ toFake: ['Date'], now });
};

/** The guards answer no more: neither questions nor what they are told. */
const guardsOut = () =>
  vi.spyOn(env.SESSION_GUARD, 'getByName').mockImplementation(() => {
    throw new Error('the guard is out of reach');
  });

describe('a stolen refresh token', () => {
  it('[ID11] is worth nothing once its owner has used it, and the owner goes on with the next', async () => {
    const person = await patient();
    const second = await refreshed(person.refreshToken);
    expect(second.user.id).toBe(person.id);
    expect(second.refreshToken).not.toBe(person.refreshToken);
    expect(await statusOf(second.accessToken)).toBe(200);
    expect((await refreshed(second.refreshToken)).user.id).toBe(person.id);
  });

  it('[ID12] that is used after its owner ends the session at once, access tokens and all, and no other', async () => {
    const events = vi.spyOn(securityLog, 'write');
    const owner = await patient();
    const elsewhere = await signIn(owner.email);
    const next = await refreshed(owner.refreshToken);
    later(11_000);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    expect((await refresh(next.refreshToken)).status).toBe(401);
    for (const token of [owner.token, next.accessToken]) expect(await statusOf(token)).toBe(401);
    expect(await statusOf(elsewhere.token)).toBe(200);
    await refreshed(elsewhere.refreshToken);
    await vi.waitFor(() => expect(events.mock.calls.map(([event]) => event.event)).toContain('token.reuse'));
  });

  it('[ID12] that a thief uses first is found out when its owner comes, however soon', async () => {
    const owner = await patient();
    const stolen = await refreshed(owner.refreshToken);
    await refreshed(stolen.refreshToken);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    expect(await statusOf(stolen.accessToken)).toBe(401);
  });

  it('[ID21] of two tabs that refresh at once both go on, with one and the same next token', async () => {
    const { refreshToken } = await patient();
    const answers = await Promise.all(Array.from({ length: 6 }, () => refreshed(refreshToken)));
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
    for (const { accessToken } of answers) expect(await statusOf(accessToken)).toBe(200);
    const next = answers[0]?.refreshToken ?? '';
    later(8_000);
    expect((await refreshed(refreshToken)).refreshToken).toBe(next);
    await refreshed(next);
  });

  it('[ID13] cannot be read from the database, nor what comes after it', async () => {
    const person = await patient();
    const next = await refreshed(person.refreshToken);
    const rows = await env.DB.prepare('select * from refresh_tokens where account_id = ?').bind(person.id).all();
    const text = JSON.stringify(rows.results);
    expect(rows.results).toHaveLength(2);
    for (const token of [person.refreshToken, next.refreshToken]) expect(text).not.toContain(token);
    const guess = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(person.refreshToken));
    expect(btoa(String.fromCharCode(...new Uint8Array(guess)))).not.toContain(next.refreshToken.slice(0, 12));
  });

  it('[ID14] runs out when it is not used for seven days', async () => {
    const person = await patient();
    later(7 * dayMs - 1_000);
    const next = await refreshed(person.refreshToken);
    later(7 * dayMs + 1_000);
    const answer = await refresh(next.refreshToken);
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'unauthenticated']);
  });

  it('[ID14] runs out after thirty days, however much the session is used', async () => {
    let { refreshToken } = await patient();
    for (let day = 0; day < 30; day += 6) {
      later(6 * dayMs - 1_000);
      if (day < 24) ({ refreshToken } = await refreshed(refreshToken));
    }
    later(6_000);
    expect((await refresh(refreshToken)).status).toBe(401);
    await forgetOldSessions(database(env.DB), Date.now() + dayMs);
    const left = await env.DB.prepare('select count(*) as n from sessions where expires_at_ms < ?')
      .bind(Date.now())
      .first('n');
    expect(left).toBe(0);
  });
});

describe('a stolen access token', () => {
  it('[ID15] [ID26] is worth nothing from the moment its owner logs out', async () => {
    const owner = await patient();
    const elsewhere = await signIn(owner.email);
    const logout = (refreshToken: string) => send('POST', '/auth/logout', { body: { refreshToken } });
    expect((await logout(owner.refreshToken)).status).toBe(204);
    expect(await statusOf(owner.token)).toBe(401);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    expect(await statusOf(elsewhere.token)).toBe(200);
    for (const nothing of [owner.refreshToken, 'no-such-token']) expect((await logout(nothing)).status).toBe(204);
    expect((await send('POST', '/auth/logout', { body: {} })).status).toBe(204);
  });

  it('[ID26] is refused in every region, wherever its session ended', async () => {
    const owner = await patient();
    const from = (continent: string) => send('GET', '/auth/me', { as: owner, cf: { continent } });
    for (const continent of ['EU', 'AS', 'NA']) expect((await from(continent)).status).toBe(200);
    await endSession(env, owner.id, sessionIdOf(owner), 'owner', null);
    for (const continent of ['EU', 'AS', 'NA']) expect((await from(continent)).status, continent).toBe(401);
  });

  it('[ID26] of an account whose facts have changed is refused, to the millisecond, and the session goes on', async () => {
    const owner = await patient();
    const other = await patient();
    await env.DB.prepare(`update accounts set role = 'admin', permissions = '["audit"]' where id = ?`)
      .bind(owner.id)
      .run();
    await endTokens(env, owner.id);
    expect(await statusOf(owner.token)).toBe(401);
    expect(await statusOf(other.token)).toBe(200);
    const next = await refreshed(owner.refreshToken);
    expect(claimsOf(next.accessToken)).toMatchObject({ role: 'admin', perm: ['audit'] });
    expect(await statusOf(next.accessToken)).toBe(200);
    expect((await send('GET', '/admin/audit', { as: { token: next.accessToken } })).status).toBe(200);
  });

  it('[ID26] issued just before its end is refused, and one issued just after is good', async () => {
    const { id } = await patient();
    const now = Date.now();
    const issued = (ms: number) => signAccessToken(settingsOf(env), { id, role: 'patient' }, 'e_none', ms);
    const [before, after] = [await issued(now), await issued(now + 1)];
    vi.useFakeTimers({ toFake: ['Date'], now });
    await endTokens(env, id);
    vi.setSystemTime(now + 2);
    expect([await statusOf(before), await statusOf(after)]).toEqual([401, 200]);
  });

  it('[ID27] is no way in while the guard does not answer', async () => {
    const { token } = await patient();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const out = guardsOut();
    const answer = await send('GET', '/auth/me', { as: { token } });
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'temporarily_unavailable']);
    expect(answer.headers.get('retry-after')).toBe('2');
    out.mockRestore();
    expect(await statusOf(token)).toBe(200);
  });

  it('[ID28] that the guards could not be told of is told to them again, until they have heard', async () => {
    const owner = await patient();
    const owed = () =>
      env.DB.prepare('select count(*) as n from endings where account_id = ?').bind(owner.id).first<number>('n');
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const out = guardsOut();
    await endAllSessions(env, owner.id, 'owner', null);
    expect(await owed()).toBe(2);
    await runEveryMinute(env, Date.now());
    expect(await owed()).toBe(2);
    out.mockRestore();
    expect(await statusOf(owner.token)).toBe(200);
    expect((await refresh(owner.refreshToken)).status).toBe(401);
    await runEveryMinute(env, Date.now());
    expect(await owed()).toBe(0);
    expect(await statusOf(owner.token)).toBe(401);
  });

  it.each([
    ['a role', `update accounts set role = 'admin' where id = ?`],
    ['permissions', `update accounts set permissions = '["audit"]' where id = ?`],
    ['a clinic', `insert into clinic_staff (account_id, clinic_id, added_at_ms) select ?, id, 0 from clinics limit 1`],
    ['its standing', 'update accounts set deactivated_at_ms = 1 where id = ?'],
  ])(
    '[ID28] says %s that is no longer true ends within a minute, though the Worker crashed after the change',
    async (_, sql) => {
      const body = { name: 'Clinic', address: 'House 1', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' };
      expect((await send('POST', '/clinics', { as: await admin(), body })).status).toBe(201);
      const owner = await patient();
      await env.DB.prepare(sql).bind(owner.id).run();
      expect(await statusOf(owner.token)).toBe(200);
      await runEveryMinute(env, Date.now());
      expect(await statusOf(owner.token)).toBe(401);
    },
  );

  it('[ID28] of a session that had to make room ends within a minute, though the guards were out', async () => {
    const owner = await patient();
    for (let i = 0; i < 9; i += 1) await signIn(owner.email);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const out = guardsOut();
    await signIn(owner.email);
    out.mockRestore();
    expect(await statusOf(owner.token)).toBe(200);
    await runEveryMinute(env, Date.now());
    expect(await statusOf(owner.token)).toBe(401);
  });

  it('[ID30] is refused after its guard was started anew, and forgotten once its time is up', async () => {
    const owner = await patient();
    const stubs = [0, 1, 2, 3].map((shard) => env.SESSION_GUARD.getByName(`weur/${shard}`));
    const known = async () => {
      const rows = await Promise.all(
        stubs.map((stub) =>
          runInDurableObject(stub, (_, { storage }) => storage.sql.exec('select subject from ended').toArray()),
        ),
      );
      return rows.flat().map(({ subject }) => subject);
    };
    await endSession(env, owner.id, sessionIdOf(owner), 'owner', null);
    expect(await known()).toContain(sessionIdOf(owner));
    for (const stub of stubs) await evictDurableObject(stub);
    expect(await statusOf(owner.token)).toBe(401);
    later(17 * 60_000);
    for (const id of [
      'u_AAAAAAAAAAAAAAAA',
      'u_BBBBBBBBBBBBBBBB',
      'u_CCCCCCCCCCCCCCCC',
      'u_DDDDDDDDDDDDDDDD',
      owner.id,
    ]) {
      await endTokens(env, id);
    }
    expect(await known()).not.toContain(sessionIdOf(owner));
  });

  it('[ID19] costs one question to a guard, and none to the database', async () => {
    const { token } = await patient();
    await statusOf(token);
    const [asked, prepare] = [vi.spyOn(env.SESSION_GUARD, 'getByName'), vi.spyOn(env.DB, 'prepare')];
    expect((await send('GET', '/admin/audit', { as: { token } })).status).toBe(403);
    expect([asked.mock.calls.length, prepare.mock.calls.length]).toEqual([1, 0]);
  });
});

describe('whoever looks after their sessions', () => {
  const list = async (as: Person) =>
    (
      await (
        await send('GET', '/auth/sessions', { as })
      ).json<{
        items: { id: string; device: string | null; place: string | null; current: boolean; lastSeenAt: string }[];
      }>()
    ).items;

  it('[ID23] sees each with its device, its rough place and when it was used last, and nobody else’s', async () => {
    const owner = await patient();
    const login = await send('POST', '/auth/login', {
      body: { email: owner.email, password: owner.password },
      headers: { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0' },
      cf: { city: 'Dhaka', country: 'BD' },
    });
    const { accessToken } = await login.json<{ accessToken: string }>();
    await patient();
    const sessions = await list({ ...owner, token: accessToken });
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toMatchObject({ device: 'Firefox on Windows', place: 'Dhaka, BD', current: true });
    expect(sessions[1]).toMatchObject({ id: sessionIdOf(owner), current: false });
    expect(Date.parse(sessions[0]?.lastSeenAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('[ID23] never sees words that a user agent made up', async () => {
    const owner = await patient();
    const body = { email: owner.email, password: owner.password };
    for (const userAgent of [
      '<script>alert(1)</script>',
      'Dr. Rahima Khatun, +8801712345678',
      `Firefox/${'9'.repeat(4_000)}`,
    ]) {
      await send('POST', '/auth/login', { body, headers: { 'user-agent': userAgent } });
    }
    const devices = (await list(owner)).map(({ device }) => device);
    for (const device of devices) expect([null, 'Firefox']).toContain(device);
  });

  it('[ID24] ends one of them, all others, or all, at once', async () => {
    const owner = await patient();
    const [second, third, fourth] = [await signIn(owner.email), await signIn(owner.email), await signIn(owner.email)];
    const end = async (path: string, as: Person) => (await send('DELETE', path, { as })).status;
    expect(await end(`/auth/sessions/${sessionIdOf(second)}`, owner)).toBe(204);
    expect([await statusOf(second.token), await statusOf(third.token)]).toEqual([401, 200]);
    expect(await end(`/auth/sessions/${sessionIdOf(second)}`, owner)).toBe(404);
    expect(await end('/auth/sessions', third)).toBe(204);
    expect([await statusOf(owner.token), await statusOf(third.token), await statusOf(fourth.token)]).toEqual([
      401, 200, 401,
    ]);
    expect((await refresh(fourth.refreshToken)).status).toBe(401);
    expect(await end('/auth/sessions?which=all', third)).toBe(204);
    expect(await statusOf(third.token)).toBe(401);
    expect((await refresh(third.refreshToken)).status).toBe(401);
  });

  it('[ID24] cannot end another’s, which look like none', async () => {
    const [owner, thief] = [await patient(), await patient()];
    const answers = await Promise.all(
      [sessionIdOf(owner), 'e_AAAAAAAAAAAAAAAA'].map((id) => send('DELETE', `/auth/sessions/${id}`, { as: thief })),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(await statusOf(owner.token)).toBe(200);
  });

  it('[ID22] has ten at most: the oldest goes, access tokens and all', async () => {
    const first = await patient();
    const second = await signIn(first.email);
    for (let i = 0; i < 8; i += 1) await signIn(first.email);
    expect(await statusOf(first.token)).toBe(200);
    await signIn(first.email);
    expect([await statusOf(first.token), await statusOf(second.token)]).toEqual([401, 200]);
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect(await list(second)).toHaveLength(10);
  });

  it('[ID25] changes the password with the current one, and every other session ends at once', async () => {
    const owner = await patient();
    const elsewhere = await signIn(owner.email);
    const change = (currentPassword: string, newPassword: string) =>
      send('POST', '/auth/password', { as: owner, body: { currentPassword, newPassword } });
    const wrong = await change('Wrong-Horse-7', 'Better-Horse-8');
    expect([wrong.status, await codeOf(wrong)]).toEqual([403, 'wrong_password']);
    expect((await change(owner.password, 'weak')).status).toBe(400);
    expect(await statusOf(elsewhere.token)).toBe(200);
    expect((await change(owner.password, 'Better-Horse-8')).status).toBe(204);
    expect([await statusOf(owner.token), await statusOf(elsewhere.token)]).toEqual([200, 401]);
    expect((await refresh(elsewhere.refreshToken)).status).toBe(401);
    await refreshed(owner.refreshToken);
    expect((await send('POST', '/auth/login', { body: { email: owner.email, password: owner.password } })).status).toBe(
      401,
    );
    expect((await signIn(owner.email, 'Better-Horse-8')).id).toBe(owner.id);
  });

  it('[ID25] of two changes at once one counts', async () => {
    const owner = await patient();
    const answers = await Promise.all(
      ['Better-Horse-8', 'Finer-Horse-9'].map((newPassword) =>
        send('POST', '/auth/password', { as: owner, body: { currentPassword: owner.password, newPassword } }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 403]);
  });
});

describe('an account that was deactivated', () => {
  it('[ID29] can neither sign in nor refresh, and is told what a wrong password is told', async () => {
    const person = await patient();
    await env.DB.prepare('update accounts set deactivated_at_ms = ? where id = ?').bind(Date.now(), person.id).run();
    const login = (password: string) => send('POST', '/auth/login', { body: { email: person.email, password } });
    const told = async (answer: Response) => [answer.status, { ...(await answer.json<object>()), instance: '' }];
    expect(await told(await login(person.password))).toEqual(await told(await login('Wrong-Horse-7')));
    expect((await refresh(person.refreshToken)).status).toBe(401);
  });

  it('[ID26] [ID29] is out at once when its sessions are ended, and a role that was taken away is gone', async () => {
    const fallen = await admin();
    expect((await send('GET', '/auth/me', { as: fallen })).status).toBe(200);
    await env.DB.prepare('update accounts set deactivated_at_ms = ? where id = ?').bind(Date.now(), fallen.id).run();
    await endAllSessions(env, fallen.id, 'deactivated', null);
    expect(await statusOf(fallen.token)).toBe(401);
    expect((await refresh(fallen.refreshToken)).status).toBe(401);
  });
});
