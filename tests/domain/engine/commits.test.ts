import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../src/domain/doctor-day/reply.ts';
import { clinic, freeSeats, monday, read, told, Visitor } from '../../support/sim/clinic.ts';
import type { EngineWorld } from '../../support/sim/engine-world.ts';

const names = Array.from({ length: 12 }, (_, i) => `p${i}`);
const outcome = (reply: Reply) => (reply.kind === 'answer' ? told(reply.result) : reply.kind);

/** Everything that a day would answer is what it would read back from its disk. */
const expectReadBack = async (world: EngineWorld, ids: readonly string[]): Promise<void> => {
  const fresh = await world.readBack(monday);
  expect(await world.ask(monday, (engine) => engine.slots())).toEqual(await fresh.slots());
  for (const id of ids) expect(await world.ask(monday, (engine) => engine.get(id))).toEqual(await fresh.get(id));
};

describe('a commit', () => {
  test('[DD20] [DD21] requests that arrive together share one transaction, in order', async () => {
    const world = clinic();
    await new Visitor(world, 'first').books(monday, '11:00');
    const before = world.disk(monday).commits;
    const holds = names.map((name) => new Visitor(world, name).holding(monday, '09:00'));
    const replies = await world.askAll(
      monday,
      holds.map((hold) => (engine) => engine.execute(hold, null)),
    );
    expect(world.disk(monday).commits - before).toBe(1);
    expect(replies.map(outcome)).toEqual(['pending', ...names.slice(1).map(() => 'refused: slot_full')]);
  });

  test('[DD20] nothing is answered before it', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    await amina.books(monday, '09:00');
    const order: string[] = [];
    world.onMoment = ({ what }) => order.push(what);
    const hold = new Visitor(world, 'badal').holding(monday, '10:00');
    const answered = world.ask(monday, async (engine) => {
      const reply = await engine.execute(hold, null);
      order.push('answered');
      return reply;
    });
    expect(outcome(await answered)).toBe('pending');
    expect(order).toEqual(['before commit', 'after commit', 'answered']);
  });

  test.each(['before commit', 'after commit'] as const)(
    '[DD20] a crash %s leaves all of the group or nothing',
    async (crashPoint) => {
      const world = clinic({});
      await new Visitor(world, 'first').books(monday, '11:00');
      const holds = ['09:00', '09:30', '10:00'].map((time, i) => new Visitor(world, `p${i}`).holding(monday, time));
      world.onMoment = ({ day, what }) => {
        if (what === crashPoint) world.crash(day);
      };
      const asked = world.askAll(
        monday,
        holds.map((hold) => (engine) => engine.execute(hold, null)),
      );
      await expect(asked).rejects.toThrow('the object was reset');
      world.onMoment = null;
      const found = await Promise.all(holds.map((hold) => read(world, hold.appointmentId).then(told)));
      const all = crashPoint === 'after commit' ? 'pending' : 'refused: not_found';
      expect(found).toEqual([all, all, all]);
    },
  );

  test('[DD20] after every commit, memory is what would be read back', async () => {
    const world = clinic();
    const ids: string[] = [];
    const [amina, badal, doctor] = [
      new Visitor(world, 'amina'),
      new Visitor(world, 'badal'),
      new Visitor(world, monday.doctorId, 'doctor'),
    ];
    const steps: (() => Promise<unknown>)[] = [
      async () => ids.push(await amina.books(monday, '09:00')),
      async () => ids.push(await badal.books(monday, '09:30')),
      () => amina.moves(ids[0] ?? '', monday, '10:00'),
      () => badal.holds(monday, '10:00'),
      () => badal.does('cancel', ids[1] ?? ''),
      () => badal.holds(monday, '11:00'),
      () => world.letPass(10 * 60_000),
      () => world.letPass(24 * 3_600_000),
      () => doctor.does('complete', ids[0] ?? ''),
    ];
    for (const step of steps) {
      await step();
      await expectReadBack(world, ids);
    }
    expect(told(await read(world, ids[0] ?? ''))).toBe('completed');
  });
});

