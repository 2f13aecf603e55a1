import { describe, expect, test } from 'vitest';
import { principalOf } from '../../../src/domain/access.ts';
import type { Appointment } from '../../../src/domain/doctor-day/appointment.ts';
import type { Command, SystemCommand } from '../../../src/domain/doctor-day/command.ts';
import { decide, sweep } from '../../../src/domain/doctor-day/decide.ts';
import type { DayEvent } from '../../../src/domain/doctor-day/event.ts';
import { Seating } from '../../../src/domain/doctor-day/seating.ts';
import { apply, blockedAt, changesOf, type DayState, emptyDay } from '../../../src/domain/doctor-day/state.ts';
import { at, limits, today } from '../../support/day-story.ts';
import { daily, on, schedule } from '../../support/schedules.ts';

/**
 * The steps of one move between two days as messages that may come late, twice and in any order: every state that can
 * be reached is visited, and in each one the rules are checked, also after recovery.
 */
const here = today;
const there = { ...today, date: on('2026-06-09') };
const elsewhere = { ...today, date: on('2026-06-10') };
const moveId = 'm_1';
const amina = principalOf({ id: 'u_amina', role: 'patient' });
const badal = principalOf({ id: 'u_badal', role: 'patient' });
const id = 'a_amina';
const seats = { here: at('09:00'), there: at('09:00', there.date) };

type Side = 'here' | 'there';

interface World {
  nowMs: number;
  here: DayState;
  there: DayState;
  /** What has been sent so far, to come again at any time. */
  sent: { reserve: Appointment | null; arrive: Appointment | null; release: boolean };
  /** The answer to the reservation, for the day that waits for it. */
  reserved: Appointment | null;
  arrived: boolean;
  /** It has moved on from there to a third day. */
  movedOn: boolean;
  /** How often the patient was told that the appointment is cancelled, or the hold ran out. */
  ended: number;
}

const ask = (world: World, side: Side, command: Command): string => {
  const state = world[side];
  const append = (events: readonly DayEvent[]): void => {
    for (const event of events) {
      if (event.type === 'cancelled' || event.type === 'expired') {
        if (event.appointment.id === id) world.ended += 1;
      }
      for (const change of changesOf(event)) {
        const before = change.kind === 'appointment' ? state.appointments.get(change.id) : undefined;
        apply(state, change);
        if (change.kind !== 'appointment' || change.value === null || before === undefined) continue;
        expect(change.value.version, 'versions never go back').toBeGreaterThanOrEqual(before.version);
      }
    }
  };
  append(sweep(state, world.nowMs));
  const decision = decide(state, command, world.nowMs, limits);
  if (!decision.ok) return decision.refusal.code;
  append(decision.value);
  return 'ok';
};

const departureOf = (world: World) => world.here.departures.get(moveId);

