import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DayMessage } from '../../src/doctor-days/queue.ts';
import { openDay, peekDay } from '../../src/doctor-days/schedule-query.ts';
import { addDays, datesBetween, type LocalDate, utcDate } from '../../src/domain/local-date.ts';
import { localDateOf } from '../../src/domain/zoned-time.ts';
import { rollIndex, sweepStaleDays } from '../../src/features/schedules/changes.ts';
import { consumeDayMessage } from '../../src/features/schedules/consume.ts';
import { send } from '../support/api.ts';
import { countedD1 } from '../support/counted-d1.ts';
import { interceptDayQueue } from '../support/day-queue.ts';
import { admin, doctor, type Person, patient, unverifiedDoctor } from '../support/people.ts';
import { book } from '../support/projected.ts';

const nowMs = Date.now();
const today = utcDate(nowMs);
const tomorrow = addDays(today, 1);
const dayMs = 86_400_000;
const everyDay = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
  weekday,
  start: '09:00',
  end: '11:00',
  slotMinutes: 30,
  mode: 'video',
}));

let boss: Person;
let rahima: Person;
let sent: DayMessage[];

beforeAll(async () => {
  boss = await admin();
});
beforeEach(async () => {
  sent = interceptDayQueue().messages;
  rahima = await doctor({}, undefined, boss);
  sent.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
});

const put = (body: unknown) => send('PUT', `/doctors/${rahima.id}/schedule`, { as: rahima, body });
const addTimeOff = () =>
  send('POST', `/doctors/${rahima.id}/time-off`, { as: rahima, body: { from: '2030-01-01', to: '2030-01-02' } });
const versionOf = async () =>
  (await env.DB.prepare('select schedule_version as v from doctors where id = ?').bind(rahima.id).first<number>('v')) ??
  0;
const open = (date: LocalDate) => openDay(env.DB, { doctorId: rahima.id, date }, nowMs);
const set = (date: string, columns: string) =>
  env.DB.prepare(`update doctor_days set ${columns} where doctor_id = ? and date = ?`).bind(rahima.id, date).run();
const index = (atMs = nowMs) => consumeDayMessage(env, { kind: 'index_doctor', doctorId: rahima.id }, atMs);

interface DayRow {
  date: string;
  opened: number | null;
  scheduleVersion: number;
  version: number;
  remaining: number;
  first: number | null;
  last: number | null;
}
const dayRows = async () =>
  (
    await env.DB.prepare(
      `select date, opened_at_ms as opened, schedule_version as scheduleVersion, version, remaining,
         first_available_at_ms as first, last_available_at_ms as last
       from doctor_days where doctor_id = ? order by date`,
    )
      .bind(rahima.id)
      .all<DayRow>()
  ).results;

