import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { database } from '../../src/db/client.ts';
import { nextAvailable } from '../../src/doctor-days/availability-query.ts';
import { addDays, type LocalDate } from '../../src/domain/local-date.ts';
import { localDateOf } from '../../src/domain/zoned-time.ts';
import { send } from '../support/api.ts';
import { countedD1 } from '../support/counted-d1.ts';
import { interceptDayQueue } from '../support/day-queue.ts';
import { edge } from '../support/edge.ts';
import { admin, doctor, type Person, unverifiedDoctor } from '../support/people.ts';
import { book } from '../support/projected.ts';

interface Availability {
  doctorId: string;
  timeZone: string;
  days: { date: string; slots: number; remaining: number; firstAvailableAt: string | null }[];
}

const everyDay = (start: string, end: string, capacity = 1) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start, end, slotMinutes: 30, mode: 'video', capacity }));

let boss: Person;
let rahima: Person;
/** Today in Dhaka, where Dr Rahima works from nine to eleven, two patients a slot. */
let today: LocalDate;
const day = (days: number) => addDays(today, days);
const at = (date: string, time: string) => Date.parse(`${date}T${time}+06:00`);

const ask = (id: string, from: string, to: string, headers: Record<string, string> = {}) =>
  send('GET', `/doctors/${id}/availability?from=${from}&to=${to}`, { headers });
const availability = async (from: string, to: string, id = rahima.id) => (await ask(id, from, to)).json<Availability>();
const put = (who: Person, body: unknown) => send('PUT', `/doctors/${who.id}/schedule`, { as: who, body });

