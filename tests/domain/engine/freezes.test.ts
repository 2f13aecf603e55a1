import { describe, expect, test } from 'vitest';
import { clinic, freeSeats, monday, told, Visitor } from '../../support/sim/clinic.ts';
import type { EngineWorld } from '../../support/sim/engine-world.ts';

const minute = 60_000;

/** Monday opened by a booking that was cancelled, and frozen for a minute. */
const frozen = async (): Promise<EngineWorld> => {
  const world = clinic();
  const first = new Visitor(world, 'first');
  await first.does('cancel', await first.books(monday, '11:00'));
  await world.quiet();
  expect(await freeze(world, 'zone')).toEqual({ ok: true, value: null });
  return world;
};

const freeze = (world: EngineWorld, token: string) =>
  world.ask(monday, (engine) => engine.schedules.freeze(world.clock.nowMs + minute, token));

const isDown = (): void => {
  throw new Error('D1 is out of reach');
};

describe('a freeze', () => {
  test('[DD31] outlives the engine, and is one person’s at a time', async () => {
    const world = await frozen();
    world.crash(monday);
    expect(told(await new Visitor(world, 'amina').holds(monday, '09:00'))).toBe('refused: day_frozen');
    expect(await freeSeats(world, monday)).toMatchObject({ '09:00': 0, '11:30': 0 });
    await expect(freeze(world, 'another')).rejects.toThrow('day_frozen');
    expect(await freeze(world, 'zone')).toEqual({ ok: true, value: null });
  });

  test('[DD31] whose time is up ends only after the day has read the schedule', async () => {
    const world = await frozen();
    world.clock.advance(minute);
    const amina = new Visitor(world, 'amina');
    world.d1.intercept = isDown;
    expect(told(await amina.holds(monday, '09:00'))).toBe('refused: temporarily_unavailable');
    world.d1.intercept = null;
    expect(told(await amina.holds(monday, '09:00'))).toBe('pending');
  });

  test('[DD31] that stood for a change which was made and never told: the day books by the new zone', async () => {
    const world = await frozen();
    world.d1.rows(
      `UPDATE doctors SET time_zone = 'Asia/Kolkata', schedule_version = schedule_version + 1 WHERE id = ?`,
      monday.doctorId,
    );
    world.clock.advance(minute);
    const amina = new Visitor(world, 'amina');
    expect(told(await amina.holds(monday, '09:00'))).toBe('refused: slot_not_found');
    // 09:30 in Dhaka is 09:00 in Kolkata.
    expect(told(await amina.holds(monday, '09:30'))).toBe('pending');
    expect(Object.keys(await freeSeats(world, monday))[0]).toBe('09:00');
  });

  test('[DD31] [DD34] is ended by the alarm when nobody comes', async () => {
    const world = await frozen();
    await world.letPass(minute);
    expect(await freeSeats(world, monday)).toMatchObject({ '09:00': 1, '11:30': 1 });
  });

  test('[DD31] is waited for by the alarm while D1 is down', async () => {
    const world = await frozen();
    world.d1.intercept = isDown;
    await world.letPass(10 * minute);
    expect(await freeSeats(world, monday)).toMatchObject({ '09:00': 0 });
    world.d1.intercept = null;
    await world.letPass(minute);
    expect(await freeSeats(world, monday)).toMatchObject({ '09:00': 1 });
  });

  test('[DD31] names who stands in its way, and leaves them be', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const id = await amina.books(monday, '09:00');
    expect(await freeze(world, 'zone')).toEqual({ ok: false, refusal: { appointmentIds: [id] } });
    expect(told(await new Visitor(world, 'badal').holds(monday, '09:30'))).toBe('pending');
  });
});