describe('a change of the schedule', () => {
  const session = { date: '2030-01-01', start: '18:00', end: '20:00', slotMinutes: 30, mode: 'video' };

  test('[SL25] raises the version by one, and is recorded, whatever is changed', async () => {
    const before = await versionOf();
    await put({ rules: everyDay });
    const off = await (await addTimeOff()).json<{ id: string }>();
    await send('DELETE', `/doctors/${rahima.id}/time-off/${off.id}`, { as: boss });
    const sessions = await send('POST', `/doctors/${rahima.id}/sessions`, {
      as: rahima,
      body: { sessions: [session] },
    });
    const { items } = await sessions.json<{ items: { id: string }[] }>();
    await send('DELETE', `/doctors/${rahima.id}/sessions?ids=${items[0]?.id}`, { as: rahima });
    expect(await versionOf()).toBe(before + 5);

    const audit = await env.DB.prepare(
      `select action, actor_id as actor from audit_events where stream = ? and action not like 'doctor.%' order by seq`,
    )
      .bind(`doctor:${rahima.id}`)
      .all();
    expect(audit.results).toEqual([
      { action: 'schedule.replaced', actor: rahima.id },
      { action: 'time_off.added', actor: rahima.id },
      { action: 'time_off.removed', actor: boss.id },
      { action: 'sessions.added', actor: rahima.id },
      { action: 'sessions.removed', actor: rahima.id },
    ]);
  });

  test('[SL25] a refused one changes nothing and tells nobody', async () => {
    const before = await versionOf();
    await put({ rules: [], version: before + 1 });
    await put({ rules: [everyDay[0], everyDay[0]] });
    await send('DELETE', `/doctors/${rahima.id}/time-off/t_AAAAAAAAAAAAAAAA`, { as: rahima });
    expect(await versionOf()).toBe(before);
    expect(sent).toEqual([]);
  });

  test('[SL30] tells every opened day from yesterday on, and the index, by ids and dates only', async () => {
    for (const days of [-2, -1, 0, 40]) await open(addDays(today, days));
    await open(tomorrow);
    await set(tomorrow, 'cleaned_at_ms = 1');
    await index(); // rows of days that nobody has opened
    await addTimeOff();
    const doctorId = rahima.id;
    expect(sent).toHaveLength(4);
    expect(sent).toEqual(
      expect.arrayContaining([
        { kind: 'schedule_changed', doctorId, date: addDays(today, -1) },
        { kind: 'schedule_changed', doctorId, date: today },
        { kind: 'schedule_changed', doctorId, date: addDays(today, 40) },
        { kind: 'index_doctor', doctorId },
      ]),
    );
  });

  test('[SL31] stands when the queue fails, and the sweep tells the days later', async () => {
    await open(tomorrow);
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = vi.spyOn(env.DAY_QUEUE, 'sendBatch').mockRejectedValue(new Error('queue down'));
    expect((await put({ rules: everyDay })).status).toBe(200);
    expect(quiet).toHaveBeenCalledOnce();
    broken.mockRestore();
    sent = interceptDayQueue().messages;
    await sweepStaleDays(env, nowMs);
    expect(sent).toContainEqual({ kind: 'schedule_changed', doctorId: rahima.id, date: tomorrow });
  });

  test('[SL31] the sweep leaves alone what is up to date, over, cleaned, or was never really opened', async () => {
    for (const days of [-2, 1, 2, 3, 4]) await open(addDays(today, days));
    await put({ rules: everyDay });
    await set(addDays(today, 1), `schedule_version = ${await versionOf()}`);
    await set(addDays(today, 2), 'cleaned_at_ms = 1');
    await set(addDays(today, 3), `opened_at_ms = ${nowMs - dayMs}`);
    sent.length = 0;
    await sweepStaleDays(env, nowMs);
    const mine = sent.filter((message) => 'doctorId' in message && message.doctorId === rahima.id);
    expect(mine).toEqual([{ kind: 'schedule_changed', doctorId: rahima.id, date: addDays(today, 4) }]);
  });

  test('[SL31] a day that has taken the newest schedule is told no more', async () => {
    await put({ rules: everyDay });
    const date = addDays(today, 3);
    const day = await send('GET', `/doctors/${rahima.id}/slots?date=${date}`);
    const { slots } = await day.json<{ slots: { id: string }[] }>();
    const held = await send('POST', '/appointments', { as: await patient(), body: { slotId: slots[0]?.id } });
    expect(held.status).toBe(201);
    await vi.waitFor(async () => expect((await dayRows())[0]).toMatchObject({ remaining: 3 }));
    sent.length = 0;

    await put({ rules: everyDay.map((rule) => ({ ...rule, capacity: 2 })) });
    expect(sent).toContainEqual({ kind: 'schedule_changed', doctorId: rahima.id, date });
    for (const message of sent) await consumeDayMessage(env, message);
    const scheduleVersion = await versionOf();
    await vi.waitFor(async () => {
      const row = (await dayRows()).find((row) => row.date === date);
      expect(row).toMatchObject({ scheduleVersion, remaining: 7 });
    });
    sent.length = 0;
    await sweepStaleDays(env, nowMs);
    expect(sent.filter((message) => 'doctorId' in message && message.doctorId === rahima.id)).toEqual([]);
  });

  test('[SL32] opening a day reads the schedule in the transaction that registers it; peeking registers nothing', async () => {
    await put({ rules: everyDay });
    const day = { doctorId: rahima.id, date: tomorrow };
    expect(await peekDay(env.DB, day)).toMatchObject({ version: await versionOf(), bookable: true });
    expect(await dayRows()).toEqual([]);
    const { db, asks } = countedD1();
    const opened = (await openDay(db, day, nowMs))?.schedule;
    expect(asks).toHaveLength(1);
    expect(opened).toMatchObject({ doctorId: rahima.id, timeZone: 'Asia/Dhaka', rules: everyDay });
    expect(await dayRows()).toMatchObject([{ date: tomorrow, opened: nowMs, scheduleVersion: opened?.version }]);
    await openDay(env.DB, day, nowMs + 1);
    expect(await dayRows()).toMatchObject([{ opened: nowMs }]);
    expect(await openDay(env.DB, { doctorId: 'u_BBBBBBBBBBBBBBBB', date: tomorrow }, nowMs)).toBeNull();
  });

  test('messages for doctors and days that do not exist, and probes, do nothing', async () => {
    const nobody = 'u_BBBBBBBBBBBBBBBB';
    for (const kind of ['schedule_changed', 'reproject', 'index_doctor'] as const) {
      await consumeDayMessage(env, { kind, doctorId: nobody, date: tomorrow });
    }
    await consumeDayMessage(env, { kind: 'schedule_changed', doctorId: rahima.id, date: tomorrow });
    await consumeDayMessage(env, { kind: 'probe' });
    expect(await dayRows()).toEqual([]);
  });
});

