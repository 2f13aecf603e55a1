import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDays, utcDate } from '../../../src/domain/local-date.ts';
import { send } from '../../support/api.ts';
import { admin, doctor, type Person, patient, signIn } from '../../support/people.ts';
import { codeOf } from '../../support/search.ts';

let boss: Person;
let medic: Person;
beforeAll(async () => {
  boss = await admin();
  medic = await doctor({ timeZone: 'Pacific/Kiritimati' }, undefined, boss);
});

const today = utcDate(Date.now());
const errorsOf = async (answer: Response) =>
  (await answer.json<{ errors: { path: string; message: string }[] }>()).errors.map(({ path, message }) => [
    path,
    message,
  ]);

describe('sessions and absences', () => {
  const shape = { slotMinutes: 20, capacity: 1, mode: 'video' };
  const add = (...sessions: object[]) =>
    send('POST', `/doctors/${medic.id}/sessions`, {
      as: medic,
      body: { sessions: sessions.map((session) => ({ ...shape, ...session })) },
    });
  const leave = (body: object) => send('POST', `/doctors/${medic.id}/time-off`, { as: medic, body });
  const on = (days: number) => addDays(today, days);

  it('[SL40] a session does not overlap another, of the same request or of before, nor over midnight', async () => {
    const late = { date: on(10), start: '22:00', end: '02:00' };
    const twice = await add(late, { date: on(11), start: '01:00', end: '03:00' });
    expect([twice.status, await codeOf(twice)]).toEqual([422, 'sessions_overlap']);
    expect((await add(late, { date: on(11), start: '02:00', end: '03:00' })).status).toBe(201);
    const again = await add({ date: on(11), start: '00:00', end: '00:20' });
    expect(await again.json()).toMatchObject({ code: 'sessions_overlap', detail: expect.stringContaining(on(10)) });
    const next = { date: on(12), start: '08:00', end: '09:00' };
    const many = await Promise.all([1, 2, 3, 4].map(() => add(next)));
    expect(many.map(({ status }) => status).toSorted()).toEqual([201, 422, 422, 422]);
  });

  it('[SL40] an absence does not overlap another, whole days and parts of them alike', async () => {
    expect((await leave({ from: on(20), to: on(22), start: '10:00', end: '12:00' })).status).toBe(201);
    expect((await leave({ from: on(20), to: on(22), start: '12:00', end: '13:00' })).status).toBe(201);
    for (const body of [
      { from: on(22), to: on(25) },
      { from: on(21), to: on(21), start: '11:59', end: '12:30' },
    ]) {
      const answer = await leave(body);
      expect([answer.status, await codeOf(answer)]).toEqual([422, 'time_off_overlap']);
    }
    expect((await leave({ from: on(23), to: on(25) })).status).toBe(201);
  });

  it('[SL41] nothing is added to a day that is over where the doctor is, even if it is not here', async () => {
    // In Kiritimati, at UTC+14, yesterday of UTC has been over for long.
    const session = await add({ date: on(-1), start: '08:00', end: '09:00' });
    expect([session.status, await codeOf(session)]).toEqual([422, 'in_the_past']);
    const absence = await leave({ from: on(-5), to: on(-1) });
    expect([absence.status, await codeOf(absence)]).toEqual([422, 'in_the_past']);
    expect((await leave({ from: on(-5), to: on(3) })).status).toBe(201);
  });

  it('[SL42] a list from a later to an earlier date is refused by name', async () => {
    const range = `from=${on(2)}&to=${on(1)}`;
    for (const path of [`/appointments?${range}`, `/doctors/${medic.id}/sessions?${range}`]) {
      const answer = await send('GET', path, { as: medic });
      expect(answer.status, path).toBe(400);
      expect(await errorsOf(answer), path).toEqual([['query.to', 'must not be before from']]);
    }
  });
});

describe('what is wrong', () => {
  it('[HI13] is said in plain sentences, without words of a library', async () => {
    const body = {
      email: 'x',
      password: 1,
      fullName: '',
      role: 'doctor',
      doctor: { experienceYears: 61, specialization: 'x'.repeat(81), bio: null, clinicIds: 'c', consultationFee: {} },
    };
    const answer = await send('POST', '/auth/register', { body });
    const said = Object.fromEntries(await errorsOf(answer));
    expect(said).toMatchObject({
      email: 'must be an e-mail address',
      password: 'must be text',
      fullName: 'must not be empty',
      'doctor.experienceYears': 'must be at most 60',
      'doctor.specialization': 'must have at most 80 characters',
      'doctor.bio': 'must be text',
      'doctor.clinicIds': 'must be a list',
      'doctor.licenseNumber': 'is missing',
      'doctor.consultationFee.amount': 'is missing',
    });
    for (const message of Object.values(said))
      expect(message).not.toMatch(/invalid|expected|received|too (big|small)/i);
    const list = await send('GET', '/doctors?sort=age&limit=0', {});
    expect(await errorsOf(list)).toEqual([
      ['query.sort', 'must be name, fee, experience, soonest, rating, distance or relevance'],
      ['query.limit', 'must be at least 1'],
    ]);
  });

  it.each(['XXZ', 'bdt', 'ZZZ', 'BD', ''])('[HI14] %j is no currency', async (currency) => {
    const answer = await send('PUT', `/doctors/${medic.id}`, {
      as: medic,
      body: { consultationFee: { amount: 1, currency } },
    });
    expect(await errorsOf(answer)).toEqual([['consultationFee.currency', 'must be an ISO 4217 code']]);
  });

  it.each(['XX', 'ZZ', 'UK', 'bd', 'BGD', ''])('[HI14] %j is no country', async (country) => {
    const clinic = { name: 'C', address: 'A', city: 'D', timeZone: 'Asia/Dhaka' };
    const answer = await send('POST', '/clinics', { as: boss, body: { ...clinic, country } });
    expect(await errorsOf(answer)).toEqual([['country', 'must be an ISO 3166-1 alpha-2 code']]);
    expect((await send('POST', '/clinics', { as: await patient(), body: {} })).status).toBe(403);
  });
});

describe('what is in the way', () => {
  const detailOf = async (answer: Response) => {
    const { code, detail } = await answer.json<{ code: string; detail?: string }>();
    return [answer.status, code, detail];
  };

  it('[AC18] is named to an admin: the permissions, where others would do, or else the role', async () => {
    const clerk = await admin();
    await env.DB.prepare(`update accounts set permissions = '["audit"]' where id = ?`).bind(clerk.id).run();
    const as = await signIn(clerk.email);
    const lacking = [403, 'forbidden', 'Your permissions do not include this.'];
    expect(await detailOf(await send('GET', '/admin/users', { as }))).toEqual(lacking);
    expect(await detailOf(await send('GET', '/users/me/dependants', { as }))).toEqual([403, 'forbidden', undefined]);
    expect(await detailOf(await send('GET', '/admin/users', { as: medic }))).toEqual([403, 'forbidden', undefined]);
  });

  it('[ID11] is named to who refreshes: the token is not good any more, or there is none', async () => {
    const { refreshToken } = await patient();
    expect((await send('POST', '/auth/logout', { body: { refreshToken } })).status).toBe(204);
    const refresh = (body: object) => send('POST', '/auth/refresh', { body });
    const dead = 'This refresh token is not good any more: sign in again.';
    for (const text of [refreshToken, 'never-was']) {
      expect(await detailOf(await refresh({ refreshToken: text }))).toEqual([401, 'unauthenticated', dead]);
    }
    expect(await detailOf(await refresh({}))).toEqual([401, 'unauthenticated', expect.stringContaining('no refresh')]);
  });
});