beforeAll(async () => {
  boss = await admin();
});
beforeEach(async () => {
  interceptDayQueue();
  rahima = await doctor({}, undefined, boss);
  today = localDateOf(Date.now(), 'Asia/Dhaka');
  await put(rahima, { rules: everyDay('09:00', '11:00', 2), bookingWindowDays: 30 });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('availability of many days', () => {
  test('[SL36] shows each date with its slots, free seats and first free time', async () => {
    expect(await availability(day(1), day(2))).toEqual({
      doctorId: rahima.id,
      timeZone: 'Asia/Dhaka',
      days: [day(1), day(2)].map((date) => ({
        date,
        slots: 4,
        remaining: 8,
        firstAvailableAt: new Date(at(date, '09:00')).toISOString(),
      })),
    });
  });

  test('[SL36] shows the free slots of each date to who asks for them', async () => {
    await book(rahima.id, day(1), at(day(1), '09:00'), at(day(1), '09:30'), { status: 'confirmed' });
    const { days } = await (
      await send('GET', `/doctors/${rahima.id}/availability?from=${day(1)}&to=${day(1)}&include=slots`)
    ).json<{
      days: { freeSlots: unknown[] }[];
    }>();
    const strong = await (await send('GET', `/doctors/${rahima.id}/slots?date=${day(1)}`)).json<{
      slots: { id: string }[];
    }>();
    expect(days[0]?.freeSlots).toEqual(
      strong.slots.map(({ id }, i) => ({
        id,
        startsAt: new Date(at(day(1), '09:00') + i * 1_800_000).toISOString(),
        endsAt: new Date(at(day(1), '09:30') + i * 1_800_000).toISOString(),
        remaining: i === 0 ? 1 : 2,
        mode: 'video',
        clinicId: null,
      })),
    );
  });

  test('[SL36] asks D1 once, however many days', async () => {
    const { db, asks } = countedD1();
    for (const to of [day(0), day(61)]) {
      await edge({ DB: db }).ask(`/api/v1/doctors/${rahima.id}/availability?from=${day(0)}&to=${to}`);
    }
    expect(asks.map((statements) => statements.length)).toEqual([6, 6]);
  });

  test('[SL36] counts out what is booked, but not holds that have run out', async () => {
    const date = day(3);
    await book(rahima.id, date, at(date, '09:00'), at(date, '09:30'), { status: 'confirmed' });
    await book(rahima.id, date, at(date, '09:30'), at(date, '10:00'), { status: 'pending', expiresAtMs: 1 });
    await book(rahima.id, date, at(date, '10:00'), at(date, '10:30'), {
      status: 'pending',
      expiresAtMs: Date.now() + 60_000,
    });
    await book(rahima.id, date, at(date, '10:25'), at(date, '10:40'), { status: 'confirmed' });
    // 09:00 one, 09:30 two; 10:00 and 10:30 overlap a visit of an older schedule.
    expect((await availability(date, date)).days).toMatchObject([{ slots: 4, remaining: 3 }]);
  });

  test('[SL36] sees a booking of the night before that reaches into the date', async () => {
    await put(rahima, { rules: everyDay('00:00', '01:00') });
    await book(rahima.id, day(3), at(day(3), '23:45'), at(day(4), '00:15'), { status: 'confirmed' });
    const { days } = await availability(day(4), day(4));
    expect(days[0]).toMatchObject({ slots: 2, remaining: 1 });
    expect(days[0]?.firstAvailableAt).toBe(new Date(at(day(4), '00:30')).toISOString());
  });

  test('[SL12] dates before today and after the booking window offer nothing', async () => {
    const past = await availability(day(-3), day(-1));
    expect(past.days.map(({ slots, remaining }) => [slots, remaining])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const edge = await availability(day(30), day(31));
    expect(edge.days.map((d) => d.slots)).toEqual([4, 0]);
    expect(edge.days[1]?.firstAvailableAt).toBeNull();
  });

  test('[SL13] slots within the minimum notice are shown without free seats', async () => {
    await put(rahima, { rules: everyDay('09:00', '11:00'), minimumNoticeMinutes: 43_200 });
    expect((await availability(day(5), day(5))).days).toMatchObject([
      { slots: 4, remaining: 0, firstAvailableAt: null },
    ]);
  });

  test('[SL9] time off and sessions show at once', async () => {
    const path = `/doctors/${rahima.id}`;
    await send('POST', `${path}/time-off`, { as: rahima, body: { from: day(2), to: day(3) } });
    const session = { date: day(4), start: '18:00', end: '19:00', slotMinutes: 30, mode: 'video' };
    await send('POST', `${path}/sessions`, { as: rahima, body: { sessions: [session] } });
    expect((await availability(day(1), day(4))).days.map((d) => d.slots)).toEqual([4, 0, 0, 6]);
  });

  test('[SL3] dates are those of the doctor’s zone, east and west of UTC', async () => {
    for (const [timeZone, offset] of [
      ['Pacific/Kiritimati', '+14:00'],
      ['Pacific/Honolulu', '-10:00'],
      ['Asia/Kathmandu', '+05:45'],
    ] as const) {
      const far = await doctor({ timeZone }, undefined, boss);
      await put(far, { rules: everyDay('09:00', '09:30') });
      const date = addDays(localDateOf(Date.now(), timeZone), 1);
      expect((await availability(date, date, far.id)).days).toEqual([
        { date, slots: 1, remaining: 1, firstAvailableAt: new Date(`${date}T09:00${offset}`).toISOString() },
      ]);
    }
  });

  test('[SL37] at most 62 days, in order, and real dates; the field is named', async () => {
    expect((await ask(rahima.id, day(0), day(61))).status).toBe(200);
    for (const [from, to] of [
      [day(0), day(62)],
      [day(1), day(0)],
      [day(0), '2026-02-30'],
      [day(0), ''],
    ] as const) {
      const response = await ask(rahima.id, from, to);
      expect(response.status).toBe(400);
      const problem = await response.json<{ code: string; errors: { path: string }[] }>();
      expect([problem.code, problem.errors[0]?.path]).toEqual(['invalid_request', 'query.to']);
    }
    expect((await send('GET', `/doctors/${rahima.id}/availability?from=${today}`)).status).toBe(400);
  });

  test('[SL38] a doctor who is not verified, and one who does not exist, are not found', async () => {
    const unverified = await unverifiedDoctor();
    for (const id of [unverified.id, boss.id, 'u_AAAAAAAAAAAAAAAA', 'nonsense']) {
      expect((await ask(id, today, today)).status).toBe(404);
    }
  });

  test('an unchanged answer is 304', async () => {
    const etag = (await ask(rahima.id, day(1), day(2))).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    const again = await ask(rahima.id, day(1), day(2), { 'if-none-match': etag });
    expect(again.status).toBe(304);
    await put(rahima, { rules: [] });
    expect((await ask(rahima.id, day(1), day(2), { 'if-none-match': etag })).status).toBe(200);
  });
});

describe('the next free time', () => {
  test('[SL39] of many doctors in one batch, within 14 days, verified ones only', async () => {
    const now = Date.now();
    const [busy, idle, unverified] = [
      await doctor({}, undefined, boss),
      await doctor({}, undefined, boss),
      await unverifiedDoctor(),
    ];
    for (const who of [busy, unverified]) await put(who, { rules: everyDay('09:00', '10:00') });
    const off = { from: day(0), to: day(4) };
    await send('POST', `/doctors/${busy.id}/time-off`, { as: busy, body: off });
    await book(busy.id, day(5), at(day(5), '09:00'), at(day(5), '09:30'), { status: 'confirmed' });
    const { db, asks } = countedD1();
    const found = await nextAvailable(database(db), [rahima.id, busy.id, idle.id, unverified.id], now, 2);
    expect(asks).toHaveLength(1);
    expect(found.get(busy.id)).toEqual([
      { date: day(5), startsAtMs: at(day(5), '09:30') },
      { date: day(6), startsAtMs: at(day(6), '09:00') },
    ]);
    expect(found.get(rahima.id)?.[0].startsAtMs).toBeLessThanOrEqual(at(day(1), '09:00'));
    expect([...found.keys()].sort()).toEqual([rahima.id, busy.id].sort());

    await send('POST', `/doctors/${busy.id}/time-off`, { as: busy, body: { from: day(5), to: day(14) } });
    expect((await nextAvailable(database(env.DB), [busy.id], now, 1)).size).toBe(0);
    expect((await nextAvailable(database(env.DB), [], now, 1)).size).toBe(0);
  });
});
