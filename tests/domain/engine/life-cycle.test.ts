import { describe, expect, test } from 'vitest';
import { at } from '../../support/day-story.ts';
import { clinic, freeSeats, keyed, monday, read, told, tuesday, Visitor } from '../../support/sim/clinic.ts';
import type { EngineWorld } from '../../support/sim/engine-world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 86_400_000;

const auditOf = (world: EngineWorld, id: string): string[] =>
  world.d1
    .rows<{ action: string }>('SELECT action FROM audit_events WHERE subject_id = ? ORDER BY stream, seq', id)
    .map(({ action }) => action);

describe('an unopened day', () => {
  test('[DD32] is browsed, probed and refused without storing anything', async () => {
    const world = clinic({ minimumNoticeMinutes: 60 });
    const amina = new Visitor(world, 'amina');
    expect(Object.keys(await freeSeats(world, monday))).toHaveLength(6);
    const probes = [
      await amina.holds(monday, '09:10', keyed('k')),
      await amina.holds(monday, '20:00'),
      await amina.does('confirm', amina.holding(monday, '09:00').appointmentId),
      await read(world, amina.holding(monday, '09:00').appointmentId),
    ];
    expect(probes.map(told)).toEqual([
      'refused: slot_not_found',
      'refused: slot_not_found',
      'refused: not_found',
      'refused: not_found',
    ]);
    world.clock.advanceTo(at('08:30'));
    expect(told(await amina.holds(monday, '09:00'))).toBe('refused: outside_booking_window');
    const video = { ...amina.holding(monday, '11:00'), mode: 'video' } as const;
    expect(await world.ask(monday, (engine) => engine.execute(video, null))).toMatchObject({
      result: { refusal: { code: 'mode_unavailable' } },
    });
    await world.ask(monday, (engine) => engine.schedules.thaw('zone'));
    await world.ask(monday, (engine) => engine.onAlarm());
    expect(world.disk(monday).isEmpty()).toBe(true);
    expect(world.d1.rows('SELECT * FROM doctor_days')).toEqual([]);
  });

  test('[DD32] two first bookings at once open it once', async () => {
    const world = clinic();
    const replies = await world.askAll(
      monday,
      ['a', 'b'].map((name) => (engine) => engine.execute(new Visitor(world, name).holding(monday, '09:00'), null)),
    );
    expect(replies.map((reply) => reply.kind === 'answer' && told(reply.result))).toEqual([
      'pending',
      'refused: slot_full',
    ]);
    await world.quiet();
    expect(world.d1.rows(`SELECT action FROM audit_events WHERE action = 'opened'`)).toHaveLength(1);
  });
});

