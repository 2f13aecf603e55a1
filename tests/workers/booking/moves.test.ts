import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { parseAppointmentId } from '../../../src/domain/ids.ts';
import { addDays } from '../../../src/domain/local-date.ts';
import type { DoctorDay } from '../../../src/worker.ts';
import { dayOf, eventually, patient, practice, stubOf } from '../../support/clinic.ts';

const liveStatuses = ['pending', 'awaiting_approval', 'confirmed'];

/** The appointment's record in an object, if it has any storage at all. */
const recordsOf = (state: DurableObjectState, id: string): { value: string }[] => {
  const { sql } = state.storage;
  if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'records'").toArray().length === 0) return [];
  return sql.exec<{ value: string }>("SELECT value FROM records WHERE kind = 'appointment' AND id = ?", id).toArray();
};

/** How many doctor-days hold this appointment as live, by their own storage. */
const holders = async (id: string, slots: readonly string[]): Promise<number> => {
  const held = await Promise.all(
    slots.map((slot) =>
      runInDurableObject(dayOf(slot), (_, state) =>
        recordsOf(state, id).filter((row) => liveStatuses.includes(JSON.parse(row.value).status)),
      ),
    ),
  );
  return held.flat().length;
};

test('[DD15] [DD18] an appointment moves to another day and doctor, back, and on; its id always finds it in one hop', async () => {
  const [heart, skin] = [await practice(), await practice()];
  const nadia = await patient();
  const hold = await nadia.holds(await heart.slot('09:00'));
  const { id } = hold.body;
  await nadia.confirms(id);
  const next = addDays(heart.date, 1);
  const places = [
    await heart.slot('10:00', next),
    await skin.slot('11:00'),
    await heart.slot('09:30'),
    await skin.slot('09:00', next),
  ];
  for (const place of places) {
    const moved = await nadia.moves(id, place);
    expect(moved.body).toMatchObject({ id, slotId: place, status: 'confirmed', calendarUid: hold.body.calendarUid });
    expect((await nadia.reads(id)).body).toMatchObject({ slotId: place });
  }
  expect((await heart.slotsOn()).every((slot) => slot.remaining === 1)).toBe(true);
  const home = parseAppointmentId(id);
  const hop = await runInDurableObject(stubOf(home as NonNullable<typeof home>), (_, state) =>
    JSON.parse(
      state.storage.sql.exec<{ value: string }>("SELECT value FROM records WHERE kind = 'forward'").one().value,
    ),
  );
  expect(hop.to).toEqual({ doctorId: skin.doctor.id, date: next });

  const row = await eventually(
    () => env.DB.prepare('SELECT doctor_id, date, seat FROM appointments WHERE id = ?').bind(id).first(),
    (found) => found?.doctor_id === skin.doctor.id && found.date === next && found.seat === 1,
  );
  expect(row).toEqual({ doctor_id: skin.doctor.id, date: next, seat: 1 });
  expect((await heart.doctor.reads(id)).status).toBe(404);
  expect((await skin.doctor.reads(id)).status).toBe(200);
});

test('[DD15] a move to a full slot is refused and changes nothing', async () => {
  const { slot, date } = await practice();
  const [nadia, karim] = [await patient(), await patient()];
  const there = await slot('09:00', addDays(date, 1));
  await karim.holds(there);
  const hold = await nadia.holds(await slot('09:00'));
  const refused = await nadia.moves(hold.body.id, there);
  expect(refused.status).toBe(409);
  expect(refused.body.code).toBe('slot_full');
  expect((await nadia.confirms(hold.body.id)).body.status).toBe('confirmed');
});

const steps = [
  'reserveSeat:before',
  'reserveSeat:after',
  'arrive:before',
  'arrive:after',
  'forward:before',
  'forward:after',
];

test.for(steps)('[DD15] [DD16] a crash at %s of a move leaves exactly one live appointment', async (step) => {
  const [heart, skin] = [await practice(), await practice()];
  const nadia = await patient();
  const hold = await nadia.holds(await heart.slot('09:00'));
  const { id } = hold.body;
  await nadia.confirms(id);
  // The first move makes the day that the id names a third party, so that every step of the second exists.
  const second = await heart.slot('09:00', addDays(heart.date, 1));
  await nadia.moves(id, second);
  const third = await skin.slot('10:00');
  const days = [hold.body.slotId, second, third];

  const [call, when] = step.split(':') as [string, string];
  await runInDurableObject(dayOf(second), (instance, state) => crashAt(instance, state, call, when));
  const answer = await nadia.moves(id, third);

  for (let round = 0; round < 4; round += 1) {
    for (const day of days) await runDurableObjectAlarm(dayOf(day));
  }
  await eventually(
    () => holders(id, days),
    (count) => count === 1,
  );
  const found = await nadia.reads(id);
  expect(found.body.status).toBe('confirmed');
  expect([second, third]).toContain(found.body.slotId);
  if (answer.status === 200) expect(found.body.slotId).toBe(third);
  const occupied = (await Promise.all([heart.slotsOn(), heart.slotsOn(addDays(heart.date, 1)), skin.slotsOn()]))
    .flat()
    .filter((slot) => slot.remaining === 0);
  expect(occupied.map((slot) => slot.id)).toEqual([found.body.slotId]);
  await evictDurableObject(dayOf(third));
  expect((await nadia.reads(id)).body.slotId).toBe(found.body.slotId);
});

/** The object dies at one of its calls to another day: before the call leaves, or before its answer arrives. */
const crashAt = (instance: DoctorDay, state: DurableObjectState, call: string, when: string): void => {
  const { peer } = instance;
  instance.peer = (day) =>
    new Proxy(peer(day), {
      get:
        (target, name) =>
        async (...args: unknown[]) => {
          // Called on the stub itself: its methods are made by the platform as they are asked for.
          const pass = () =>
            (target as unknown as Record<PropertyKey, (...all: unknown[]) => unknown>)[name]?.(...args);
          if (name !== call) return pass();
          if (when === 'after') await pass();
          state.abort('crashed by the test');
          return new Promise(() => {});
        },
    });
};