describe('the index of coming days', () => {
  test('[SL33] has a row for each day of the booking window, in a constant number of statements', async () => {
    await put({ rules: everyDay, bookingWindowDays: 10 });
    const { db, asks } = countedD1();
    await consumeDayMessage({ ...env, DB: db }, { kind: 'index_doctor', doctorId: rahima.id }, nowMs);
    expect(asks.map((statements) => statements.length)).toEqual([6, 4]);

    const first = localDateOf(nowMs, 'Asia/Dhaka');
    const rows = await dayRows();
    expect(rows.map((row) => row.date)).toEqual(datesBetween(first, addDays(first, 10)));
    expect(rows[1]).toEqual({
      date: addDays(first, 1),
      opened: null,
      scheduleVersion: await versionOf(),
      version: 0,
      remaining: 4,
      first: Date.parse(`${addDays(first, 1)}T09:00+06:00`),
      last: Date.parse(`${addDays(first, 1)}T10:30+06:00`),
    });
  });

  test('[SL33] follows the schedule: rows outside the window go, notice counts, days off have nothing', async () => {
    await put({ rules: everyDay, bookingWindowDays: 20 });
    await index();
    const first = localDateOf(nowMs, 'Asia/Dhaka');
    const off = addDays(first, 3);
    await send('POST', `/doctors/${rahima.id}/time-off`, { as: rahima, body: { from: off, to: off } });
    await put({ rules: everyDay, bookingWindowDays: 5, minimumNoticeMinutes: 43_200 });
    await put({ rules: everyDay, minimumNoticeMinutes: 2_880 });
    await index(Date.parse(`${first}T08:00+06:00`));
    const rows = await dayRows();
    expect(rows).toHaveLength(6);
    expect(rows.map((row) => row.remaining)).toEqual([0, 0, 4, 0, 4, 4]);
  });

  test('[SL34] never touches a day that an object has projected, whether inside the window or out of it', async () => {
    await put({ rules: everyDay, bookingWindowDays: 5 });
    const far = addDays(today, 50);
    for (const date of [tomorrow, far]) {
      await open(date);
      await set(date, 'version = 7, remaining = 1, first_available_at_ms = 11, last_available_at_ms = 12');
    }
    const before = (await dayRows()).filter((row) => row.version === 7);
    await index();
    expect((await dayRows()).filter((row) => row.version === 7)).toEqual(before);
    expect((await dayRows()).length).toBeGreaterThan(2);
  });

  test('[SL34] fills in an opened day until its object has projected, and leaves it stale for the sweep', async () => {
    await open(tomorrow);
    const opened = await versionOf();
    await put({ rules: everyDay });
    await index();
    const row = (await dayRows()).find((row) => row.date === tomorrow);
    expect(row).toMatchObject({ opened: nowMs, scheduleVersion: opened, remaining: 4 });
  });

  test('[SL33] counts out live appointments, not holds that have run out', async () => {
    await put({ rules: everyDay.map((rule) => ({ ...rule, capacity: 2 })) });
    const date = addDays(today, 3);
    const at = (time: string) => Date.parse(`${date}T${time}+06:00`);
    await book(rahima.id, date, at('09:00'), at('09:30'), { status: 'confirmed' });
    await book(rahima.id, date, at('09:30'), at('10:00'), { status: 'pending', expiresAtMs: nowMs - 1 });
    await book(rahima.id, date, at('10:10'), at('10:20'), { status: 'confirmed' });
    await index();
    const row = (await dayRows()).find((row) => row.date === date);
    // 09:00 has one left, 09:30 two, at 10:00 the doctor is busy with a visit of an older schedule, 10:30 has two.
    expect(row).toMatchObject({ remaining: 5, first: at('09:00'), last: at('10:30') });
  });

  test('[SL33] a run that read an older schedule writes nothing', async () => {
    await put({ rules: everyDay });
    let isRead = false;
    const db = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: async (statements: D1PreparedStatement[]) => {
        const read = await env.DB.batch(statements);
        const edit = env.DB.prepare('update doctors set schedule_version = schedule_version + 1 where id = ?');
        if (!isRead) await edit.bind(rahima.id).run();
        isRead = true;
        return read;
      },
    } as D1Database;
    await consumeDayMessage({ ...env, DB: db }, { kind: 'index_doctor', doctorId: rahima.id }, nowMs);
    expect(await dayRows()).toEqual([]);
    await index();
    expect(await dayRows()).not.toEqual([]);
  });

  test('[SL33] a doctor who is not verified has no rows', async () => {
    rahima = await unverifiedDoctor();
    await put({ rules: everyDay });
    await index();
    expect(await dayRows()).toEqual([]);
  });

  test('[SL35] is asked for daily for every verified doctor, and for nobody else', async () => {
    const unverified = await unverifiedDoctor();
    await rollIndex(env);
    expect(sent).toContainEqual({ kind: 'index_doctor', doctorId: rahima.id });
    expect(sent).not.toContainEqual({ kind: 'index_doctor', doctorId: unverified.id });
    const count = await env.DB.prepare('select count(*) as n from doctors where verified_at_ms is not null').first('n');
    expect(sent).toHaveLength(Number(count));
  });
});
