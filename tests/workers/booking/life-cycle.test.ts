import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import { dayOf, eventually, patient, practice, signedIn } from '../../support/clinic.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const tablesOf = (slotId: string): Promise<number> =>
  runInDurableObject(
    dayOf(slotId),
    (_, state) =>
      state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray()
        .length,
  );

test('[DD32] browsing and refused requests create no storage', async () => {
  const { slot, slotsOn } = await practice();
  const wanted = await slot('09:00');
  await slotsOn();
  expect((await (await patient()).holds(wanted, { mode: 'video' })).body.code).toBe('mode_unavailable');
  expect(await tablesOf(wanted)).toBe(0);
});

test('[DD33] a long-past day deletes its storage once D1 holds it all; history answers from D1 and stays closed', async () => {
  const { slot, doctor } = await practice();
  const wanted = await slot('09:00');
  const nadia = await patient();
  const hold = await nadia.holds(wanted, { reason: 'Check-up' });
  await nadia.confirms(hold.body.id);
  expect(await tablesOf(wanted)).toBeGreaterThan(0);

  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(hold.body.startsAt) + 40 * 86_400_000 });
  vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
    throw new Error('D1_ERROR: the database is out of reach');
  });
  await runDurableObjectAlarm(dayOf(wanted));
  expect(await tablesOf(wanted)).toBeGreaterThan(0);
  vi.restoreAllMocks();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(hold.body.startsAt) + 40 * 86_400_000 });

  await eventually(
    async () => {
      await runDurableObjectAlarm(dayOf(wanted));
      return tablesOf(wanted);
    },
    (tables) => tables === 0,
  );
  await evictDurableObject(dayOf(wanted));
  const later = await signedIn(nadia.id, 'patient');
  expect((await later.reads(hold.body.id)).body).toMatchObject({ status: 'confirmed', reason: 'Check-up' });
  expect((await later.holds(wanted)).body.code).toBe('outside_booking_window');
  const history = await (await signedIn(doctor.id, 'doctor')).completes(hold.body.id);
  expect(history.body).toMatchObject({ code: 'invalid_transition', detail: 'The appointment is history.' });
  expect((await (await patient()).reads(hold.body.id)).status).toBe(404);
  expect(await tablesOf(wanted)).toBe(0);
});

test('[DD35] patients’ words are sealed in the object and in D1, and an admin does not see them', async () => {
  const { slot, admin, doctor } = await practice();
  const nadia = await patient();
  const wanted = await slot('09:00');
  const hold = await nadia.holds(wanted, { reason: 'canary-reason', symptoms: 'canary-symptoms' });
  await doctor.cancels(hold.body.id, 'canary-cancelled');
  const stored = await runInDurableObject(dayOf(wanted), (_, state) =>
    JSON.stringify([
      state.storage.sql.exec('SELECT * FROM records').toArray(),
      state.storage.sql.exec('SELECT * FROM events').toArray(),
      state.storage.sql.exec('SELECT * FROM answers').toArray(),
    ]),
  );
  expect(stored).not.toContain('canary');
  const row = await eventually(
    () => env.DB.prepare('SELECT * FROM appointments WHERE id = ?').bind(hold.body.id).first(),
    (found) => found?.status === 'cancelled',
  );
  expect(JSON.stringify(row)).not.toContain('canary');
  expect(row?.reason).toMatch(/^v2\./);
  expect((await nadia.reads(hold.body.id)).body).toMatchObject({
    reason: 'canary-reason',
    symptoms: 'canary-symptoms',
    statusReason: 'canary-cancelled',
  });
  expect(JSON.stringify((await admin.reads(hold.body.id)).body)).not.toContain('canary');
});