/** What can happen next. A step answers `false` when nothing makes it happen in this world. */
const steps: Readonly<Record<string, (world: World) => unknown>> = {
  'the seat there is reserved': (world) => {
    if (departureOf(world)?.phase === 'reserving') world.sent.reserve ??= world.here.appointments.get(id) ?? null;
    const appointment = world.sent.reserve;
    if (appointment === null) return false;
    const request = { moveId, from: here, by: amina, appointment, startsAtMs: seats.there };
    if (ask(world, 'there', { type: 'reserve_seat', ...request }) === 'ok') {
      world.reserved = world.there.arrivals.get(moveId)?.appointment ?? null;
    }
  },
  'the appointment leaves': (world) => {
    if (world.reserved === null) return false;
    ask(world, 'here', { type: 'depart', moveId, arriving: world.reserved, timeZone: 'Asia/Dhaka' });
  },
  'the move is given up': (world) => {
    ask(world, 'here', { type: 'abandon_move', moveId, because: { code: 'move_failed' } });
    if (departureOf(world) === undefined) world.sent.release = true;
  },
  'the seat there is released': (world) => world.sent.release && ask(world, 'there', { type: 'release_seat', moveId }),
  'the appointment arrives': (world) => {
    world.sent.arrive ??= departureOf(world)?.arriving ?? null;
    if (world.sent.arrive === null) return false;
    ask(world, 'there', { type: 'arrive', moveId, appointment: world.sent.arrive });
    world.arrived = true;
  },
  'the move is settled': (world) =>
    world.arrived && departureOf(world) !== undefined && ask(world, 'here', { type: 'settle_move', moveId }),
  'the other day asks what became of it': (world) => settleArrival(world),
  'it moves on from there to a third day': (world) => {
    if (world.there.arrivals.size > 0) return false;
    const [leaving, arriving] = [leave(world, elsewhere), world.there.appointments.get(id)];
    if (!leaving || arriving === undefined) return false;
    ask(world, 'there', { type: 'depart', moveId: 'm_2', arriving, timeZone: 'Asia/Dhaka' });
    world.movedOn = true;
  },
  'it moves back': (world) => {
    const [leaving, appointment] = [leave(world, here), world.there.appointments.get(id)];
    if (!leaving || appointment === undefined) return false;
    const request = { moveId: 'm_2', from: there, by: amina, appointment, startsAtMs: seats.here };
    if (ask(world, 'here', { type: 'reserve_seat', ...request }) !== 'ok') return false;
    const back = world.here.arrivals.get('m_2')?.appointment as Appointment;
    ask(world, 'there', { type: 'depart', moveId: 'm_2', arriving: back, timeZone: 'Asia/Dhaka' });
    const arriving = world.there.departures.get('m_2')?.arriving as Appointment;
    ask(world, 'here', { type: 'arrive', moveId: 'm_2', appointment: arriving });
    ask(world, 'there', { type: 'settle_move', moveId: 'm_2' });
  },
  'amina cancels here': (world) => world.here.appointments.has(id) && cancel(world, 'here'),
  'amina cancels there': (world) => world.there.appointments.has(id) && cancel(world, 'there'),
  'badal takes the seat here': (world) => hold(world, 'here'),
  'badal takes the seat there': (world) => hold(world, 'there'),
};

const cancel = (world: World, side: Side) =>
  ask(world, side, { type: 'cancel', principal: amina, appointmentId: id, statusReason: null });

const leave = (world: World, to: typeof there): boolean => {
  const command = { type: 'start_move', principal: amina, appointmentId: id, moveId: 'm_2', key: null } as const;
  return world.there.appointments.has(id) && ask(world, 'there', { ...command, to, startsAtMs: 0 }) === 'ok';
};

const hold = (world: World, side: Side) => {
  const appointmentId = `a_badal_${side}`;
  if (world[side].appointments.has(appointmentId)) return false;
  const command = {
    type: 'hold',
    principal: badal,
    patientId: badal.id,
    appointmentId,
    mode: null,
    words: {},
  } as const;
  return ask(world, side, { ...command, startsAtMs: seats[side] });
};

const settleArrival = (world: World) => {
  if (!world.there.arrivals.has(moveId)) return false;
  const departure = departureOf(world);
  if (departure?.phase === 'reserving') return false;
  const outcome: SystemCommand = departure?.arriving
    ? { type: 'arrive', moveId, appointment: departure.arriving }
    : { type: 'release_seat', moveId };
  return ask(world, 'there', outcome);
};

/** What both days do by alarm until nothing is left to do. */
const recover = (world: World): void => {
  const departure = departureOf(world);
  if (departure?.phase === 'reserving') {
    ask(world, 'here', { type: 'abandon_move', moveId, because: { code: 'move_failed' } });
  }
  if (departure?.arriving) {
    ask(world, 'there', { type: 'arrive', moveId, appointment: departure.arriving });
    ask(world, 'here', { type: 'settle_move', moveId });
  }
  settleArrival(world);
};

const placesOf = (world: World): string[] => [
  ...(['here', 'there'] as const).filter((side) => world[side].appointments.has(id)),
  ...(world.movedOn ? ['elsewhere'] : []),
];

