import { expect, test } from 'vitest';
import { peekDay } from '../../../src/doctor-days/schedule-query.ts';
import type { DayKey } from '../../../src/domain/ids.ts';
import { at } from '../../support/day-story.ts';
import { daily, on } from '../../support/schedules.ts';
import { clinic, keyed, monday, read, told, tuesday, Visitor, wednesday } from '../../support/sim/clinic.ts';
import type { EngineWorld } from '../../support/sim/engine-world.ts';
import type { D1Call } from '../../support/sim/sqlite-d1.ts';

const second = 1_000;
const minute = 60_000;
const day = 86_400_000;
const isProjection = ({ queries }: D1Call) => queries.some((query) => query.includes('audit_events'));
const projectionsFail = (world: EngineWorld): void => {
  world.d1.intercept = (call) => {
    if (isProjection(call) && call.when === 'before') throw new Error('D1 is out of reach');
  };
};
const row = (world: EngineWorld, id: string) =>
  world.d1.rows('SELECT status, starts_at_ms AS startsAtMs, seat FROM appointments WHERE id = ?', id)[0];
const quarantined = (world: EngineWorld) => world.d1.rows('SELECT appointment_id, version FROM projection_quarantine');

test('[DD23] a day that lags while its appointment moves on twice still tells D1 that the seat is free', async () => {
  const world = clinic();
  const [x, y, z] = [new Visitor(world, 'x'), new Visitor(world, 'y'), new Visitor(world, 'z')];
  await z.books(tuesday, '11:00');
  await z.books(wednesday, '11:00');
  const moved = await x.books(monday, '09:00');
  await world.quiet();
  projectionsFail(world);
  expect(told(await x.moves(moved, tuesday, '09:00'))).toBe('confirmed');
  expect(told(await x.moves(moved, wednesday, '09:00'))).toBe('confirmed');
  const booked = await y.books(monday, '09:00');
  await world.quiet();
  world.d1.intercept = null;
  await world.ring(monday); // D1 is back, and Monday's alarm happens to ring first
  await world.letPass(10 * minute);
  expect(told(await read(world, booked))).toBe('confirmed');
  expect.soft(quarantined(world)).toEqual([]);
  expect(row(world, booked)).toMatchObject({ status: 'confirmed', startsAtMs: at('09:00', monday.date), seat: 1 });
});

test('[DD23] [DD33] a seat that changes hands within a long backlog is no conflict, and the day is cleaned in time', async () => {
  const world = clinic();
  const [x, y, z] = [new Visitor(world, 'x'), new Visitor(world, 'y'), new Visitor(world, 'z')];
  const leaving = await x.books(monday, '10:00');
  const chatty = await z.books(monday, '11:00');
  await world.quiet();
  projectionsFail(world);
  const coming = await y.books(monday, '09:00');
  for (let i = 0; i < 210; i += 1) await z.does('describe', chatty);
  await x.does('cancel', leaving);
  expect(told(await y.moves(coming, monday, '10:00'))).toBe('confirmed');
  world.d1.intercept = null;
  await world.letPass(2 * minute);
  // What the day knows is in D1 …
  expect(row(world, coming)).toMatchObject({ status: 'confirmed', startsAtMs: at('10:00', monday.date), seat: 1 });
  expect.soft(quarantined(world)).toEqual([]);
  // … so after retention the day must go. Instead it projects everything again, for ever.
  await world.letPass(10 * day);
  let projections = 0;
  world.d1.intercept = (call) => {
    if (isProjection(call) && call.when === 'before') projections += 1;
  };
  await world.letPass(10 * minute);
  expect.soft(projections, 'projections of a day of last week in ten minutes').toBe(0);
  expect(world.disk(monday).isEmpty()).toBe(true);
}, 60_000);

test('[DD24] one refused row takes no row down that merely changed seats with another', async () => {
  const world = clinic();
  const [x, y, w] = [new Visitor(world, 'x'), new Visitor(world, 'y'), new Visitor(world, 'w')];
  const [a, b] = [await x.books(monday, '09:00'), await y.books(monday, '09:30')];
  world.d1.rows(
    `INSERT INTO appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
       outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
     VALUES ('a_ghost', ?, 'u_g', ?, ?, ?, 'UTC', 1, 'video', 'confirmed', 0, 0, 'BDT', 0, 0, 1)`,
    monday.doctorId,
    monday.date,
    at('11:00', monday.date),
    at('11:30', monday.date),
  );
  await world.quiet();
  projectionsFail(world);
  await x.moves(a, monday, '10:00');
  await y.moves(b, monday, '09:00');
  await x.moves(a, monday, '09:30');
  await w.holds(monday, '11:00'); // the only row that D1 has a reason to refuse
  world.d1.intercept = null;
  await world.letPass(2 * minute);
  expect
    .soft(quarantined(world).filter(({ appointment_id }) => appointment_id === a || appointment_id === b))
    .toEqual([]);
  expect([row(world, a)?.startsAtMs, row(world, b)?.startsAtMs]).toEqual([
    at('09:30', monday.date),
    at('09:00', monday.date),
  ]);
});

