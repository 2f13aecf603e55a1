import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Permission, permissions } from '../../../src/domain/access.ts';
import { send } from '../../support/api.ts';
import { eventually } from '../../support/clinic.ts';
import { admin, doctor, type Person, patient, signIn } from '../../support/people.ts';
import { codeOf, names } from '../../support/search.ts';

let boss: Person;
beforeAll(async () => {
  boss = await admin();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const edit = async (by: Person, id: string, body: unknown) => {
  const answer = await send('PUT', `/admin/users/${id}`, { as: by, body });
  return { status: answer.status, body: await answer.json<Record<string, unknown>>() };
};
/** An admin with some permissions, made by one who has them all. */
const adminWith = async (...held: Permission[]): Promise<Person> => {
  const person = await patient('Some Admin');
  expect((await edit(boss, person.id, { role: 'admin', permissions: held })).status).toBe(200);
  return signIn(person.email);
};
const search = async (body: unknown, as: Person = boss) =>
  (await send('POST', '/admin/users/search', { as, body })).json<{
    items: { id: string }[];
    nextCursor: string | null;
  }>();
const me = async (as: { readonly token: string }) => (await send('GET', '/auth/me', { as })).status;

describe('finding accounts', () => {
  it('[AD10] by whole e-mail address and phone in any form, and by the beginning of the name', async () => {
    const person = await patient('Zubaida Findable');
    await env.DB.prepare('update accounts set phone = ? where id = ?').bind('+8801712000111', person.id).run();
    for (const body of [
      { email: person.email.toUpperCase() },
      { phone: '+880 1712-000111' },
      { name: 'zubaida find' },
    ]) {
      expect(
        (await search(body)).items.map(({ id }) => id),
        JSON.stringify(body),
      ).toContain(person.id);
    }
    await env.DB.prepare('update accounts set email_verified_at_ms = 1 where id = ?').bind(person.id).run();
    const shown = await (await send('GET', `/admin/users/${person.id}`, { as: boss })).json();
    expect(shown).toMatchObject({ emailVerified: true, phoneVerified: false });
    expect((await search({ email: person.email.slice(1) })).items).toEqual([]);
    expect((await search({ name: 'Findable' })).items).toEqual([]);
    expect((await search({ name: '%' })).items).toEqual([]);
    expect((await search({ email: person.email, role: 'admin' })).items).toEqual([]);
    expect((await search({ email: person.email, active: false })).items).toEqual([]);
  });

  it.each([
    [{}],
    [{ email: 'a@example.com', name: 'A' }],
    [{ role: 'patient' }],
    [{ name: '' }],
    [{ name: 'A', limit: 101 }],
    [{ name: 'A', extra: 1 }],
  ])('[AD10] a search for %j is refused', async (body) => {
    expect((await send('POST', '/admin/users/search', { as: boss, body })).status).toBe(400);
  });

  it('[AD10] page by page, by name and by time, each account is seen once', async () => {
    const name = `Paged ${crypto.randomUUID().slice(0, 8)}`;
    const ids: string[] = [];
    for (const part of ['b', 'A', 'c']) ids.push((await patient(`${name} ${part}`)).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof search>> = await search({ name, limit: 1, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([ids[1], ids[0], ids[2]]);
    const listed: string[] = [];
    do {
      const query: string = `?limit=50&role=patient&active=true${cursor === null ? '' : `&cursor=${cursor}`}`;
      const found = await send('GET', `/admin/users${query}`, { as: boss });
      const page = await found.json<Awaited<ReturnType<typeof search>>>();
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(listed.filter((id) => ids.includes(id))).toEqual([...ids].reverse());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('[AD11] shows no password, and every look at a patient is recorded', async () => {
    const person = await patient('Watched Patient');
    const answer = await send('GET', `/admin/users/${person.id}`, { as: boss });
    expect(await answer.text()).not.toMatch(/argon|hash/i);
    await search({ email: person.email });
    const { results } = await env.DB.prepare(
      `select action from audit_events where actor_id = ? and action like 'account%' and data like ?`,
    )
      .bind(boss.id, `%${person.id}%`)
      .all<{ action: string }>();
    expect(results.map(({ action }) => action)).toEqual(expect.arrayContaining(['account.read', 'accounts.searched']));
  });

  it('[AD11] is for admins with the permission `users` alone', async () => {
    const others = await adminWith('doctors', 'finance', 'audit', 'system', 'appointments');
    const someone = await patient();
    for (const as of [others, someone]) {
      expect((await send('GET', '/admin/users', { as })).status).toBe(403);
      expect((await send('POST', '/admin/users/search', { as, body: { name: 'A' } })).status).toBe(403);
      expect((await send('PUT', `/admin/users/${someone.id}`, { as, body: { role: 'admin' } })).status).toBe(403);
    }
  });
});

describe('changing accounts', () => {
  it('[AD12] a deactivated account is shut out in the same moment, everywhere, until it is active again', async () => {
    const person = await patient();
    expect(await me(person)).toBe(200);
    expect((await edit(boss, person.id, { active: false })).body).toMatchObject({ active: false });
    expect(await me(person)).toBe(401);
    const refresh = await send('POST', '/auth/refresh', { body: { refreshToken: person.refreshToken } });
    expect(refresh.status).toBe(401);
    const login = () => send('POST', '/auth/login', { body: { email: person.email, password: person.password } });
    expect((await login()).status).toBe(401);
    expect((await edit(boss, person.id, { active: true })).body).toMatchObject({ active: true, deactivatedAt: null });
    expect((await login()).status).toBe(200);
    expect(await me(person)).toBe(401);
  });

  it('[AD12] a change of role ends the tokens that say the old one, and a refresh says the new one', async () => {
    const person = await adminWith('users', 'audit');
    expect((await send('GET', '/admin/audit', { as: person })).status).toBe(200);
    await edit(boss, person.id, { permissions: ['users'] });
    expect((await send('GET', '/admin/audit', { as: person })).status).toBe(401);
    const again = await signIn(person.email);
    expect((await send('GET', '/admin/audit', { as: again })).status).toBe(403);
    await edit(boss, person.id, { role: 'patient' });
    expect((await send('GET', '/admin/users', { as: again })).status).toBe(401);
  });

  it('[AD13] nobody changes their own account, not even by another permission', async () => {
    for (const body of [{ active: false }, { role: 'patient' }, { permissions }]) {
      expect((await edit(boss, boss.id, body)).body.code).toBe('own_account');
    }
  });

  it('[AD13] nobody gives, takes or overrules a permission that they do not hold', async () => {
    const clerk = await adminWith('users');
    const accomplice = await patient();
    expect((await edit(clerk, accomplice.id, { role: 'admin', permissions: ['users', 'audit'] })).body.code).toBe(
      'beyond_own_permissions',
    );
    for (const body of [{ active: false }, { role: 'patient' }, { permissions: ['users'] }, { permissions: [] }]) {
      expect((await edit(clerk, boss.id, body)).body.code, JSON.stringify(body)).toBe('beyond_own_permissions');
    }
    expect((await edit(clerk, accomplice.id, { role: 'admin', permissions: ['users'] })).status).toBe(200);
  });

  it('[AD13] nobody becomes a doctor, or stops being one, by a change of role; only admins have permissions', async () => {
    const [someone, medic] = [await patient(), await doctor({}, undefined, boss)];
    expect((await edit(boss, someone.id, { role: 'doctor' })).body.code).toBe('role_fixed');
    expect((await edit(boss, medic.id, { role: 'admin', permissions: ['users'] })).body.code).toBe('role_fixed');
    expect((await edit(boss, someone.id, { permissions: ['users'] })).body.code).toBe('permissions_not_for_role');
    expect((await edit(boss, someone.id, { role: 'staff' })).status).toBe(200);
  });

  it('[AD14] of two admins who take each other\u2019s rights away at once, one is left', async () => {
    const { results } = await env.DB.prepare(`select id, permissions from accounts where role = 'admin'`).all<{
      id: string;
      permissions: string;
    }>();
    const [a, b] = [await adminWith('users'), await adminWith('users')];
    // For once these two are the only admins there are.
    await env.DB.prepare(`update accounts set permissions = '[]' where role = 'admin' and id not in (?, ?)`)
      .bind(a.id, b.id)
      .run();
    const answers = await Promise.all([edit(a, b.id, { active: false }), edit(b, a.id, { role: 'patient' })]);
    const left = await env.DB.prepare(
      `select count(*) as n from accounts where role = 'admin' and deactivated_at_ms is null and permissions = '["users"]'`,
    ).first('n');
    for (const { id, permissions: held } of results) {
      await env.DB.prepare('update accounts set permissions = ? where id = ?').bind(held, id).run();
    }
    expect(left).toBe(1);
    expect(answers.map(({ status }) => status).toSorted()[0]).toBe(200);
    // The one who lost is refused as the last admin would be, or because the winner's change has ended their token.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('[AD14] every change is recorded with what was and what is, and told as a security event', async () => {
    const person = await patient();
    await edit(boss, person.id, { role: 'admin', permissions: ['finance'] });
    const row = await env.DB.prepare(`select data, actor_id from audit_events where subject_id = ? and action = ?`)
      .bind(person.id, 'account.changed')
      .first<{ data: string; actor_id: string }>();
    expect(row?.actor_id).toBe(boss.id);
    expect(JSON.parse(row?.data ?? '')).toMatchObject({
      before: { role: 'patient', permissions: [], active: true },
      after: { role: 'admin', permissions: ['finance'], active: true },
    });
  });

  it('[AD15] a doctor who is deactivated leaves the search, and waits for a review when active again', async () => {
    const name = `Leaving ${crypto.randomUUID().slice(0, 8)}`;
    const medic = await doctor({}, name, boss);
    expect(await names(`q=${encodeURIComponent(name)}`)).toEqual([name]);
    await edit(boss, medic.id, { active: false });
    expect(await names(`q=${encodeURIComponent(name)}`)).toEqual([]);
    await edit(boss, medic.id, { active: true });
    const state = await (await send('GET', `/doctors/${medic.id}/verification`, { as: boss })).json();
    expect(state).toMatchObject({ state: 'submitted' });
    await eventually(
      async () => (await send('GET', `/doctors/${medic.id}`)).status,
      (status) => status === 404,
    );
  });

  it('[AD15] a missing account, and a malformed id, are nothing to change', async () => {
    for (const id of ['u_AAAAAAAAAAAAAAAA', 'x', '%00']) {
      const answer = await send('PUT', `/admin/users/${id}`, { as: boss, body: { active: false } });
      expect([answer.status, await codeOf(answer)], id).toEqual([404, 'not_found']);
    }
  });
});
