import { describe, expect, test } from 'vitest';
import type { DayKey } from '../../../src/domain/ids.ts';
import {
  clinic,
  freeSeats,
  keyed,
  monday,
  read,
  told,
  tuesday,
  tuesdayElsewhere,
  Visitor,
  wednesday,
} from '../../support/sim/clinic.ts';
import type { EngineWorld } from '../../support/sim/engine-world.ts';

/** A move that is about to happen: by whom, of what, from where to where. */
interface Scene {
  readonly world: EngineWorld;
  readonly amina: Visitor;
  readonly id: string;
  readonly from: DayKey;
  readonly to: DayKey;
  /** The status in which the appointment moves. */
  readonly status: 'confirmed' | 'pending';
  /** Somebody else has the seat there, so that the move must be refused. */
  readonly isTaken: boolean;
}

const confirmed = async (to: DayKey): Promise<Scene> => {
  const world = clinic();
  const amina = new Visitor(world, 'amina');
  const id = await amina.books(monday, '09:00');
  await world.quiet();
  return { world, amina, id, from: monday, to, status: 'confirmed', isTaken: false };
};

const scenes: Readonly<Record<string, () => Promise<Scene>>> = {
  'to another day': () => confirmed(tuesday),
  'to another doctor': () => confirmed(tuesdayElsewhere),
  'of a hold': async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const held = await amina.holds(monday, '09:00');
    await world.quiet();
    const id = held.ok ? held.value.id : '';
    return { world, amina, id, from: monday, to: tuesday, status: 'pending', isTaken: false };
  },
  'to a slot that is full': async () => {
    const scene = await confirmed(tuesday);
    await new Visitor(scene.world, 'badal').books(tuesday, '09:00');
    await scene.world.quiet();
    return { ...scene, isTaken: true };
  },
  'to a day that is open already': async () => {
    const scene = await confirmed(tuesday);
    await new Visitor(scene.world, 'badal').books(tuesday, '10:00');
    await scene.world.quiet();
    return scene;
  },
  'on, of one that has moved before': async () => {
    const scene = await confirmed(tuesday);
    await scene.amina.moves(scene.id, tuesday, '09:00');
    await scene.world.quiet();
    return { ...scene, from: tuesday, to: wednesday };
  },
  'back home': async () => {
    const scene = await confirmed(tuesday);
    await scene.amina.moves(scene.id, tuesday, '09:00');
    await scene.world.quiet();
    return { ...scene, from: tuesday, to: monday };
  },
};

const key = keyed('the move');

/** The move as its patient asks for it; a crash on the way is told as one. */
const move = ({ amina, id, to }: Scene): Promise<string> =>
  amina.moves(id, to, '09:00', key).then(told, (error: Error) => error.message);

/** How many moments of the move there are to crash at. */
const momentsOf = async (stage: () => Promise<Scene>): Promise<number> => {
  const scene = await stage();
  let moments = 0;
  scene.world.onMoment = () => {
    moments += 1;
  };
  await move(scene);
  await scene.world.quiet();
  return moments;
};

/** Crashes engines at one moment of a move, or at several. */
const crashAt = (world: EngineWorld, moments: readonly number[], victims: readonly DayKey[]): (() => string) => {
  let moment = -1;
  const crashed: string[] = [];
  world.onMoment = ({ day, what }) => {
    moment += 1;
    if (!moments.includes(moment)) return;
    crashed.push(`at moment ${moment}, ${what} on ${day.date}`);
    for (const victim of victims) world.crash(victim);
  };
  return () => `crashed ${crashed.join(', then ') || 'not at all'}`;
};

/** Checks, and tells with a failure where the engines crashed. */
const checked = (check: Promise<void>, where: () => string): Promise<void> =>
  check.catch((error: Error) => {
    throw new Error(`${where()}: ${error.message}`, { cause: error });
  });