describe('the alarm', () => {
  test('[DD4] rings at the expiry of a hold, and the seat is seen to be free in D1', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    await amina.holds(monday, '09:00');
    await world.quiet();
    await world.letPass(5 * minute);
    expect(world.d1.rows('SELECT status, seat FROM appointments')).toEqual([{ status: 'expired', seat: null }]);
  });

  test('[DD4] [DD3] when it never rings, a hold still ends at its expiry: for its patient, others, readers', async () => {
    const world = clinic();
    const [amina, badal] = [new Visitor(world, 'amina'), new Visitor(world, 'badal')];
    const held = await amina.holds(monday, '09:00');
    const id = held.ok ? held.value.id : '';
    await world.quiet();
    world.disk(monday).alarmAtMs = null;
    world.clock.advance(5 * minute);
    world.crash(monday);
    world.disk(monday).alarmAtMs = null;
    expect(await freeSeats(world, monday)).toMatchObject({ '09:00': 1 });
    expect(told(await read(world, id))).toBe('expired');
    expect(told(await amina.does('confirm', id))).toBe('refused: hold_expired');
    expect(told(await badal.holds(monday, '09:00'))).toBe('pending');
    await world.quiet();
    expect(auditOf(world, id)).toEqual(['held', 'expired']);
  });

  test('[DD34] that was lost is armed again by the next command', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    await amina.holds(monday, '09:00');
    await world.quiet();
    world.disk(monday).alarmAtMs = null;
    world.clock.advance(6 * minute);
    await new Visitor(world, 'badal').does('confirm', amina.holding(monday, '09:00').appointmentId);
    expect(world.disk(monday).alarmAtMs).not.toBeNull();
  });

  test('[DD34] that was lost is armed again by the next reader', async () => {
    for (const reader of [
      (world: EngineWorld) => freeSeats(world, monday),
      (world: EngineWorld) => read(world, new Visitor(world, 'x').holding(monday, '09:00').appointmentId),
    ]) {
      const world = clinic();
      await new Visitor(world, 'amina').holds(monday, '09:00');
      await world.quiet();
      world.disk(monday).alarmAtMs = null;
      world.clock.advance(6 * minute);
      await reader(world);
      expect(world.disk(monday).alarmAtMs).not.toBeNull();
    }
  });

  test('[DD34] that was lost with the engine is armed again when the day is loaded', async () => {
    const world = clinic();
    await new Visitor(world, 'amina').holds(monday, '09:00');
    await world.quiet();
    world.crash(monday);
    world.disk(monday).alarmAtMs = null;
    await freeSeats(world, monday);
    expect(world.disk(monday).alarmAtMs).toBe(at('12:05', '2026-06-07'));
  });

  test('[DD34] is armed for the earliest of all that is due, and again after each', async () => {
    const world = clinic();
    await new Visitor(world, 'amina').holds(monday, '09:00');
    await world.letPass(minute);
    expect(world.disk(monday).alarmAtMs).toBe(at('12:05', '2026-06-07'));
    await new Visitor(world, 'badal').holds(monday, '09:30');
    await world.letPass(4 * minute);
    expect(world.disk(monday).alarmAtMs).toBe(at('12:06', '2026-06-07'));
    await world.letPass(minute);
    // Nothing is left but to clean up: a week after the day has ended in every zone.
    expect(world.disk(monday).alarmAtMs).toBe(Date.parse('2026-06-10T00:00Z') + 7 * day);
  });

  test('[DD34] that fails is reported and armed again', async () => {
    const world = clinic();
    await new Visitor(world, 'amina').holds(monday, '09:00');
    await world.quiet();
    world.disk(monday).beforeExec = (query) => {
      if (query.startsWith('INSERT INTO events')) throw new Error('disk trouble');
    };
    world.clock.advance(5 * minute);
    await world.ring(monday);
    expect(world.reports).toContain('alarm_failed');
    expect(world.disk(monday).alarmAtMs).not.toBeNull();
    world.disk(monday).beforeExec = null;
    await world.ring(monday);
    expect(world.d1.rows('SELECT status FROM appointments')).toEqual([{ status: 'expired' }]);
  });
});

