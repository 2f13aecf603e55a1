import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { addDays, type LocalDate } from '../../src/domain/local-date.ts';
import { send } from '../support/api.ts';
import { interceptDayQueue } from '../support/day-queue.ts';
import { admin, doctor, type Person, patient } from '../support/people.ts';

const monday = { weekday: 1, start: '09:00', end: '12:00', slotMinutes: 30, mode: 'in_person' };

interface Schedule {
  timeZone: string;
  version: number;
  minimumNoticeMinutes: number;
  bookingWindowDays: number;
  approvalRequired: boolean;
  rules: ({ id: string } & Record<string, unknown>)[];
}
interface Problem {
  code: string;
  detail?: string;
  errors?: { path: string }[];
}

const scheduleOf = async (who: Person) => {
  const response = await send('GET', `/doctors/${who.id}/schedule`, { as: who });
  return { etag: response.headers.get('etag') ?? '', ...(await response.json<Schedule>()) };
};
const put = (who: Person, body: unknown, headers: Record<string, string> = {}, as = who) =>
  send('PUT', `/doctors/${who.id}/schedule`, { as, body, headers });
const refused = async (response: Response) => {
  const problem = await response.json<Problem>();
  return { status: response.status, code: problem.code };
};

let boss: Person;
let rahima: Person;