const check = (world: World): void => {
  const places = placesOf(world);
  const onTheWay = departureOf(world)?.phase === 'departed' && world.there.arrivals.has(moveId);
  expect(places.length + Number(places.length === 0 && onTheWay), 'the appointment is in one place').toBe(1);
  expect(world.ended, 'an appointment ends once').toBeLessThanOrEqual(1);
  for (const side of ['here', 'there'] as const) {
    const blocked = blockedAt(world[side], world.nowMs).filter((seat) => seat.startsAtMs === seats[side]);
    expect(blocked.length, 'a slot of capacity 1 has one seat').toBeLessThanOrEqual(1);
    const live = world[side].appointments.get(id)?.status;
    if (world.ended > 0) expect(['cancelled', 'expired', undefined], 'what has ended stays so').toContain(live);
  }
};

/** A world in which Amina's appointment here has just begun to move there. */
const moving = (status: 'pending' | 'confirmed'): World => {
  const nowMs = at('12:00', '2026-06-07');
  const sent = { reserve: null, arrive: null, release: false };
  const empty = { here: emptyDay(here), there: emptyDay(there) };
  const world: World = { nowMs, ...empty, sent, reserved: null, arrived: false, movedOn: false, ended: 0 };
  const doctor = schedule({ rules: daily('09:00', '10:00') });
  for (const side of ['here', 'there'] as const) ask(world, side, { type: 'open', schedule: doctor });
  const command = { principal: amina, appointmentId: id } as const;
  ask(world, 'here', { type: 'hold', ...command, patientId: amina.id, startsAtMs: seats.here, mode: null, words: {} });
  if (status === 'confirmed') ask(world, 'here', { type: 'confirm', ...command });
  ask(world, 'here', { type: 'start_move', ...command, moveId, to: there, startsAtMs: seats.there, key: null });
  expect(departureOf(world)?.phase).toBe('reserving');
  return world;
};

const keyOf = (world: World): string =>
  JSON.stringify(world, (_, value) => (value instanceof Map || value instanceof Set ? [...value] : value));

const copyOf = (world: World): World => {
  const { here: at, there: to, ...rest } = world;
  return { ...structuredClone(rest), here: dayCopyOf(at), there: dayCopyOf(to) };
};

const dayCopyOf = ({ seated, ...records }: DayState): DayState => {
  const copy = { ...structuredClone(records), seated: new Seating() };
  for (const appointment of seated.at(Number.NEGATIVE_INFINITY)) copy.seated.put(appointment);
  return copy;
};

/** Visits every world that can be reached, and gives the number; what breaks is told with the way that led there. */
const explore = (start: World, more: typeof steps = {}): number => {
  const seen = new Set([keyOf(start)]);
  const frontier: { world: World; way: string[] }[] = [{ world: start, way: [] }];
  for (const { world, way } of frontier) {
    for (const [name, step] of Object.entries({ ...steps, ...more })) {
      const next = copyOf(world);
      const further = [...way, name];
      try {
        if (step(next) === false) continue;
        const key = keyOf(next);
        if (seen.has(key)) continue;
        seen.add(key);
        check(next);
        const recovered = copyOf(next);
        recover(recovered);
        check(recovered);
        expect(placesOf(recovered), 'after recovery it is somewhere').toHaveLength(1);
        expect([recovered.here.departures.size, recovered.there.arrivals.size]).toEqual([0, 0]);
      } catch (error) {
        throw new Error(`after ${further.join(' / ')}: ${(error as Error).message}`);
      }
      frontier.push({ world: next, way: further });
    }
  }
  return seen.size;
};

describe('a move between two days, its steps late, twice and in any order', () => {
  test('[DD15] [DD16] [DD17] a confirmed appointment is always on exactly one day, also after recovery', () => {
    expect(explore(moving('confirmed'))).toBeGreaterThan(50);
  });

  test('[DD15] [DD4] a hold that runs out on the way ends once, wherever it is then', () => {
    const timePasses = {
      'the hold runs out': (world: World) => {
        if (world.nowMs !== at('12:00', '2026-06-07')) return false;
        world.nowMs += limits.holdTtlMs;
        for (const side of ['here', 'there'] as const) ask(world, side, { type: 'sweep' });
      },
    };
    expect(explore(moving('pending'), timePasses)).toBeGreaterThan(50);
  });
});
