import { describe, expect, test } from 'vitest';
import { daily } from '../../support/schedules.ts';
import { clinic, monday, told, Visitor } from '../../support/sim/clinic.ts';
import type { EngineWorld } from '../../support/sim/engine-world.ts';
import type { D1Call } from '../../support/sim/sqlite-d1.ts';

const minute = 60_000;

interface Row {
  readonly id: string;
  readonly status: string;
  readonly seat: number | null;
  readonly version: number;
}

const rows = ({ d1 }: EngineWorld): Row[] =>
  d1.rows<Row>('SELECT id, status, seat, version FROM appointments ORDER BY id');

/** Everything that D1 holds of the days, without when it came to know of them. */
const projected = ({ d1 }: EngineWorld) => ({
  appointments: d1.rows('SELECT * FROM appointments ORDER BY id'),
  audit: d1.rows('SELECT * FROM audit_events ORDER BY stream, seq'),
  seals: d1.rows('SELECT * FROM audit_seals ORDER BY stream, seq'),
  days: d1.rows(`SELECT doctor_id, date, schedule_version, version, remaining, first_available_at_ms,
    last_available_at_ms FROM doctor_days ORDER BY doctor_id, date`),
});

const audited = ({ d1 }: EngineWorld): number[] =>
  d1.rows<{ seq: number }>('SELECT seq FROM audit_events ORDER BY seq').map(({ seq }) => seq);

const isProjection = ({ queries }: D1Call) => queries.some((query) => query.includes('audit_events'));

/** Fails the projections that a condition picks, before or after they land. */
const failing = (world: EngineWorld, when: D1Call['when'], which: (call: number) => boolean = () => true): void => {
  let calls = 0;
  world.d1.intercept = (call) => {
    if (!isProjection(call) || call.when !== when) return;
    calls += 1;
    if (which(calls)) throw new Error('D1 is out of reach');
  };
};

/** A morning of five patients; one cancels, one moves, one lets the hold run out. */
const morning = async (world: EngineWorld): Promise<void> => {
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => new Visitor(world, name));
  const first = (await a?.books(monday, '09:00')) ?? '';
  const second = (await b?.books(monday, '09:30')) ?? '';
  expect(told((await c?.holds(monday, '09:00')) ?? { ok: false, refusal: { code: 'not_found' } })).toBe(
    'refused: slot_full',
  );
  await a?.does('cancel', first);
  await c?.books(monday, '09:00');
  await b?.moves(second, monday, '10:00');
  await d?.books(monday, '09:30');
  await e?.holds(monday, '11:00');
  await world.letPass(6 * minute);
};

const undisturbed = async () => {
  const world = clinic();
  await morning(world);
  await world.letPass(10 * minute);
  return projected(world);
};

describe('while D1 is down', () => {
  test('[DD22] an open day goes on: holds, confirmations, cancellations, expiry, reading', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    await amina.books(monday, '11:30');
    world.d1.intercept = () => {
      throw new Error('D1 is out of reach');
    };
    const badal = new Visitor(world, 'badal');
    const held = await badal.holds(monday, '09:00');
    const id = held.ok ? held.value.id : '';
    expect([told(held), told(await badal.does('confirm', id)), told(await badal.does('cancel', id))]).toEqual([
      'pending',
      'confirmed',
      'cancelled',
    ]);
    await amina.holds(monday, '09:00');
    await world.letPass(5 * minute);
    expect(told(await badal.holds(monday, '09:00'))).toBe('pending');
  });

  test('[DD22] [DD32] a day that nobody has booked cannot be opened, and stores nothing', async () => {
    const world = clinic();
    world.d1.intercept = () => {
      throw new Error('D1 is out of reach');
    };
    expect(told(await new Visitor(world, 'amina').holds(monday, '09:00'))).toBe('refused: temporarily_unavailable');
    expect(world.disk(monday).isEmpty()).toBe(true);
  });

  test('[DD23] everything arrives once it is back, and is what it would have been', async () => {
    const world = clinic();
    await new Visitor(world, 'x').books(monday, '11:30');
    const calm = clinic();
    await new Visitor(calm, 'x').books(monday, '11:30');
    await world.quiet();
    failing(world, 'before');
    for (const each of [world, calm]) {
      await morning(each);
      await each.letPass(30 * minute);
    }
    expect(audited(world).length).toBeLessThan(audited(calm).length);
    world.d1.intercept = null;
    await world.letPass(2 * minute);
    expect(projected(world)).toEqual(projected(calm));
  });

  test('[DD23] tries again after 1, 2, 4 … seconds, at most a minute apart, and not with every commit', async () => {
    const world = clinic();
    await new Visitor(world, 'x').books(monday, '11:30');
    await world.quiet();
    const tries: number[] = [];
    world.d1.intercept = (call) => {
      if (!isProjection(call)) return;
      tries.push(world.clock.nowMs);
      throw new Error('D1 is out of reach');
    };
    const started = world.clock.nowMs;
    await new Visitor(world, 'a').books(monday, '09:00');
    await new Visitor(world, 'b').books(monday, '09:30');
    await world.quiet();
    expect(tries).toHaveLength(1);
    await world.letPass(5 * minute);
    const seconds = tries.map((ms) => (ms - started) / 1000);
    expect(seconds).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  });
});