beforeAll(async () => {
  boss = await admin();
});
beforeEach(async () => {
  interceptDayQueue();
  rahima = await doctor({}, undefined, boss);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('the weekly schedule', () => {
  test('[SL21] putting one replaces the rules, keeps settings that are left out, and shows what was set', async () => {
    const first = await put(rahima, {
      minimumNoticeMinutes: 60,
      bookingWindowDays: 30,
      approvalRequired: true,
      rules: [{ ...monday, weekday: 2 }, monday],
    });
    expect(first.status).toBe(200);
    const shown = await first.json<Schedule>();
    expect(shown).toMatchObject({
      timeZone: 'Asia/Dhaka',
      minimumNoticeMinutes: 60,
      bookingWindowDays: 30,
      approvalRequired: true,
    });
    expect(shown.rules.map((rule) => rule.weekday)).toEqual([1, 2]);
    expect(shown.rules[0]).toEqual({
      id: expect.stringMatching(/^r_[\w-]{16}$/),
      ...monday,
      bufferMinutes: 0,
      capacity: 1,
      clinicId: null,
      effectiveFrom: null,
      effectiveUntil: null,
      emergencySeats: 0,
      requires: [],
    });
    expect(await scheduleOf(rahima)).toEqual({ etag: `"${shown.version}"`, ...shown });

    const second = await put(rahima, { rules: [{ ...monday, weekday: 5 }] });
    expect(await second.json()).toMatchObject({
      version: shown.version + 1,
      minimumNoticeMinutes: 60,
      approvalRequired: true,
      rules: [{ weekday: 5 }],
    });
    const emptied = await put(rahima, { rules: [] });
    expect(await emptied.json()).toMatchObject({ rules: [] });
  });

  test('[SL21] what was read may be sent back: rules keep their ids, unknown ids get new ones', async () => {
    await put(rahima, { rules: [monday] });
    const { etag: _, ...read } = await scheduleOf(rahima);
    const stranger = { ...monday, id: 'r_AAAAAAAAAAAAAAAA', weekday: 3 };
    const again = await (await put(rahima, { ...read, rules: [...read.rules, stranger] })).json<Schedule>();
    expect(again.rules[0]).toEqual(read.rules[0]);
    expect(again.rules[1]?.id).not.toBe(stranger.id);
  });

  test('[SL20] rules that cover the same time are refused, and both are named', async () => {
    const sunday = { ...monday, weekday: 7, start: '22:00', end: '09:30' };
    const response = await put(rahima, { rules: [monday, { ...monday, weekday: 3 }, sunday] });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'rules_overlap',
      detail: 'rules.0 and rules.2 cover the same time.',
      rules: [
        { path: 'rules.0', weekday: 1, start: '09:00', end: '12:00' },
        { path: 'rules.2', weekday: 7, start: '22:00', end: '09:30' },
      ],
    });
    expect((await scheduleOf(rahima)).rules).toEqual([]);
  });

  test('[SL22] a rule’s clinic must be one of the doctor’s', async () => {
    const clinic = { name: 'Lake Clinic', address: 'Road 5', city: 'Dhaka', country: 'BD', timeZone: 'Asia/Dhaka' };
    const { id: clinicId } = await (await send('POST', '/clinics', { as: boss, body: clinic })).json<{ id: string }>();
    expect(await refused(await put(rahima, { rules: [{ ...monday, clinicId }] }))).toEqual({
      status: 422,
      code: 'unknown_clinic',
    });
    const karim = await doctor({ clinicIds: [clinicId] }, undefined, boss);
    const there = await put(karim, { rules: [{ ...monday, clinicId }] });
    expect(await there.json()).toMatchObject({ rules: [{ clinicId }] });
  });

  test('[SL23] a change that rests on an older version is refused', async () => {
    const { etag } = await scheduleOf(rahima);
    expect((await put(rahima, { rules: [monday] }, { 'if-match': etag })).status).toBe(200);
    const conflict = { status: 409, code: 'version_conflict' };
    expect(await refused(await put(rahima, { rules: [] }, { 'if-match': etag }))).toEqual(conflict);
    expect(await refused(await put(rahima, { rules: [], version: Number(etag.slice(1, -1)) }))).toEqual(conflict);
    expect((await put(rahima, { rules: [monday] }, { 'if-match': '*' })).status).toBe(200);
    expect((await put(rahima, { rules: [] }, { 'if-match': 'W/"x"' })).status).toBe(400);
  });

  test('[SL23] of two changes at once that rest on the same version one is refused', async () => {
    const { etag } = await scheduleOf(rahima);
    const answers = await Promise.all(
      [1, 2, 3, 4].map((weekday) => put(rahima, { rules: [{ ...monday, weekday }] }, { 'if-match': etag })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409]);
    expect((await scheduleOf(rahima)).rules).toHaveLength(1);
  });

  test('an unchanged schedule answers 304', async () => {
    const { etag } = await scheduleOf(rahima);
    const path = `/doctors/${rahima.id}/schedule`;
    const headers = { 'if-none-match': etag };
    expect((await send('GET', path, { as: rahima, headers })).status).toBe(304);
    await put(rahima, { rules: [monday] });
    expect((await send('GET', path, { as: rahima, headers })).status).toBe(200);
  });

  test.each([
    ['101 rules', { rules: Array.from({ length: 101 }, () => monday) }],
    ['a slot of 4 minutes', { rules: [{ ...monday, slotMinutes: 4 }] }],
    ['a slot of 481 minutes', { rules: [{ ...monday, slotMinutes: 481 }] }],
    ['a slot longer than its window', { rules: [{ ...monday, slotMinutes: 240 }] }],
    ['a fraction of a minute', { rules: [{ ...monday, slotMinutes: 12.5 }] }],
    ['a buffer of 241 minutes', { rules: [{ ...monday, bufferMinutes: 241 }] }],
    ['a capacity of none', { rules: [{ ...monday, capacity: 0 }] }],
    ['a capacity of 101', { rules: [{ ...monday, capacity: 101 }] }],
    ['an eighth weekday', { rules: [{ ...monday, weekday: 8 }] }],
    ['a time that does not exist', { rules: [{ ...monday, start: '24:00' }] }],
    ['a date that does not exist', { rules: [{ ...monday, effectiveFrom: '2026-02-30' }] }],
    [
      'an end before its beginning',
      { rules: [{ ...monday, effectiveFrom: '2026-03-02', effectiveUntil: '2026-03-01' }] },
    ],
    ['an unknown mode', { rules: [{ ...monday, mode: 'telepathy' }] }],
    [
      'an id twice',
      {
        rules: [
          { ...monday, id: 'r_a' },
          { ...monday, id: 'r_a', weekday: 2 },
        ],
      },
    ],
    ['a notice of more than 30 days', { rules: [], minimumNoticeMinutes: 43_201 }],
    ['a window of more than a year', { rules: [], bookingWindowDays: 366 }],
    ['a window of no days', { rules: [], bookingWindowDays: 0 }],
    ['another time zone', { rules: [], timeZone: 'Europe/London' }],
    ['an unknown field', { rules: [], colour: 'blue' }],
    ['no rules at all', {}],
  ])('[SL24] %s is refused, naming the field', async (_what, body) => {
    const response = await put(rahima, body);
    expect(response.status).toBe(400);
    const problem = await response.json<Problem>();
    expect(problem.code).toBe('invalid_request');
    expect(problem.errors?.length).toBeGreaterThan(0);
    expect((await scheduleOf(rahima)).rules).toEqual([]);
  });
});

