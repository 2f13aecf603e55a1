import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { addDays, utcDate } from '../../../src/domain/local-date.ts';
import { actor, dayOf, eventually, everyDay, patient, practice, suppressAlarm } from '../../support/clinic.ts';
import { patient as account } from '../../support/people.ts';
import { type Watcher, watches } from '../../support/watching.ts';

type Practice = Awaited<ReturnType<typeof practice>>;
let clinic: Practice;
let days = 3;
/** A date that no test has used yet. */
const freshDate = () => {
  days += 1;
  return addDays(utcDate(Date.now()), days);
};
const watching = (date: string): Promise<Watcher> => watches(clinic.doctor.id, date);

beforeAll(async () => {
  clinic = await practice();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('[LV1] [LV2] two watch a day: what one books and leaves, both are told, and nothing else', async () => {
  const date = freshDate();
  const [nine, half] = [await clinic.slot('09:00', date), await clinic.slot('09:30', date)];
  const [one, other] = [await watching(date), await watching(date)];
  const all = await one.next();
  expect(all.type).toBe('all');
  expect(all.slots.map(({ id, remaining }) => [id, remaining])).toEqual(
    (await clinic.slotsOn(date)).map(({ id, remaining }) => [id, remaining]),
  );
  await other.next();

  const nadia = await patient();
  const held = await nadia.holds(nine);
  const told = { type: 'changed', slots: [{ ...all.slots[0], remaining: 0 }] };
  expect(await one.next()).toEqual(told);
  expect(await other.next()).toEqual(told);

  // Confirming takes no more than holding has taken: the next message is of what comes after.
  await nadia.confirms(held.body.id);
  await nadia.moves(held.body.id, half);
  const moved = await one.next();
  expect(moved.slots.map(({ id, remaining }) => [id, remaining])).toEqual([
    [nine, 1],
    [half, 0],
  ]);
  await nadia.cancels(held.body.id);
  expect((await one.next()).slots.map(({ id, remaining }) => [id, remaining])).toEqual([[half, 1]]);
  expect(other.messages).toEqual(one.messages);
});

test('[LV1] whoever comes later is told the day as it is then', async () => {
  const date = freshDate();
  const nine = await clinic.slot('09:00', date);
  await (await patient()).holds(nine);
  expect((await (await watching(date)).next()).slots.find(({ id }) => id === nine)?.remaining).toBe(0);
});

test('[LV2] [LV5] it stays through the sleep of the object, and is told of an expiry by alarm', async () => {
  const date = freshDate();
  const nine = await clinic.slot('09:00', date);
  const watcher = await watching(date);
  await (await patient()).holds(nine);
  await eventually(
    async () => watcher.remaining().get(nine),
    (left) => left === 0,
  );
  await evictDurableObject(dayOf(nine));

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
  await runDurableObjectAlarm(dayOf(nine));
  await eventually(
    async () => watcher.remaining().get(nine),
    (left) => left === 1,
  );
  expect(watcher.messages.at(-1)?.type).toBe('all');
});

test('[LV2] what only the clock has freed is told to those who were there before, too', async () => {
  const date = freshDate();
  const nine = await clinic.slot('09:00', date);
  const first = await watching(date);
  await (await patient()).holds(nine);
  await eventually(
    async () => first.remaining().get(nine),
    (left) => left === 0,
  );
  await suppressAlarm(dayOf(nine));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
  const second = await watching(date);
  expect((await second.next()).slots.find(({ id }) => id === nine)?.remaining).toBe(1);
  await eventually(
    async () => first.remaining().get(nine),
    (left) => left === 1,
  );
  // Taken again, by whoever was quickest: both hear of it.
  await (await patient()).holds(nine);
  await eventually(
    async () => [first, second].map((one) => one.remaining().get(nine)),
    ([a, b]) => a === 0 && b === 0,
  );
});

test('[LV2] a seat that goes to somebody who waits is told to nobody as free', async () => {
  const date = freshDate();
  const [nine, half] = [await clinic.slot('09:00', date), await clinic.slot('09:30', date)];
  const [owner, waiting] = [await patient(), actor(await account('Karim Uddin'))];
  const [first, second] = [await owner.holds(nine), await owner.holds(half)];
  const wish = { doctorId: clinic.doctor.id, from: date, to: date };
  expect((await waiting.act('POST', '/waitlist', wish)).status).toBe(201);
  await eventually(
    () =>
      runInDurableObject(dayOf(nine), (_, { storage }) =>
        storage.sql.exec(`SELECT 1 FROM records WHERE kind = 'waiting' AND instr(value, '"w_') > 0`).toArray(),
      ),
    (rows) => rows.length > 0,
  );
  const watcher = await watching(date);
  await owner.cancels(first.body.id);
  await owner.cancels(second.body.id);
  await eventually(
    async () => watcher.remaining().get(half),
    (left) => left === 1,
  );
  expect(
    watcher.messages.flatMap(({ slots }) => slots).filter(({ id, remaining }) => id === nine && remaining > 0),
  ).toEqual([]);
});

test('[LV2] an edit of the schedule is told: slots that are no longer offered, and new ones', async () => {
  const other = await practice();
  const [nine, last] = [await other.slot('09:00'), await other.slot('11:30')];
  await (await patient()).holds(nine);
  const watcher = await watches(other.doctor.id, other.date);
  await watcher.next();
  await other.setSchedule(everyDay({ start: '10:00', end: '13:00', slotMinutes: 60, mode: 'video' }));
  const { type, slots } = await watcher.next();
  expect([type, slots.find(({ id }) => id === last)?.remaining]).toEqual(['changed', 0]);
  expect(slots.filter(({ remaining }) => remaining > 0).map(({ mode }) => mode)).toEqual(['video', 'video', 'video']);
  const now = (await other.slotsOn()).map(({ id, remaining }) => [id, remaining]);
  expect([...watcher.remaining()].filter(([, left]) => left > 0)).toEqual(now);
});