test('[DD16] [DD26] while nobody can say whether an appointment arrived, nobody is told that there is none', async () => {
  const world = clinic();
  const x = new Visitor(world, 'x');
  await new Visitor(world, 'z').books(tuesday, '11:00');
  const held = await x.holds(monday, '09:00');
  const id = held.ok ? held.value.id : '';
  world.onMoment = ({ what }) => {
    if (what === 'arrive sent' || what === 'outcomeOf sent') throw new Error('lost on the way');
  };
  expect(told(await x.moves(id, tuesday, '09:00'))).toBe('pending');
  expect.soft(told(await x.does('confirm', id, keyed('k')))).not.toBe('refused: not_found');
  world.onMoment = null;
  await world.letPass(10 * second);
  expect.soft(told(await read(world, id))).toBe('pending');
  expect(told(await x.does('confirm', id, keyed('k')))).toBe('confirmed');
});

const newRules = (world: EngineWorld, doctorId: string, start: string, end: string): void => {
  world.d1.rows('UPDATE weekly_rules SET start = ?, end = ? WHERE doctor_id = ?', start, end, doctorId);
  world.d1.rows('UPDATE doctors SET schedule_version = schedule_version + 1 WHERE id = ?', doctorId);
};
const newestFor = async (world: EngineWorld, key: DayKey) => {
  const found = await peekDay(world.d1.binding, key);
  if (found === null) throw new Error('no doctor');
  return found;
};

test('[DD28] an edit that arrives while the day is opening is applied before the first booking', async () => {
  const world = clinic();
  let edited = false;
  world.d1.intercept = async ({ when, queries }) => {
    if (when === 'before' || edited || !queries.some((query) => /insert into "?doctor_days/i.test(query))) return;
    edited = true;
    newRules(world, monday.doctorId, '14:00', '16:00');
    // The queue's message finds the day registered, and the object not open yet.
    const schedule = await newestFor(world, monday);
    void world.ask(monday, (engine) => engine.schedules.apply(schedule));
  };
  const answer = await new Visitor(world, 'x').holds(monday, '09:00');
  expect(edited).toBe(true);
  await world.letPass(30 * second);
  expect(told(answer)).toBe('refused: slot_not_found');
});

test('[DD31] a freeze whose time is up ends only once the day has read the new zone', async () => {
  const world = clinic({ rules: daily('00:00', '00:00') });
  const [x, y, z] = [new Visitor(world, 'x'), new Visitor(world, 'y'), new Visitor(world, 'z')];
  await z.does('cancel', await z.books(monday, '09:00'));
  // The zone change: freeze, commit; the queue is down for a minute.
  const frozen = await world.ask(monday, (engine) => engine.schedules.freeze(world.clock.nowMs + 60 * second, 'zone'));
  expect(frozen.ok).toBe(true);
  world.d1.rows(
    `UPDATE doctors SET time_zone = 'America/Los_Angeles', schedule_version = schedule_version + 1 WHERE id = ?`,
    monday.doctorId,
  );
  await world.letPass(61 * second);
  const first = await x.books(monday, '10:00').catch((error: Error) => error.message);
  const sunday: DayKey = { doctorId: monday.doctorId, date: on('2026-06-07') };
  const command = { ...y.holding(sunday, '12:00'), startsAtMs: at('10:00', monday.date) };
  const second_ = await world.ask(sunday, (engine) => engine.execute(command, null));
  await world.letPass(minute);
  const both = [first.startsWith('a_'), second_.kind === 'answer' && second_.result.ok];
  expect.soft(quarantined(world)).toEqual([]);
  expect(both).not.toEqual([true, true]);
});

test('[DD26] "try again in a moment" is kept under no key: a frozen day', async () => {
  const world = clinic();
  const x = new Visitor(world, 'x');
  await x.does('cancel', await x.books(monday, '09:00'));
  await world.ask(monday, (engine) => engine.schedules.freeze(world.clock.nowMs + 60 * second, 'zone'));
  expect(told(await x.holds(monday, '09:00', keyed('k')))).toBe('refused: day_frozen');
  await world.ask(monday, (engine) => engine.schedules.thaw('zone'));
  expect(told(await x.holds(monday, '09:00', keyed('k')))).toBe('pending');
});

test('[DD26] "try again in a moment" is kept under no key: a move in progress', async () => {
  const world = clinic();
  const x = new Visitor(world, 'x');
  const held = await x.holds(monday, '09:00');
  const id = held.ok ? held.value.id : '';
  let meanwhile: Promise<unknown> | null = null;
  const confirm = { type: 'confirm', principal: x.principal, appointmentId: id } as const;
  let asked: string | undefined;
  world.onMoment = ({ what }) => {
    if (what !== 'reserveSeat sent' || meanwhile !== null) return;
    meanwhile = world
      .ask(monday, (engine) => engine.execute(confirm, keyed('k')))
      .then((reply) => {
        asked = reply.kind === 'answer' ? told(reply.result) : reply.kind;
      });
  };
  await x.moves(id, tuesday, '09:00');
  await meanwhile;
  expect(asked).toBe('refused: move_in_progress');
  expect(told(await x.does('confirm', id, keyed('k')))).toBe('confirmed');
});