describe('who may see and change it', () => {
  test('[SL26] the doctor and admins; to other doctors it does not exist; patients may not', async () => {
    const [nadia, other] = [await patient(), await doctor({}, undefined, boss)];
    const requests = [
      ['GET', 'schedule', undefined],
      ['PUT', 'schedule', { rules: [] }],
      ['GET', 'time-off', undefined],
      ['POST', 'time-off', { from: '2030-01-01', to: '2030-01-01' }],
      ['DELETE', 'time-off/t_AAAAAAAAAAAAAAAA', undefined],
      ['GET', 'sessions', undefined],
      ['POST', 'sessions', { sessions: [{ ...session, date: '2030-01-01' }] }],
      ['DELETE', 'sessions?ids=x_AAAAAAAAAAAAAAAA', undefined],
    ] as const;
    for (const [method, path, body] of requests) {
      let day = 0;
      // Each on a day of its own: what overlaps is refused.
      const fresh = () => {
        day += 1;
        return body && JSON.parse(JSON.stringify(body).replaceAll('2030-01-01', `2030-01-0${day}`));
      };
      const ask = async (as: Person | null, id = rahima.id) =>
        (await send(method, `/doctors/${id}/${path}`, { as, body: fresh() })).status;
      expect([method, path, await ask(null)]).toEqual([method, path, 401]);
      expect([method, path, await ask(nadia)]).toEqual([method, path, 403]);
      expect([method, path, await ask(other)]).toEqual([method, path, 404]);
      expect([method, path, await ask(boss, nadia.id)]).toEqual([method, path, 404]);
      expect([method, path, await ask(boss, 'u_nobody')]).toEqual([method, path, 404]);
      const expected = method === 'DELETE' ? 404 : method === 'POST' ? 201 : 200;
      expect([method, path, await ask(boss)]).toEqual([method, path, expected]);
      expect([method, path, await ask(rahima)]).toEqual([method, path, expected]);
    }
  });
});

const session = { start: '18:00', end: '20:00', slotMinutes: 30, mode: 'video' };

describe('extra sessions', () => {
  const path = () => `/doctors/${rahima.id}/sessions`;
  const add = (sessions: unknown[]) => send('POST', path(), { as: rahima, body: { sessions } });
  const list = async (query = '') =>
    (await send('GET', `${path()}?${query}`, { as: rahima })).json<{
      items: { id: string; date: string }[];
      nextCursor: string | null;
    }>();

  test('[SL27] are added in bulk, listed by date, and removed in bulk', async () => {
    const dates = ['2030-01-03', '2030-01-01', '2030-01-02'];
    const added = await add(dates.map((date) => ({ ...session, date })));
    expect(added.status).toBe(201);
    const { items } = await added.json<{ items: { id: string; date: string }[] }>();
    expect(items.map((item) => item.date)).toEqual(dates);
    const first = await list('limit=2');
    expect(first.items.map((item) => item.date)).toEqual(['2030-01-01', '2030-01-02']);
    expect((await list(`limit=2&cursor=${first.nextCursor}`)).items.map((item) => item.date)).toEqual(['2030-01-03']);
    expect((await list('from=2030-01-02&to=2030-01-02')).items).toHaveLength(1);

    const ids = items.slice(0, 2).map((item) => item.id);
    expect((await send('DELETE', `${path()}?ids=${ids.join(',')}`, { as: rahima })).status).toBe(204);
    expect((await list()).items.map((item) => item.date)).toEqual(['2030-01-02']);
  });

  test('[SL27] all or none: one that is wrong keeps the others out, one that is missing keeps the others in', async () => {
    const wrong = [
      { ...session, date: '2030-01-01' },
      { ...session, date: '2030-01-02', clinicId: 'c_nowhere' },
    ];
    expect(await refused(await add(wrong))).toEqual({ status: 422, code: 'unknown_clinic' });
    expect((await list()).items).toEqual([]);

    await add([{ ...session, date: '2030-01-01' }]);
    const [mine] = (await list()).items;
    const ids = `${mine?.id},x_AAAAAAAAAAAAAAAA`;
    expect((await send('DELETE', `${path()}?ids=${ids}`, { as: rahima })).status).toBe(404);
    const other = await doctor({}, undefined, boss);
    const stolen = await send('DELETE', `/doctors/${other.id}/sessions?ids=${mine?.id}`, { as: other });
    expect(stolen.status).toBe(404);
    expect((await list()).items).toHaveLength(1);
  });

  test('[SL24] at most 100 at once and 1,000 ahead', async () => {
    let day = 0;
    const many = (n: number) =>
      Array.from({ length: n }, () => {
        day += 1;
        return { ...session, date: addDays('2030-01-01' as LocalDate, day) };
      });
    expect((await add(many(101))).status).toBe(400);
    expect((await add([])).status).toBe(400);
    expect((await add(many(100))).status).toBe(201);
    await env.DB.prepare(
      `insert into extra_sessions (id, doctor_id, date, start, end, slot_minutes, buffer_minutes, capacity, mode)
       select extra_sessions.id || n.value, doctor_id, '2040-01-01', start, end, slot_minutes, buffer_minutes, capacity, mode
       from extra_sessions, json_each('[1,2,3,4,5,6,7,8]') n where doctor_id = ?`,
    )
      .bind(rahima.id)
      .run();
    expect((await add(many(100))).status).toBe(201);
    expect(await refused(await add(many(1)))).toEqual({ status: 422, code: 'too_many_items' });
  });
});