describe('a request that throws', () => {
  /** Makes the disk fail half way through writing an appointment: its event is written, its record is not. */
  const failOn = (world: EngineWorld, id: string): void => {
    world.disk(monday).beforeExec = (query, bindings) => {
      if (query.startsWith('INSERT INTO records') && bindings.includes(id)) throw new Error('disk trouble');
    };
  };

  test('[DD21] fails alone; the others of its group are decided as if it had never come', async () => {
    const world = clinic();
    await new Visitor(world, 'first').books(monday, '11:00');
    const holds = ['09:00', '09:00', '09:30'].map((time, i) => new Visitor(world, `p${i}`).holding(monday, time));
    failOn(world, holds[0]?.appointmentId ?? '');
    const settled = await world.ask(monday, (engine) =>
      Promise.allSettled(holds.map((hold) => engine.execute(hold, null))).then((all) =>
        all.map((one) => (one.status === 'fulfilled' ? outcome(one.value) : String(one.reason))),
      ),
    );
    expect(settled).toEqual(['Error: disk trouble', 'pending', 'pending']);
    await expectReadBack(
      world,
      holds.map((hold) => hold.appointmentId),
    );
    expect(await freeSeats(world, monday)).toMatchObject({ '09:00': 0, '09:30': 0, '10:00': 1 });
  });

  test('[DD21] leaves nothing behind, neither in memory nor on disk, and can be repeated', async () => {
    const world = clinic();
    await new Visitor(world, 'first').books(monday, '11:00');
    const hold = new Visitor(world, 'amina').holding(monday, '09:00');
    failOn(world, hold.appointmentId);
    await expect(world.ask(monday, (engine) => engine.execute(hold, null))).rejects.toThrow('disk trouble');
    expect(await freeSeats(world, monday)).toMatchObject({ '09:00': 1 });
    await expectReadBack(world, [hold.appointmentId]);
    world.disk(monday).beforeExec = null;
    expect(outcome(await world.ask(monday, (engine) => engine.execute(hold, null)))).toBe('pending');
    await world.quiet();
    expect(world.d1.rows('SELECT seq, action FROM audit_events ORDER BY seq')).toEqual([
      { seq: 1, action: 'opened' },
      { seq: 2, action: 'held' },
      { seq: 3, action: 'confirmed' },
      { seq: 4, action: 'held' },
    ]);
  });

  test('[DD21] on the very first booking of a day leaves the day unopened', async () => {
    const world = clinic();
    world.disk(monday).beforeExec = (query) => {
      if (query.startsWith('INSERT INTO events')) throw new Error('disk trouble');
    };
    const amina = new Visitor(world, 'amina');
    expect(told(await amina.holds(monday, '09:00'))).toBe('refused: temporarily_unavailable');
    expect(world.disk(monday).isEmpty()).toBe(true);
    world.disk(monday).beforeExec = null;
    expect(told(await amina.holds(monday, '09:00'))).toBe('pending');
  });

  test('[DD20] what fails after the commit does not undo the answer, nor decide it twice', async () => {
    const world = clinic();
    await new Visitor(world, 'first').books(monday, '11:00');
    const hold = new Visitor(world, 'amina').holding(monday, '09:00');
    let failing = false;
    world.onMoment = ({ what }) => {
      failing = what === 'after commit';
    };
    world.disk(monday).beforeExec = (query) => {
      if (failing && query.startsWith('SELECT value FROM meta')) throw new Error('disk trouble');
    };
    expect(outcome(await world.ask(monday, (engine) => engine.execute(hold, null)))).toBe('pending');
    expect(world.reports).toContain('after_commit_failed');
    world.disk(monday).beforeExec = null;
    expect(told(await read(world, hold.appointmentId))).toBe('pending');
  });
});