describe('a long-past day', () => {
  const past = Date.parse('2026-06-10T00:00Z') + 7 * day;

  test('[DD33] deletes its storage once D1 holds it all, and not before', async () => {
    const world = clinic();
    const id = await new Visitor(world, 'amina').books(monday, '09:00');
    await world.quiet();
    await world.letPass(past - 1 - world.clock.nowMs);
    expect(world.disk(monday).isEmpty()).toBe(false);
    await world.letPass(1);
    expect(world.disk(monday).isEmpty()).toBe(true);
    expect(world.d1.rows('SELECT cleaned_at_ms FROM doctor_days')).toEqual([{ cleaned_at_ms: past }]);
    expect(world.d1.rows('SELECT id, status FROM appointments')).toEqual([{ id, status: 'confirmed' }]);
  });

  test('[DD33] afterwards does not look free, cannot be booked, and stores nothing', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const id = await amina.books(monday, '09:00');
    await world.letPass(past + minute - world.clock.nowMs);
    expect(new Set(Object.values(await freeSeats(world, monday)))).toEqual(new Set([0]));
    expect(told(await amina.holds(monday, '10:00'))).toBe('refused: outside_booking_window');
    expect(told(await amina.does('cancel', id))).toBe('refused: not_found');
    world.crash(monday);
    expect(told(await amina.holds(monday, '10:00'))).toBe('refused: outside_booking_window');
    expect(world.disk(monday).isEmpty()).toBe(true);
  });

  test('[DD33] waits while D1 is down', async () => {
    const world = clinic();
    await new Visitor(world, 'amina').books(monday, '09:00');
    await world.quiet();
    world.d1.intercept = () => {
      throw new Error('D1 is out of reach');
    };
    await world.letPass(past + 3 * hour - world.clock.nowMs);
    expect(world.disk(monday).isEmpty()).toBe(false);
    world.d1.intercept = null;
    await world.letPass(hour);
    expect(world.disk(monday).isEmpty()).toBe(true);
  });

  test('[DD33] sends everything again when D1 has lost some of it', async () => {
    const world = clinic();
    const id = await new Visitor(world, 'amina').books(monday, '09:00');
    await world.letPass(minute);
    world.d1.force('DELETE FROM audit_events WHERE seq = 2');
    world.d1.rows('DELETE FROM appointments');
    await world.letPass(past + 2 * hour - world.clock.nowMs);
    expect(auditOf(world, id)).toEqual(['held', 'confirmed']);
    expect(world.d1.rows('SELECT id FROM appointments')).toEqual([{ id }]);
    expect(world.disk(monday).isEmpty()).toBe(true);
  });

  test('[DD33] stays while one of its rows is set aside', async () => {
    const world = clinic();
    await new Visitor(world, 'amina').books(monday, '09:00');
    await world.quiet();
    const set = `INSERT INTO projection_quarantine (appointment_id, version, doctor_id, date, why, row, at_ms)
      VALUES ('a_x', 1, ?, ?, 'w', '{}', 0)`;
    world.d1.rows(set, monday.doctorId, monday.date);
    let calls = 0;
    world.d1.intercept = () => {
      calls += 1;
    };
    await world.letPass(past + day - world.clock.nowMs);
    expect(world.disk(monday).isEmpty()).toBe(false);
    expect(calls, 'without asking D1 all the time').toBeLessThan(1_000);
  });

  test('[DD33] a crash between telling D1 and deleting is made up for', async () => {
    const world = clinic();
    await new Visitor(world, 'amina').books(monday, '09:00');
    await world.quiet();
    let crashes = 0;
    world.d1.intercept = ({ queries, when }) => {
      if (when === 'before' || crashes > 0 || !queries[0]?.includes('cleaned_at_ms')) return;
      crashes += 1;
      world.crash(monday);
    };
    await world.letPass(past + 2 * hour - world.clock.nowMs);
    expect(crashes).toBe(1);
    expect(world.disk(monday).isEmpty()).toBe(true);
  });

  test('[DD33] a request that comes while it cleans up is refused for now, and finds history afterwards', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const id = await amina.books(monday, '09:00');
    await world.quiet();
    const during: string[] = [];
    world.d1.intercept = ({ queries, when }) => {
      if (when === 'after' || !queries[0]?.includes('cleaned_at_ms')) return;
      world.d1.intercept = null;
      void amina.does('cancel', id).then((answer) => during.push(told(answer)));
    };
    await world.letPass(past + minute - world.clock.nowMs);
    expect(['refused: temporarily_unavailable', 'refused: not_found']).toContain(during[0]);
    expect(world.disk(monday).isEmpty()).toBe(true);
    expect(world.d1.rows('SELECT status FROM appointments')).toEqual([{ status: 'confirmed' }]);
  });

  test('[DD33] [DD18] a moved appointment is where D1 says, once its first day is gone', async () => {
    const world = clinic({}, { retentionMs: 0 });
    const amina = new Visitor(world, 'amina');
    const id = await amina.books(monday, '09:00');
    await amina.moves(id, tuesday, '09:00');
    await world.quiet();
    await world.letPass(Date.parse('2026-06-10T00:00Z') - world.clock.nowMs);
    expect([world.disk(monday).isEmpty(), world.disk(tuesday).isEmpty()]).toEqual([true, false]);
    expect(world.d1.rows('SELECT id, date, status FROM appointments')).toEqual([
      { id, date: '2026-06-09', status: 'confirmed' },
    ]);
    expect(await world.ask(monday, (engine) => engine.get(id))).toEqual({ kind: 'unknown' });
  });
});
