import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { dayOf, eventually, patient, practice, suppressAlarm } from '../../support/clinic.ts';

afterEach(() => vi.useRealTimers());

/** Moves the clock of the Worker and of its objects, which share this isolate. Timers go on in real time. */
const minutesLater = (minutes: number): void => {
  const nowMs = Date.now() + minutes * 60_000;
  vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
};

test('[DD2] [DD3] [DD4] a hold runs out without its alarm: the seat is free, and the late confirmation refused', async () => {
  const { slot } = await practice();
  const wanted = await slot('09:00');
  const [nadia, karim] = [await patient(), await patient()];
  const hold = await nadia.holds(wanted);
  expect(hold.status).toBe(201);
  expect(hold.body.status).toBe('pending');
  expect(Date.parse(hold.body.expiresAt) - Date.parse(hold.body.createdAt)).toBe(300_000);
  expect((await karim.holds(wanted)).body.code).toBe('slot_full');

  minutesLater(5);
  await suppressAlarm(dayOf(wanted));
  await evictDurableObject(dayOf(wanted));

  expect((await nadia.reads(hold.body.id)).body.status).toBe('expired');
  expect((await karim.holds(wanted)).status).toBe(201);
  const late = await nadia.confirms(hold.body.id);
  expect(late.status).toBe(409);
  expect(late.body.code).toBe('hold_expired');
});

test('[DD4] the alarm writes the expiry down, and D1 shows it', async () => {
  const { slot } = await practice();
  const wanted = await slot('09:00');
  const nadia = await patient();
  const hold = await nadia.holds(wanted);

  minutesLater(6);
  await runDurableObjectAlarm(dayOf(wanted));

  const row = await eventually(
    () => env.DB.prepare('SELECT status, seat FROM appointments WHERE id = ?').bind(hold.body.id).first(),
    (found) => found?.status === 'expired',
  );
  expect(row?.seat).toBeNull();
  expect((await nadia.lists('?status=expired')).body.items[0].id).toBe(hold.body.id);
});

test('[DD34] the next request arms a lost alarm again', async () => {
  const { slot } = await practice();
  const wanted = await slot('09:00');
  const nadia = await patient();
  await nadia.holds(wanted);
  await suppressAlarm(dayOf(wanted));
  await evictDurableObject(dayOf(wanted));

  await (await patient()).holds(await slot('09:30'));

  expect(await runDurableObjectAlarm(dayOf(wanted))).toBe(true);
});