describe('a projection that fails', () => {
  const cases: [string, D1Call['when'], (call: number) => boolean][] = [
    ['before it lands, always at first', 'before', (call) => call <= 3],
    ['before it lands, every second time', 'before', (call) => call % 2 === 1],
    ['after it has landed, unheard', 'after', (call) => call <= 3],
    ['after it has landed, every second time', 'after', (call) => call % 2 === 1],
  ];
  test.each(cases)('[DD23] %s: D1 ends with the same rows, no audit row twice', async (_, when, which) => {
    const world = clinic();
    failing(world, when, which);
    await morning(world);
    await world.letPass(10 * minute);
    world.d1.intercept = null;
    expect(projected(world)).toEqual(await undisturbed());
  });

  test('[DD23] half way: of a conflict’s single rows some landed, then D1 went away', async () => {
    const world = clinic();
    occupy(world, '09:00');
    let calls = 0;
    world.d1.intercept = ({ when, queries }) => {
      if (when === 'after' || !queries.some((query) => /appointments|quarantine|audit/.test(query))) return;
      calls += 1;
      if (calls % 3 === 0 && calls < 20) throw new Error('D1 is out of reach');
    };
    await morning(world);
    await world.letPass(30 * minute);
    const shown = world.d1.rows(`SELECT id, status, version FROM appointments WHERE id <> 'a_ghost' ORDER BY id`);
    const calm = (await undisturbed()).appointments.map(({ id, status, version }) => ({ id, status, version }));
    // Whoever holds the seat that D1 gives to a ghost is set aside; all else is there.
    expect(shown.length).toBeGreaterThanOrEqual(calm.length - 1);
    expect(calm).toEqual(expect.arrayContaining(shown));
    expect(audited(world)).toEqual((await undisturbed()).audit.map(({ seq }) => seq));
  });

  test('[DD23] a crash between landing and taking note changes nothing', async () => {
    const world = clinic();
    failing(world, 'before');
    await morning(world);
    let crashes = 0;
    world.d1.intercept = (call) => {
      if (!isProjection(call) || call.when !== 'after' || crashes === 5) return;
      crashes += 1;
      world.crash(monday);
    };
    await world.letPass(10 * minute);
    expect(crashes).toBe(5);
    expect(projected(world)).toEqual(await undisturbed());
  });

  test('[DD23] versions in D1 never go back', async () => {
    const world = clinic();
    const versions = new Map<string, number>();
    const lower: string[] = [];
    let calls = 0;
    world.d1.intercept = (call) => {
      if (call.when === 'before') return;
      for (const { id, version } of rows(world)) {
        if (version < (versions.get(id) ?? 0)) lower.push(id);
        versions.set(id, version);
      }
      calls += 1;
      if (isProjection(call) && calls % 2 === 0) throw new Error('the answer was lost');
    };
    await morning(world);
    await world.letPass(10 * minute);
    expect(versions.size).toBeGreaterThan(3);
    expect(lower).toEqual([]);
  });
});

/** Somebody in D1 sits in seat 1 of a slot, whom the day knows nothing of. */
const occupy = ({ d1 }: EngineWorld, time: string): void => {
  d1.rows(
    `INSERT INTO appointments (id, doctor_id, patient_id, date, starts_at_ms, ends_at_ms, time_zone, seat, mode, status,
       outside_schedule, fee_minor, currency, created_at_ms, updated_at_ms, version)
     VALUES ('a_ghost', ?, 'u_ghost', ?, ?, 0, 'Asia/Dhaka', 1, 'video', 'confirmed', 0, 0, 'BDT', 0, 0, 1)`,
    monday.doctorId,
    monday.date,
    Date.parse(`${monday.date}T${time}+06:00`),
  );
};

