import { expect, test } from 'vitest';
import { Patience } from '../../bench/drill/patience.ts';
import { type SlotCall, slotModel } from '../../bench/drill/slot-model.ts';
import { linearize } from '../simulation/linearizability.ts';

const ttlMs = 15_000;

/** A call from one instant to another, ms; open-ended when it was never answered. */
const call = (
  who: string,
  kind: SlotCall['kind'],
  start: number,
  end: number | null,
  told: string,
  id = `a_${who}`,
): SlotCall => {
  const [status = '0', code = null] = told.split(' ');
  const held = kind === 'hold' && status === '201';
  return {
    ...{ start, end: end ?? Number.POSITIVE_INFINITY, required: end !== null, kind, patientId: who },
    appointmentId: kind !== 'hold' || held ? id : null,
    ...{ status: Number(status), code, expiresAtMs: held ? start + ttlMs : null },
  };
};

const explains = (calls: SlotCall[], capacity = 1) => linearize(slotModel(capacity, ttlMs), calls).ok;

test('a seat that is held, confirmed and given back, and then held by somebody else, is explained', () => {
  const story = [
    call('amina', 'hold', 0, 10, '201'),
    call('badal', 'hold', 5, 20, '409 slot_full'),
    call('amina', 'confirm', 30, 40, '200'),
    call('amina', 'cancel', 50, 60, '200'),
    call('badal', 'hold', 55, 70, '201'),
  ];
  expect(explains(story)).toBe(true);
});

test('two holders of one seat are not explained; of two seats they are', () => {
  const both = [call('amina', 'hold', 0, 10, '201'), call('badal', 'hold', 5, 20, '201')];
  expect([explains(both), explains(both, 2)]).toEqual([false, true]);
});

test('a booking that was acknowledged and then lost is not explained', () => {
  const lost = [
    call('amina', 'hold', 0, 10, '201'),
    call('amina', 'confirm', 20, 30, '200'),
    call('badal', 'hold', 40, 50, '201'),
  ];
  expect(explains(lost)).toBe(false);
});

test('a refusal for want of seats is not explained while the seat is free', () => {
  expect(explains([call('amina', 'hold', 0, 10, '409 slot_full')])).toBe(false);
  // Somebody who was never answered may hold it.
  const maybe = [call('badal', 'hold', 0, null, '0'), call('amina', 'hold', 5, 10, '409 slot_full')];
  expect(explains(maybe)).toBe(true);
});

test('a hold blocks its seat until it runs out and not longer', () => {
  const next = (at: number, told: string) => [
    call('amina', 'hold', 0, 10, '201'),
    call('badal', 'hold', at, at + 10, told),
  ];
  expect(explains(next(ttlMs - 100, '201'))).toBe(false);
  expect(explains(next(ttlMs + 100, '201'))).toBe(true);
  expect(explains(next(ttlMs + 100, '409 slot_full'))).toBe(false);
});

test('a hold that has run out cannot have been confirmed', () => {
  const late = [call('amina', 'hold', 0, 10, '201'), call('amina', 'confirm', ttlMs + 100, ttlMs + 110, '200')];
  expect(explains(late)).toBe(false);
});

test('[PF2] a lag is waited for while it shrinks, and within a bound', () => {
  const waits = (...looks: readonly (readonly [atMs: number, lag: number])[]) => {
    const patience = new Patience({ stalledMs: 10, wholeMs: 30 }, 100);
    return looks.map(([atMs, lag]) => patience.lasts(lag, 100 + atMs));
  };
  expect(waits([0, 0])).toEqual([false]);
  expect(waits([0, 5], [9, 4], [18, 3], [27, 0])).toEqual([true, true, true, false]);
  expect(waits([0, 5], [9, 5], [10, 5])).toEqual([true, true, false]);
  // What grows meanwhile and shrinks again has come no nearer.
  expect(waits([0, 5], [5, 9], [9, 6], [10, 5])).toEqual([true, true, true, false]);
  expect(waits([0, 9], [9, 8], [18, 7], [27, 6], [30, 5])).toEqual([true, true, true, true, false]);
});
