import { expect, test, vi } from 'vitest';
import { peekDay } from '../../../src/doctor-days/schedule-query.ts';
import { at } from '../../support/day-story.ts';
import { clinic, monday, read, told, tuesdayElsewhere, Visitor } from '../../support/sim/clinic.ts';
import type { EngineWorld } from '../../support/sim/engine-world.ts';

const clinicId = 'c_AAAAAAAAAAAAAAAA';

/** A clinic with one room; every slot of the first doctor requires some kinds. */
const withRoom = (requires: readonly string[]): EngineWorld => {
  const world = clinic();
  world.d1.rows(
    `INSERT INTO clinics (id, name, address, city, country, time_zone, created_at_ms) VALUES (?, 'C', 'A', 'D', 'BD', 'UTC', 0)`,
    clinicId,
  );
  world.d1.rows(
    `INSERT INTO clinic_resources (id, clinic_id, kind, name, active, created_at_ms) VALUES ('r1', ?, 'room', 'Room 1', 1, 0)`,
    clinicId,
  );
  ask(world, requires);
  return world;
};

const ask = ({ d1 }: EngineWorld, requires: readonly string[]): void => {
  d1.rows(
    'UPDATE weekly_rules SET clinic_id = ?, requires = ? WHERE doctor_id = ?',
    clinicId,
    JSON.stringify(requires),
    monday.doctorId,
  );
  d1.rows('UPDATE doctors SET schedule_version = schedule_version + 1 WHERE id = ?', monday.doctorId);
};

/** Edits the schedule, and lets the day know. */
const edit = async (world: EngineWorld, requires: readonly string[]): Promise<void> => {
  ask(world, requires);
  const schedule = await peekDay(world.d1.binding, monday);
  if (schedule !== null) await world.ask(monday, (engine) => engine.schedules.apply(schedule));
};

/** For whom the clinic keeps the room, by the start of the time. */
const kept = ({ roomDisk }: EngineWorld): number[] =>
  roomDisk.isEmpty()
    ? []
    : roomDisk.sql
        .exec('SELECT starts_at_ms AS at FROM held ORDER BY at')
        .toArray()
        .map(({ at: ms }) => ms as number);

test('[RM15] a slot that requires nothing asks no clinic, and one that is full asks none either', async () => {
  const plain = withRoom([]);
  const rooms = vi.spyOn(plain, 'rooms');
  await new Visitor(plain, 'amina').books(monday, '09:00');
  expect(rooms).not.toHaveBeenCalled();

  const world = withRoom(['room']);
  await new Visitor(world, 'amina').books(monday, '09:00');
  const asked = vi.spyOn(world, 'rooms');
  expect(told(await new Visitor(world, 'babul').holds(monday, '09:00'))).toBe('refused: slot_full');
  expect(asked).not.toHaveBeenCalled();
});

test('[RM16] a hold comes to no day on which its patient has as many as they may, and no clinic is asked', async () => {
  const world = withRoom(['room']);
  const amina = new Visitor(world, 'amina');
  for (const time of ['09:00', '10:00', '11:00']) expect(told(await amina.holds(monday, time))).toBe('pending');
  const held = await amina.holds(tuesdayElsewhere, '09:00');
  expect(held.ok).toBe(true);
  const asked = vi.spyOn(world, 'rooms');
  const id = held.ok ? held.value.id : '';
  expect(told(await amina.moves(id, monday, '10:30'))).toBe('refused: too_many_holds');
  expect(asked).not.toHaveBeenCalled();
});

test('[RM5] [RM8] a room is kept until the hold runs out, and to the end of a visit that took place', async () => {
  const world = withRoom(['room']);
  const amina = new Visitor(world, 'amina');
  const id = await amina.books(monday, '09:00');
  await amina.holds(monday, '10:00');
  expect(kept(world)).toEqual([at('09:00'), at('10:00')]);
  await world.letPass(world.limits.holdTtlMs + 10_000);
  expect(kept(world)).toEqual([at('09:00')]);

  world.clock.advanceTo(at('09:05'));
  const doctor = new Visitor(world, monday.doctorId, 'doctor');
  expect(told(await doctor.does('complete', id))).toBe('completed');
  await world.letPass(60_000);
  expect(kept(world)).toEqual([at('09:00')]);
});

test('[RM10] what is over is forgotten, and with the last of it everything', async () => {
  const world = withRoom(['room']);
  await new Visitor(world, 'amina').books(monday, '09:00');
  world.clock.advanceTo(at('09:30'));
  await world.rooms(clinicId).onAlarm();
  expect(world.roomDisk.isEmpty()).toBe(true);
  expect(told(await new Visitor(world, 'babul').holds(monday, '10:00'))).toBe('pending');
});

test('[RM10] also where all was given back, and the alarm that was left is lost', async () => {
  const world = withRoom(['room']);
  const amina = new Visitor(world, 'amina');
  const id = await amina.books(monday, '09:00');
  expect(told(await amina.does('cancel', id))).toBe('cancelled');
  await world.letPass(10_000);
  expect(kept(world)).toEqual([]);
  world.roomDisk.alarmAtMs = null;
  await world.restartRooms(clinicId);
  expect(world.roomDisk.alarmAtMs).not.toBeNull();
  await world.rooms(clinicId).onAlarm();
  expect(world.roomDisk.isEmpty()).toBe(true);
});

test('[RM13] an edit takes no room away, and flags who lacks one', async () => {
  const world = withRoom(['room']);
  const amina = new Visitor(world, 'amina');
  const id = await amina.books(monday, '09:00');
  await edit(world, []);
  expect(await read(world, id)).toMatchObject({ value: { outsideSchedule: false, reservation: { clinicId } } });
  const without = await amina.books(monday, '10:00');
  await edit(world, ['room']);
  expect(kept(world)).toEqual([at('09:00')]);
  expect(await read(world, id)).toMatchObject({ value: { outsideSchedule: false } });
  expect(await read(world, without)).toMatchObject({ value: { outsideSchedule: true, reservation: null } });
  // Put into the same slot anew, it gets what it lacked.
  expect(await amina.moves(without, monday, '10:00')).toMatchObject({ value: { outsideSchedule: false } });
  expect(kept(world)).toEqual([at('09:00'), at('10:00')]);
});

test('[RM7] [RM8] a clinic that does not answer gives no seat, and is asked to take back until it does', async () => {
  const world = withRoom(['room']);
  const amina = new Visitor(world, 'amina');
  const id = await amina.books(monday, '09:00');
  const down = vi.spyOn(world, 'rooms').mockImplementation(() => {
    throw new Error('out of reach');
  });
  expect(told(await amina.holds(monday, '10:00'))).toBe('refused: temporarily_unavailable');
  expect(told(await amina.does('cancel', id))).toBe('cancelled');
  await world.letPass(20_000);
  expect(kept(world)).toEqual([at('09:00')]);
  down.mockRestore();
  await world.letPass(10_000);
  expect(kept(world)).toEqual([]);
  expect(told(await amina.holds(tuesdayElsewhere, '09:00'))).toBe('pending');
});