describe('time off', () => {
  const path = () => `/doctors/${rahima.id}/time-off`;
  const add = (body: unknown, headers = {}) => send('POST', path(), { as: rahima, body, headers });
  const list = async (query = '') =>
    (await send('GET', `${path()}?${query}`, { as: rahima })).json<{
      items: { id: string; from: string }[];
      nextCursor: string | null;
    }>();

  test('[SL28] is added, listed by its first date, and taken back', async () => {
    const added = await add({ from: '2030-02-01', to: '2030-02-03', reason: 'A wedding' });
    expect(added.status).toBe(201);
    const off = await added.json<{ id: string }>();
    expect(off).toEqual({
      id: expect.stringMatching(/^t_[\w-]{16}$/),
      from: '2030-02-01',
      to: '2030-02-03',
      start: null,
      end: null,
      reason: 'A wedding',
    });
    await add({ from: '2030-01-01', to: '2030-01-01', start: '12:00', end: '14:00' });
    const first = await list('limit=1');
    expect(first.items).toMatchObject([{ from: '2030-01-01', start: '12:00', end: '14:00', reason: '' }]);
    expect((await list(`limit=1&cursor=${first.nextCursor}`)).items).toEqual([off]);
    expect((await list('from=2030-02-03')).items).toEqual([off]);

    const other = await doctor({}, undefined, boss);
    expect((await send('DELETE', `/doctors/${other.id}/time-off/${off.id}`, { as: other })).status).toBe(404);
    expect((await send('DELETE', `${path()}/${off.id}`, { as: rahima })).status).toBe(204);
    expect((await send('DELETE', `${path()}/${off.id}`, { as: rahima })).status).toBe(404);
    expect((await list()).items).toHaveLength(1);
  });

  test.each([
    ['an end before its beginning', { from: '2030-01-02', to: '2030-01-01' }],
    ['367 days', { from: '2030-01-01', to: '2031-01-02' }],
    ['a start without an end', { from: '2030-01-01', to: '2030-01-01', start: '09:00' }],
    ['an end at the start', { from: '2030-01-01', to: '2030-01-01', start: '09:00', end: '09:00' }],
    ['a date that does not exist', { from: '2030-02-29', to: '2030-03-01' }],
    ['a reason of a page', { from: '2030-01-01', to: '2030-01-01', reason: 'a'.repeat(501) }],
    ['an unknown field', { from: '2030-01-01', to: '2030-01-01', paid: true }],
  ])('[SL24] %s is refused', async (_what, body) => {
    expect(await refused(await add(body))).toEqual({ status: 400, code: 'invalid_request' });
  });

  test('[SL24] 366 days are not too many; more than 500 absences ahead are', async () => {
    expect((await add({ from: '2030-01-01', to: '2031-01-01' })).status).toBe(201);
    await env.DB.prepare(
      `insert into time_off (id, doctor_id, from_date, to_date, created_at_ms)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < 499)
       select 't_' || ?1 || i, ?1, '2030-01-01', '2030-01-01', 0 from n`,
    )
      .bind(rahima.id)
      .run();
    expect(await refused(await add({ from: '2032-01-01', to: '2032-01-01' }))).toEqual({
      status: 422,
      code: 'too_many_items',
    });
  });

  test('a request repeated with its Idempotency-Key adds one absence', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() };
    const body = { from: '2030-01-01', to: '2030-01-02' };
    const [one, two] = [await add(body, key), await add(body, key)];
    expect(await two.json()).toEqual(await one.json());
    expect((await list()).items).toHaveLength(1);
  });

  test('[SL29] its reason is in no audit row and no public answer', async () => {
    await add({ from: '2030-02-01', to: '2030-02-03', reason: 'Kidney stones' });
    const audit = await env.DB.prepare('select action, data from audit_events where stream = ?')
      .bind(`doctor:${rahima.id}`)
      .all<{ action: string; data: string }>();
    expect(audit.results.map((row) => row.action)).toContain('time_off.added');
    expect(JSON.stringify(audit.results)).not.toContain('Kidney');
    const shown = await send('GET', `/doctors/${rahima.id}`);
    expect(await shown.text()).not.toContain('Kidney');
  });
});
