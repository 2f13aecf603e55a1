import { describe, expect, test } from 'vitest';
import { clinic, freeSeats, keyed, monday, told, tuesday, Visitor, wednesday } from '../../support/sim/clinic.ts';

describe('the same key and request', () => {
  test('[DD26] get the same answer, sent together, one after the other, and after a crash', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const key = keyed('k');
    const holds = Array.from({ length: 20 }, () => amina.holding(monday, '09:00'));
    const first = await world.askAll(
      monday,
      holds.map((hold) => (engine) => engine.execute(hold, key)),
    );
    const again = await amina.holds(monday, '09:00', key);
    world.crash(monday);
    const afterwards = await amina.holds(monday, '09:00', key);
    expect(told(again)).toBe('pending');
    expect(first).toEqual(first.map(() => ({ kind: 'answer', result: again })));
    expect(afterwards).toEqual(again);
    expect(world.d1.rows(`SELECT count(*) AS n FROM appointments WHERE doctor_id = ?`, monday.doctorId)).toEqual([
      { n: 1 },
    ]);
  });

  test('[DD26] get the first answer, whatever has happened since, also when it was a refusal', async () => {
    const world = clinic();
    const [amina, badal] = [new Visitor(world, 'amina'), new Visitor(world, 'badal')];
    const held = await amina.holds(monday, '09:00', keyed('a'));
    const refusal = await badal.holds(monday, '09:00', keyed('b'));
    expect(told(refusal)).toBe('refused: slot_full');
    await world.letPass(6 * 60_000);
    expect(await amina.holds(monday, '09:00', keyed('a'))).toEqual(held);
    expect(await badal.holds(monday, '09:00', keyed('b'))).toEqual(refusal);
    expect(told(await badal.holds(monday, '09:00', keyed('c')))).toBe('pending');
  });

  test('[DD26] get the same answer when the twin opened the day, and the schedule was edited meanwhile', async () => {
    const world = clinic();
    const hold = new Visitor(world, 'amina').holding(monday, '09:00');
    const projected = Promise.withResolvers<void>();
    let calls = 0;
    world.d1.intercept = async ({ when, queries }) => {
      calls += 1;
      // One twin reads the schedule only after the other has opened the day and been projected.
      if (calls === 1) await projected.promise;
      if (when === 'after' || !queries.some((query) => query.includes('audit_events'))) return;
      world.d1.rows('DELETE FROM weekly_rules');
      projected.resolve();
    };
    const [late, first] = await world.askAll(monday, [
      (engine) => engine.execute(hold, keyed('k')),
      (engine) => engine.execute(hold, keyed('k')),
    ]);
    expect(first).toMatchObject({ kind: 'answer', result: { ok: true, value: { status: 'pending' } } });
    expect(late).toEqual(first);
  });

  test('[DD26] of two people are two requests', async () => {
    const world = clinic();
    expect(told(await new Visitor(world, 'amina').holds(monday, '09:00', keyed('k')))).toBe('pending');
    expect(told(await new Visitor(world, 'badal').holds(monday, '09:00', keyed('k')))).toBe('refused: slot_full');
  });

  test('[DD26] survive a rolled back group: the answer is stored with the decision or not at all', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    await amina.books(monday, '11:00');
    world.onMoment = ({ day, what }) => {
      if (what === 'before commit') world.crash(day);
    };
    await expect(amina.holds(monday, '09:00', keyed('k'))).rejects.toThrow('the object was reset');
    world.onMoment = null;
    const first = await amina.holds(monday, '09:00', keyed('k'));
    expect(told(first)).toBe('pending');
    world.onMoment = ({ day, what }) => {
      if (what === 'after commit') world.crash(day);
    };
    await expect(amina.does('confirm', first.ok ? first.value.id : '', keyed('k2'))).rejects.toThrow();
    world.onMoment = null;
    expect(told(await amina.does('confirm', first.ok ? first.value.id : '', keyed('k2')))).toBe('confirmed');
  });

  test('[DD26] get the same answer from wherever the appointment has moved to', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const held = await amina.holds(monday, '09:00', keyed('hold'));
    const id = held.ok ? held.value.id : '';
    const confirmed = await amina.does('confirm', id, keyed('confirm'));
    const moved = await amina.moves(id, tuesday, '09:00', keyed('move'));
    const described = await amina.does('describe', id, keyed('describe'));
    const on = await amina.moves(id, wednesday, '10:00', keyed('on'));
    const cancelled = await amina.does('cancel', id, keyed('cancel'));
    const told_ = [held, confirmed, moved, described, on, cancelled].map(told);
    expect(told_).toEqual(['pending', 'confirmed', 'confirmed', 'confirmed', 'confirmed', 'cancelled']);
    for (const day of [monday, tuesday, wednesday]) world.crash(day);
    expect(await amina.holds(monday, '09:00', keyed('hold'))).toEqual(held);
    expect(await amina.does('confirm', id, keyed('confirm'))).toEqual(confirmed);
    expect(await amina.moves(id, tuesday, '09:00', keyed('move'))).toEqual(moved);
    expect(await amina.does('describe', id, keyed('describe'))).toEqual(described);
    expect(await amina.moves(id, wednesday, '10:00', keyed('on'))).toEqual(on);
    expect(await amina.does('cancel', id, keyed('cancel'))).toEqual(cancelled);
    expect([await freeSeats(world, monday), await freeSeats(world, tuesday)]).toMatchObject([
      { '09:00': 1 },
      { '09:00': 1 },
    ]);
  });

  test('[DD26] get the same answer also once the first day is gone: it came along', async () => {
    const world = clinic({}, { retentionMs: 0 });
    const amina = new Visitor(world, 'amina');
    const held = await amina.holds(monday, '09:00', keyed('hold'));
    const id = held.ok ? held.value.id : '';
    const confirmed = await amina.does('confirm', id, keyed('confirm'));
    const moved = await amina.moves(id, tuesday, '09:00', keyed('move'));
    await world.quiet();
    const repeats = await world.ask(tuesday, (engine) =>
      Promise.all([
        engine.execute({ type: 'confirm', principal: amina.principal, appointmentId: id }, keyed('confirm')),
        engine.execute(
          { type: 'reschedule', principal: amina.principal, appointmentId: id, startsAtMs: 0 },
          keyed('move'),
        ),
      ]),
    );
    expect(repeats).toEqual([
      { kind: 'answer', result: confirmed },
      { kind: 'answer', result: moved },
    ]);
  });
});

