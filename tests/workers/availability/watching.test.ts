import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { maxWatchers } from '../../../durable-objects/watchers.ts';
import { addDays, utcDate } from '../../../src/domain/local-date.ts';
import { dayOf, eventually, patient, practice, stubOf } from '../../support/clinic.ts';
import { edge, production } from '../../support/edge.ts';
import { unverifiedDoctor } from '../../support/people.ts';
import { asksToWatch, watches } from '../../support/watching.ts';

let clinic: Awaited<ReturnType<typeof practice>>;
const upgrade = { upgrade: 'websocket' };
const address = () => `/api/v1/doctors/${clinic.doctor.id}/slots/live?date=${clinic.date}`;
const codeOf = async (answer: Response) => [answer.status, (await answer.json<{ code: string }>()).code];

beforeAll(async () => {
  clinic = await practice();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/**
 * What doing something asks D1. It is done up to five times: queues and days of other tests ask in the meantime, which only
 * adds to it.
 */
const leastAsked = async (does: () => Promise<unknown>, isCounted = /./): Promise<string[]> => {
  let least: string[] = [];
  for (let tries = 0; tries < 5; tries += 1) {
    const asked = vi.spyOn(env.DB, 'prepare');
    await does();
    least = asked.mock.calls.map(([sql]) => sql).filter((sql) => isCounted.test(sql));
    asked.mockRestore();
    if (least.length === 0) break;
  }
  return least;
};

test('[LV3] nothing is said of who books, nor anything that a stranger may not know', async () => {
  const watcher = await watches(clinic.doctor.id, clinic.date, { authorization: `Bearer ${clinic.doctor.token}` });
  const nadia = await patient();
  const held = await nadia.holds(await clinic.slot('10:00'), { reason: 'Palpitations' });
  await watcher.next();
  await watcher.next();
  const text = watcher.texts.join('\n');
  for (const secret of [nadia.id, held.body.id, 'Palpitations', 'pending', clinic.doctor.id]) {
    expect(text).not.toContain(secret);
  }
  const fields = watcher.messages.flatMap(({ slots }) => slots.flatMap(Object.keys));
  expect([...new Set(fields)]).toEqual(['id', 'startsAt', 'endsAt', 'remaining', 'mode', 'clinicId']);
  await nadia.cancels(held.body.id);
});

test('[LV4] [LV5] watching a day that nobody booked stores nothing and asks D1 once; a ping wakes nobody', async () => {
  const date = addDays(clinic.date, 1);
  const watcher = await watches(clinic.doctor.id, date);
  await watcher.next();
  const day = stubOf({ doctorId: clinic.doctor.id, date });
  await evictDurableObject(day);
  const pongs = () => watcher.texts.filter((text) => text === 'pong').length;
  const pings = async () => {
    const before = pongs();
    watcher.socket.send('ping');
    await eventually(
      async () => pongs(),
      (count) => count > before,
    );
  };
  // A day that wakes asks for the schedule.
  expect(await leastAsked(pings)).toEqual([]);
  const tables = await runInDurableObject(day, (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
  );
  expect(tables).toEqual([]);
  // The first booking opens the day, and is told.
  const nine = await clinic.slot('09:00', date);
  await (await patient()).holds(nine);
  await eventually(
    async () => watcher.remaining().get(nine),
    (left) => left === 0,
  );
});

test('[LV4] a booking that is watched writes no more than another, and reads nothing from D1', async () => {
  const date = addDays(clinic.date, 2);
  const [first, second, third, ...rest] = await clinic.slotsOn(date);
  await (await patient()).holds(first?.id ?? '');
  const day = dayOf(first?.id ?? '');
  const writtenBy = async (slotId: string): Promise<number> => {
    const who = await patient();
    const total = () =>
      runInDurableObject(day, (_, { storage }) => storage.sql.exec('SELECT max(seq) AS n FROM events').one().n);
    const before = Number(await total());
    await who.holds(slotId);
    return Number(await total()) - before;
  };
  const unwatched = await writtenBy(second?.id ?? '');
  const watcher = await watches(clinic.doctor.id, date);
  expect(await writtenBy(third?.id ?? '')).toBe(unwatched);
  const free = [...rest];
  const holds = async () => (await patient()).holds(free.shift()?.id ?? '');
  expect(await leastAsked(holds, /^\s*select\b.*\b(weekly_rules|doctor_days|appointments)\b/is)).toEqual([]);
  await eventually(
    async () => watcher.remaining().get(third?.id ?? ''),
    (left) => left === 0,
  );
});

test('[LV6] whoever says something is sent away: 1008 for text, 1003 for bytes', async () => {
  const [talker, sender, listener] = [
    await watches(clinic.doctor.id, clinic.date),
    await watches(clinic.doctor.id, clinic.date),
    await watches(clinic.doctor.id, clinic.date),
  ];
  talker.socket.send('{"subscribe":"everything"}');
  sender.socket.send(new Uint8Array([1, 2, 3]));
  expect(await Promise.all([talker.closed, sender.closed])).toEqual([1008, 1003]);
  await (await patient()).holds(await clinic.slot('11:00'));
  await listener.next();
  expect((await listener.next()).slots).toHaveLength(1);
});

test('[LV6] one more than can watch is refused, and may when another has left', async () => {
  const date = addDays(clinic.date, 3);
  const day = stubOf({ doctorId: clinic.doctor.id, date });
  const watcher = await watches(clinic.doctor.id, date);
  await runInDurableObject(day, (_, ctx) => {
    const sockets = ctx.getWebSockets();
    vi.spyOn(ctx, 'getWebSockets').mockImplementation(() => Array(maxWatchers).fill(sockets[0]));
  });
  expect(await codeOf(await asksToWatch(clinic.doctor.id, date))).toEqual([503, 'too_many_watchers']);
  vi.restoreAllMocks();
  watcher.socket.close();
  expect((await asksToWatch(clinic.doctor.id, date)).status).toBe(101);
});

test('[LV7] refuses what the slots of the day refuse, and a request that does not upgrade', async () => {
  const { id } = clinic.doctor;
  expect(await codeOf(await asksToWatch(`u_${'A'.repeat(16)}`, clinic.date))).toEqual([404, 'not_found']);
  expect(await codeOf(await asksToWatch('x', clinic.date))).toEqual([404, 'not_found']);
  expect(await codeOf(await asksToWatch((await unverifiedDoctor()).id, clinic.date))).toEqual([404, 'not_found']);
  for (const days of [-2, 400]) {
    const date = addDays(utcDate(Date.now()), days);
    expect(await codeOf(await asksToWatch(id, date))).toEqual([422, 'outside_booking_window']);
  }
  expect(await codeOf(await asksToWatch(id, '2026-02-30'))).toEqual([400, 'invalid_request']);
  const plain = await edge().ask(address());
  expect(plain.headers.get('upgrade')).toBe('websocket');
  expect(await codeOf(plain)).toEqual([426, 'upgrade_required']);
});

test('[LV8] a page of another origin watches only when it is listed; the limit of free times counts', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const listed = edge({ ...production, CORS_ORIGINS: 'https://app.example', RATE_LIMIT_SLOTS: '4/60' });
  const ask = (origin: string | null, from = '192.0.2.1') =>
    listed.ask(address(), { scheme: 'https', from, headers: { ...upgrade, ...(origin === null ? {} : { origin }) } });
  for (const origin of [null, 'https://daybook.test', 'https://app.example']) {
    expect((await ask(origin)).status).toBe(101);
  }
  expect(await codeOf(await ask('https://evil.example'))).toEqual([403, 'cross_site']);
  expect(await codeOf(await ask(null))).toEqual([429, 'rate_limited']);
  expect(await codeOf(await ask('null', '192.0.2.2'))).toEqual([403, 'cross_site']);
  expect(await codeOf(await ask('http://daybook.test', '192.0.2.2'))).toEqual([403, 'cross_site']);
});

test('[LV9] a day that is cleaned away sends its watchers away', async () => {
  const date = addDays(clinic.date, 4);
  const nine = await clinic.slot('09:00', date);
  const nadia = await patient();
  const held = await nadia.holds(nine);
  const watcher = await watches(clinic.doctor.id, date);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(held.body.startsAt) + 40 * 86_400_000 });
  let code: number | null = null;
  void watcher.closed.then((closed) => {
    code = closed;
  });
  await eventually(
    async () => {
      await runDurableObjectAlarm(dayOf(nine));
      return code;
    },
    (closed) => closed === 1001,
  );
});