/** What must be true once both days have come to rest. */
const expectOnePlace = async (scene: Scene, answered: string): Promise<void> => {
  const { world, amina, id, from, to, status, isTaken } = scene;
  const days = [monday, tuesday, wednesday, tuesdayElsewhere];
  const replies = await Promise.all(days.map((day) => world.ask(day, (engine) => engine.get(id))));
  expect(replies.filter((reply) => reply.kind === 'answer')).toHaveLength(1);

  const found = await read(world, id);
  if (!found.ok) throw new Error('it can be found from its first day on');
  const place = { doctorId: found.value.doctorId, date: found.value.date };
  expect([from, to]).toContainEqual(place);
  expect(found.value.status).toBe(status);
  const hasMoved = JSON.stringify(place) === JSON.stringify(to);
  expect(hasMoved && isTaken, 'it moved into a full slot').toBe(false);

  // Nobody was told otherwise, and a repeat is told the same twice.
  if (answered === status) expect(hasMoved).toBe(true);
  if (answered.startsWith('refused: ')) expect(hasMoved).toBe(false);
  const again = await amina.moves(id, to, '09:00', key);
  expect(await amina.moves(id, to, '09:00', key)).toEqual(again);
  if (hasMoved) expect(again).toEqual(found);

  const [left, taken] = [await freeSeats(world, from), await freeSeats(world, to)];
  const wentWithRepeat = !hasMoved && again.ok;
  const isThere = hasMoved || wentWithRepeat;
  expect([left['09:00'], taken['09:00']]).toEqual([isThere ? 1 : 0, isThere || isTaken ? 0 : 1]);

  await world.letPass(60_000);
  const kept = days.flatMap((day) =>
    world.disk(day).isEmpty() ? [] : world.disk(day).sql.exec(`SELECT kind FROM records`).toArray(),
  );
  expect(kept.filter(({ kind }) => kind === 'arrival' || kind === 'departure')).toEqual([]);
  const place_ = isThere ? to : from;
  expect(world.d1.rows('SELECT doctor_id AS doctorId, date, seat FROM appointments WHERE id = ?', id)).toEqual([
    { ...place_, seat: 1 },
  ]);
  expect(world.reports).not.toContain('projection_quarantined');
};

// Hundreds of little worlds each: milliseconds alone, seconds on a machine that is busy with other tests.
const timeout = 180_000;

describe.each(Object.entries(scenes))('a move %s', { timeout }, (_, stage) => {
  test('[DD15] [DD16] [DD18] undisturbed, ends in one place', async () => {
    const scene = await stage();
    const answered = await move(scene);
    expect(answered).toBe(scene.isTaken ? 'refused: slot_full' : scene.status);
    await expectOnePlace(scene, answered);
  });

  test.each(['from', 'to', 'both', 'all'] as const)(
    '[DD15] [DD16] [DD17] [DD26] whenever the engines crash (%s), ends in one place',
    async (victims) => {
      const moments = await momentsOf(stage);
      expect(moments).toBeGreaterThan(6);
      for (let at = 0; at < moments; at += 1) {
        const scene = await stage();
        const { world, from, to } = scene;
        const days = { from: [from], to: [to], both: [from, to], all: [monday, tuesday, wednesday, tuesdayElsewhere] };
        const where = crashAt(world, [at], days[victims]);
        const answered = await move(scene);
        world.onMoment = null;
        await world.letPass(60_000);
        await checked(expectOnePlace(scene, answered), where);
      }
    },
  );

  test('[DD16] [DD34] also when the alarms are lost with the engines, and only requests come', async () => {
    const moments = await momentsOf(stage);
    for (let at = 0; at < moments; at += 1) {
      const scene = await stage();
      const { world, from, to } = scene;
      const where = crashAt(world, [at], [from, to]);
      const answered = await move(scene);
      world.onMoment = null;
      for (const day of [from, to]) world.disk(day).alarmAtMs = null;
      await freeSeats(world, from);
      await freeSeats(world, to);
      await world.letPass(60_000);
      await checked(expectOnePlace(scene, answered), where);
    }
  });

  test('[DD15] [DD16] at once after a crash it can be found and cancelled, and then is cancelled for good', async () => {
    const moments = await momentsOf(stage);
    for (let at = 0; at < moments; at += 1) {
      for (const both of [false, true]) {
        const scene = await stage();
        const { world, amina, id, from, to, status, isTaken } = scene;
        const where = crashAt(world, [at], both ? [from, to] : [from]);
        await move(scene);
        world.onMoment = null;
        const found = told(await read(world, id));
        const ended = told(await amina.does('cancel', id));
        await world.letPass(60_000);
        const outcome = [found, ended, told(await read(world, id))];
        const expected = ended === 'cancelled' ? 'cancelled' : status;
        expect(outcome, where()).toEqual([
          status,
          expect.stringMatching('cancelled|refused: move_in_progress'),
          expected,
        ]);
        if (ended !== 'cancelled') continue;
        const seats = [(await freeSeats(world, from))['09:00'], (await freeSeats(world, to))['09:00']];
        expect(seats, where()).toEqual([1, isTaken ? 0 : 1]);
      }
    }
  });
});

describe('a move to another day', { timeout }, () => {
  test.each([
    ['the day it goes to', [tuesday]],
    ['the day it leaves', [monday]],
    ['both days', [monday, tuesday]],
  ] as const)('[DD15] [DD16] [DD17] when %s crash twice, ends in one place', async (_, victims) => {
    const moments = await momentsOf(() => confirmed(tuesday));
    for (let first = 0; first < moments; first += 1) {
      for (let second = first + 1; second < moments + 4; second += 1) {
        const scene = await confirmed(tuesday);
        const where = crashAt(scene.world, [first, second], victims);
        const answered = await move(scene);
        await scene.world.letPass(60_000);
        scene.world.onMoment = null;
        await checked(expectOnePlace(scene, answered), where);
      }
    }
  });
});