describe('the same key', () => {
  test('[DD27] with another request is refused, and does nothing', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const held = await amina.holds(monday, '09:00', keyed('k', 'nine'));
    expect(told(await amina.holds(monday, '10:00', keyed('k', 'ten')))).toBe('refused: idempotency_key_reused');
    const id = held.ok ? held.value.id : '';
    expect(told(await amina.does('confirm', id, keyed('k', 'confirm')))).toBe('refused: idempotency_key_reused');
    expect(await freeSeats(world, monday)).toMatchObject({ '09:00': 0, '10:00': 1 });
    const both = await world.askAll(
      monday,
      ['a', 'b'].map((body) => (engine) => engine.execute(amina.holding(monday, '11:00'), keyed('k2', body))),
    );
    expect(both[1]).toEqual({ kind: 'answer', result: { ok: false, refusal: { code: 'idempotency_key_reused' } } });
  });

  test('[DD27] while a move is undecided its repeat is told so; afterwards it gets the outcome', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const id = await amina.books(monday, '09:00');
    const during: string[] = [];
    world.onMoment = ({ what }) => {
      if (what !== 'reserveSeat sent') return;
      world.onMoment = null;
      void amina.moves(id, tuesday, '09:00', keyed('move')).then((answer) => during.push(told(answer)));
      void amina.moves(id, tuesday, '09:30', keyed('move', 'else')).then((answer) => during.push(told(answer)));
      void amina.does('cancel', id, keyed('cancel')).then((answer) => during.push(told(answer)));
    };
    const moved = await amina.moves(id, tuesday, '09:00', keyed('move'));
    await world.quiet();
    expect(told(moved)).toBe('confirmed');
    expect(during.sort()).toEqual([
      'refused: idempotency_key_reused',
      'refused: move_in_progress',
      'refused: request_in_flight',
    ]);
    expect(await amina.moves(id, tuesday, '09:00', keyed('move'))).toEqual(moved);
  });

  test('[DD27] a move that crashed undecided is in flight until it is decided, then has one answer', async () => {
    const world = clinic();
    const amina = new Visitor(world, 'amina');
    const id = await amina.books(monday, '09:00');
    world.onMoment = ({ what }) => {
      if (what === 'reserveSeat sent') world.crash(monday);
    };
    await expect(amina.moves(id, tuesday, '09:00', keyed('move'))).rejects.toThrow('the object was reset');
    world.onMoment = null;
    expect(told(await amina.moves(id, tuesday, '09:00', keyed('move')))).toBe('refused: request_in_flight');
    await world.letPass(10_000);
    const outcome = await amina.moves(id, tuesday, '09:00', keyed('move'));
    expect(told(outcome)).toBe('confirmed');
    expect(outcome.ok && outcome.value.date).toBe('2026-06-09');
    expect(await freeSeats(world, tuesday)).toMatchObject({ '09:00': 0 });
  });

  test('[DD26] a move that the other day refuses has that refusal as its answer', async () => {
    const world = clinic();
    const [amina, badal] = [new Visitor(world, 'amina'), new Visitor(world, 'badal')];
    const id = await amina.books(monday, '09:00');
    const other = await badal.books(tuesday, '09:00');
    const refusedMove = await amina.moves(id, tuesday, '09:00', keyed('move'));
    expect(told(refusedMove)).toBe('refused: slot_full');
    await badal.does('cancel', other);
    expect(await amina.moves(id, tuesday, '09:00', keyed('move'))).toEqual(refusedMove);
    expect(told(await amina.moves(id, tuesday, '09:00', keyed('again')))).toBe('confirmed');
  });
});
