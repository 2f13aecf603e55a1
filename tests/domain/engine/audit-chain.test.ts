import { describe, expect, test } from 'vitest';
import { type ChainRow, noHash, type Seal, sealRows } from '../../../src/domain/audit-chain.ts';
import { clinic, monday, Visitor } from '../../support/sim/clinic.ts';
import { simDigest } from '../../support/sim/digest.ts';
import type { EngineWorld } from '../../support/sim/engine-world.ts';

const minute = 60_000;
const columns = `stream, seq, at_ms AS atMs, actor_id AS actorId, actor_role AS actorRole, action,
  subject_id AS subjectId, data`;

const seals = ({ d1 }: EngineWorld): Seal[] => d1.rows<Seal>('SELECT stream, seq, hash FROM audit_seals ORDER BY seq');
const rows = ({ d1 }: EngineWorld): ChainRow[] => d1.rows<ChainRow>(`SELECT ${columns} FROM audit_events ORDER BY seq`);

/** The chain over what D1 holds, from its first row. */
const recomputed = (world: EngineWorld): Promise<Seal[]> => sealRows(simDigest, noHash, rows(world));

const morning = async (world: EngineWorld): Promise<void> => {
  for (const [name, time] of [
    ['a', '09:00'],
    ['b', '09:30'],
    ['c', '10:00'],
  ] as const) {
    await new Visitor(world, name).books(monday, time);
    await world.letPass(minute);
  }
};

describe('the chain of a doctor-day', () => {
  test('[AU9] is in D1 as soon as its rows are, however many drains brought them', async () => {
    const world = clinic();
    await morning(world);
    expect(rows(world).length).toBeGreaterThan(6);
    expect(seals(world)).toEqual(await recomputed(world));
  });

  test('[AU9] goes on where it was after a crash, also when D1 took what the day did not hear of', async () => {
    for (const when of ['before', 'after'] as const) {
      const world = clinic();
      await morning(world);
      let struck = false;
      world.d1.intercept = (call) => {
        if (struck || call.when !== when || !call.queries.some((query) => query.includes('audit_seals'))) return;
        struck = true;
        world.crash(monday);
      };
      await new Visitor(world, 'd').books(monday, '10:30').catch(() => undefined);
      await world.letPass(10 * minute);
      expect(struck).toBe(true);
      await new Visitor(world, 'e').books(monday, '11:00');
      await world.letPass(10 * minute);
      expect(seals(world)).toEqual(await recomputed(world));
      expect(seals(world)).toHaveLength(rows(world).length);
    }
  });

  test('[AU9] is the same after a rebuild into a D1 that lost it', async () => {
    const world = clinic();
    await morning(world);
    const before = seals(world);
    world.d1.force('DELETE FROM audit_events; DELETE FROM audit_seals;');
    await world.ask(monday, (engine) => engine.reproject());
    expect(seals(world)).toEqual(before);
  });

  test('[AU9] begins at the first event when the day does not know its head, as days from before the chain do not', async () => {
    const world = clinic();
    await morning(world);
    const before = seals(world);
    world.d1.force('DELETE FROM audit_seals;');
    world.crash(monday);
    world.disk(monday).sql.exec('DELETE FROM chain_head');
    await new Visitor(world, 'd').books(monday, '10:30');
    await world.letPass(10 * minute);
    expect(seals(world)).toEqual(await recomputed(world));
    expect(seals(world).slice(0, before.length)).toEqual(before);
  });

  test('[AU9] keeps a day from deleting its storage while D1 lacks a part of it', async () => {
    const world = clinic();
    await morning(world);
    world.d1.force('DELETE FROM audit_seals WHERE seq = 2;');
    await world.letPass(30 * 24 * 60 * minute);
    expect(world.disk(monday).isEmpty()).toBe(true);
    expect(seals(world)).toEqual(await recomputed(world));
  });
});