describe('a row that D1’s seat index refuses', () => {
  const quarantined = ({ d1 }: EngineWorld) =>
    d1.rows<{ id: string }>('SELECT appointment_id AS id FROM projection_quarantine').map(({ id }) => id);

  test('[DD24] is set aside and reported; everything else lands', async () => {
    const world = clinic();
    occupy(world, '09:00');
    const refusedRow = await new Visitor(world, 'amina').books(monday, '09:00');
    const other = await new Visitor(world, 'badal').books(monday, '09:30');
    await world.letPass(minute);
    expect(new Set(quarantined(world))).toEqual(new Set([refusedRow]));
    expect(world.reports).toContain('projection_quarantined');
    expect(rows(world).map(({ id }) => id)).toEqual(['a_ghost', other].sort());
    expect(audited(world)).toEqual([1, 2, 3, 4, 5]);
  });

  test('[DD24] is no longer set aside once a newer version of it has landed', async () => {
    const world = clinic();
    occupy(world, '09:00');
    const amina = new Visitor(world, 'amina');
    const id = await amina.books(monday, '09:00');
    await amina.does('cancel', id);
    await world.letPass(minute);
    expect(rows(world)).toContainEqual({ id, status: 'cancelled', seat: null, version: 3 });
    expect(quarantined(world)).toEqual([]);
  });

  test('[DD24] [DD7] no seat that changes hands within a long backlog is taken for a conflict', async () => {
    const world = clinic({ rules: daily('09:00', '12:00', { capacity: 1 }) });
    const [amina, badal] = [new Visitor(world, 'amina'), new Visitor(world, 'badal')];
    const first = await amina.books(monday, '09:00');
    const second = await badal.books(monday, '09:30');
    await world.letPass(minute);
    failing(world, 'before');
    // Badal is heard of early in the backlog, and gets the seat that Amina gives back only at its end.
    await badal.does('describe', second);
    for (let i = 0; i < 510; i += 1) await badal.does('describe', second);
    await amina.does('cancel', first);
    await badal.moves(second, monday, '09:00');
    world.d1.intercept = null;
    await world.letPass(2 * minute);
    expect(rows(world).find(({ id }) => id === second)).toMatchObject({ status: 'confirmed', seat: 1 });
    expect(world.reports).not.toContain('projection_quarantined');
    expect(quarantined(world)).toEqual([]);
  });
});

describe('a busy day', () => {
  test('[DD23] what is committed while a long backlog drains is in D1 too, and the day’s row tells so', async () => {
    const world = clinic({ rules: daily('09:00', '12:00', { capacity: 600 }) });
    await new Visitor(world, 'first').books(monday, '09:00');
    await world.letPass(minute);
    const holds = Array.from({ length: 550 }, (_, i) => new Visitor(world, `p${i}`).holding(monday, '09:00'));
    const late = new Visitor(world, 'late').holding(monday, '09:30');
    let projections = 0;
    world.d1.intercept = async (call) => {
      if (!isProjection(call) || call.when !== 'before') return;
      projections += 1;
      if (projections === 1) await world.ask(monday, (engine) => engine.execute(late, null));
    };
    await world.askAll(
      monday,
      holds.map((hold) => (engine) => engine.execute(hold, null)),
    );
    await world.quiet();
    expect(rows(world)).toHaveLength(552);
    expect(world.d1.rows('SELECT version, remaining FROM doctor_days')).toEqual([
      { version: 554, remaining: 6 * 600 - 552 },
    ]);
  });
});

describe('a rebuild', () => {
  const emptied = (world: EngineWorld): void => {
    for (const table of ['appointments', 'audit_events', 'audit_seals', 'doctor_days']) {
      world.d1.force(`DELETE FROM ${table}`);
    }
  };

  test('[DD25] into an emptied D1 gives the same rows', async () => {
    const world = clinic();
    await morning(world);
    await world.letPass(10 * minute);
    const before = projected(world);
    emptied(world);
    expect(await world.ask(monday, (engine) => engine.reproject())).toBe(true);
    expect(projected(world)).toEqual(before);
  });

  test('[DD25] fails aloud while D1 does not take it, and can be asked for again', async () => {
    const world = clinic();
    await morning(world);
    await world.letPass(10 * minute);
    const before = projected(world);
    emptied(world);
    failing(world, 'before');
    await expect(world.ask(monday, (engine) => engine.reproject())).rejects.toThrow('D1 did not take the day');
    world.d1.intercept = null;
    expect(await world.ask(monday, (engine) => engine.reproject())).toBe(true);
    expect(projected(world)).toEqual(before);
  });

  test('[DD25] of a day that nobody has booked does nothing', async () => {
    const world = clinic();
    expect(await world.ask(monday, (engine) => engine.reproject())).toBe(false);
    expect(world.disk(monday).isEmpty()).toBe(true);
  });
});
