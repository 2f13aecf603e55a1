import { describe, expect, test } from 'vitest';
import { at, DayStory } from '../../support/day-story.ts';
import { away, daily, weekly } from '../../support/schedules.ts';

const minute = 60_000;

describe('seats', () => {
  test('[DD1] a slot of capacity 1 takes one patient, and the next is refused', () => {
    const day = new DayStory();
    expect(day.person('amina').holds('09:00')).toBe('held');
    expect(day.person('badal').holds('09:00')).toBe('refused: slot_full');
    expect(day.free).toMatchObject({ '09:00': 0, '09:30': 1 });
  });

  test('[DD1] a slot of capacity 5 takes five patients, whatever their status', () => {
    const day = new DayStory({ rules: daily('09:00', '10:00', { capacity: 5 }) });
    for (const name of ['a', 'b', 'c', 'd']) day.person(name).books('09:00');
    expect(day.free).toEqual({ '09:00': 1, '09:30': 5 });
    expect(day.person('e').holds('09:00')).toBe('held');
    expect(day.person('f').holds('09:00')).toBe('refused: slot_full');
    expect(day.person('f').holds('09:30')).toBe('held');
  });

  test('[DD1] [DD10] a completed visit goes on occupying its time, a cancelled one does not', () => {
    const day = new DayStory({ rules: daily('09:00', '10:00', { capacity: 2, slotMinutes: 60 }) });
    const seen = day.person('amina').books('09:00');
    const missed = day.person('badal').books('09:00');
    day.itIs('09:00');
    expect(day.doctor.completes(seen)).toBe('completed');
    expect(day.free).toEqual({ '09:00': 0 });
    expect(day.doctor.cancels(missed)).toBe('cancelled');
    expect(day.free).toEqual({ '09:00': 1 });
  });

  test('[DD7] seats are numbered from 1 within each slot', () => {
    const day = new DayStory({ rules: daily('09:00', '10:00', { capacity: 3 }) });
    const seats = ['a', 'b', 'c'].map((name) => day.person(name).books('09:00').seat);
    expect(seats).toEqual([1, 2, 3]);
    expect(day.person('d').books('09:30').seat).toBe(1);
  });

  test('[DD7] the lowest seat that was given back is given out first', () => {
    const day = new DayStory({ rules: daily('09:00', '10:00', { capacity: 3 }) });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => day.person(name));
    for (const person of [a, b, c]) person?.books('09:00');
    b?.cancels();
    a?.cancels();
    expect(day.person('d').books('09:00').seat).toBe(1);
    expect(day.person('e').books('09:00').seat).toBe(2);
    expect(c?.visit.seat).toBe(3);
    expect(day.person('f').holds('09:00')).toBe('refused: slot_full');
  });
});

describe('the life of a hold', () => {
  test('[DD2] a hold keeps its seat until one millisecond before its expiry', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    amina.holds('09:00');
    expect(amina.visit.expiresAtMs).toBe(day.nowMs + 5 * minute);
    day.nowMs += 5 * minute - 1;
    expect(day.person('badal').holds('09:00')).toBe('refused: slot_full');
    expect(day.free).toMatchObject({ '09:00': 0 });
    expect(amina.confirms()).toBe('confirmed');
    expect(amina.visit.expiresAtMs).toBeNull();
  });

  test('[DD2] at its expiry the seat is free, and the next patient gets seat 1', () => {
    const day = new DayStory();
    day.person('amina').holds('09:00');
    day.nowMs += 5 * minute;
    expect(day.free).toMatchObject({ '09:00': 1 });
    const badal = day.person('badal');
    expect(badal.holds('09:00')).toBe('held');
    expect(badal.visit.seat).toBe(1);
  });

  test('[DD3] an expired hold cannot be confirmed, also when nobody took its seat', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    amina.holds('09:00');
    day.nowMs += 5 * minute;
    expect(amina.confirms()).toBe('refused: hold_expired');
    expect(amina.confirms()).toBe('refused: hold_expired');
    expect(amina.holds('09:00')).toBe('held');
  });

  test('[DD4] expiry is written down by the next decision, once, with its own event', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    amina.holds('09:00');
    const { id } = amina.visit;
    day.nowMs += 60 * minute;
    expect(day.state.appointments.get(id)?.status).toBe('pending');
    day.ask({ type: 'sweep' });
    day.ask({ type: 'sweep' });
    expect(day.person('badal').holds('09:00')).toBe('held');
    expect(day.historyOf(id)).toEqual(['held', 'expired']);
    expect(day.state.appointments.get(id)).toMatchObject({ status: 'expired', version: 2 });
  });

  test('[DD4] a cancelled hold does not expire afterwards', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    amina.holds('09:00');
    amina.cancels();
    day.nowMs += 60 * minute;
    day.ask({ type: 'sweep' });
    expect(day.historyOf(amina.visit.id)).toEqual(['held', 'cancelled']);
  });
});

describe('one patient', () => {
  test('[DD5] cannot take two seats of one slot', () => {
    const day = new DayStory({ rules: daily('09:00', '10:00', { capacity: 5 }) });
    const amina = day.person('amina');
    expect(amina.holds('09:00')).toBe('held');
    expect(amina.holds('09:00')).toBe('refused: already_booked');
    amina.confirms();
    expect(amina.holds('09:00')).toBe('refused: already_booked');
    expect(amina.holds('09:30')).toBe('held');
  });

  test('[DD5] cannot book a slot that overlaps a seat which an edit left outside the schedule', () => {
    const day = new DayStory({ rules: daily('09:00', '12:00', { slotMinutes: 60, capacity: 2 }) });
    const amina = day.person('amina');
    amina.books('10:00');
    day.edits({ rules: daily('09:30', '12:00', { slotMinutes: 60, capacity: 2 }) });
    expect(amina.holds('09:30')).toBe('refused: already_booked');
    expect(amina.holds('10:30')).toBe('refused: already_booked');
    expect(day.person('badal').holds('10:30')).toBe('refused: slot_full');
  });

  test('[DD5] may book again what they cancelled, and what their hold lost', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    amina.books('09:00');
    amina.cancels();
    expect(amina.holds('09:00')).toBe('held');
    day.nowMs += 5 * minute;
    expect(amina.holds('09:00')).toBe('held');
  });

  test('[DD6] has at most three live holds; confirmed, cancelled and expired ones do not count', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    for (const time of ['09:00', '09:30', '10:00']) expect(amina.holds(time)).toBe('held');
    expect(amina.holds('10:30')).toBe('refused: too_many_holds');
    expect(day.person('badal').holds('10:30')).toBe('held');
    amina.confirms();
    expect(amina.holds('11:00')).toBe('held');
    expect(amina.holds('11:30')).toBe('refused: too_many_holds');
    amina.cancels();
    expect(amina.holds('11:30')).toBe('held');
    day.nowMs += 5 * minute;
    for (const time of ['09:00', '09:30', '10:30']) expect(amina.holds(time)).toBe('held');
    expect(amina.holds('11:00')).toBe('refused: too_many_holds');
  });
});

describe('what may be held at all', () => {
  test('[DD8] a slot up to its very start, and not a millisecond later', () => {
    const day = new DayStory().itIs('09:00');
    expect(day.person('amina').holds('09:00')).toBe('held');
    const later = new DayStory().itIs('09:00:00.001');
    expect(later.person('amina').holds('09:00')).toBe('refused: outside_booking_window');
    expect(later.free).toMatchObject({ '09:00': 0, '09:30': 1 });
  });

  test('[DD8] nothing that begins sooner than the minimum notice', () => {
    const day = new DayStory({ minimumNoticeMinutes: 90 }).itIs('08:00');
    expect(day.person('amina').holds('09:30')).toBe('held');
    day.itIs('08:00:00.001');
    expect(day.person('badal').holds('09:30')).toBe('refused: outside_booking_window');
    expect(day.person('badal').holds('10:00')).toBe('held');
  });

  test('[DD8] dates from today in the doctor’s zone to the last of the booking window', () => {
    const day = new DayStory({ bookingWindowDays: 7 });
    expect(day.itIs('23:59:59.999', '2026-05-31').person('amina').holds('09:00')).toBe(
      'refused: outside_booking_window',
    );
    expect(day.free).toMatchObject({ '09:00': 0 });
    expect(day.itIs('00:00', '2026-06-01').person('amina').holds('09:00')).toBe('held');
  });

  test('[DD8] a time of the next date is no slot of this day, though it be of the same night', () => {
    const day = new DayStory({ rules: [weekly(1, '22:00', '02:00')] });
    const { principal } = day.person('amina');
    const holdAt = (startsAtMs: number) =>
      day.ask({
        type: 'hold',
        principal,
        patientId: principal.id,
        appointmentId: day.nextId(),
        startsAtMs,
        mode: null,
        words: {},
      });
    expect(holdAt(at('00:30', '2026-06-09'))).toBe('refused: slot_not_found');
    expect(holdAt(at('23:30'))).toBe('held');
    day.itIs('00:00', '2026-06-09');
    expect(holdAt(at('23:30'))).toBe('refused: outside_booking_window');
  });

  test('[DD8] only a slot that exists', () => {
    const day = new DayStory({ timeOff: [away('2026-06-08', '2026-06-08', '10:00', '11:00')] });
    const amina = day.person('amina');
    expect(amina.holds('09:15')).toBe('refused: slot_not_found');
    expect(amina.holds('10:30')).toBe('refused: slot_not_found');
    expect(amina.holds('12:00')).toBe('refused: slot_not_found');
    expect(amina.holds('11:30')).toBe('held');
  });

  test('[DD8] nothing of a doctor who is not verified', () => {
    const day = new DayStory({ bookable: false });
    expect(day.person('amina').holds('09:00')).toBe('refused: slot_not_found');
    expect(new Set(Object.values(day.free))).toEqual(new Set([0]));
  });

  test('[DD9] a slot in its one mode, or in whichever it has', () => {
    const day = new DayStory({ rules: daily('09:00', '12:00', { mode: 'video' }) });
    expect(day.person('amina').holds('09:00', { mode: 'in_person' })).toBe('refused: mode_unavailable');
    expect(day.person('amina').holds('09:00', { mode: 'video' })).toBe('held');
    const badal = day.person('badal');
    expect(badal.holds('09:30')).toBe('held');
    expect(badal.visit.mode).toBe('video');
  });

  test('a hold carries the terms of its moment: fee, clinic, words, first version', () => {
    const day = new DayStory({ rules: daily('09:00', '12:00', { clinicId: 'c_1' }) });
    const amina = day.person('amina');
    amina.holds('09:00', { words: { reason: 'sealed' } });
    const visit = amina.visit;
    expect(visit).toMatchObject({ status: 'pending', startsAtMs: at('09:00'), endsAtMs: at('09:30'), version: 1 });
    expect(visit).toMatchObject({ clinicId: 'c_1', reason: 'sealed', symptoms: null, outsideSchedule: false });
    expect(visit.fee).toEqual({ amount: 150000, currency: 'BDT' });
    day.edits({ fee: { amount: 200000, currency: 'BDT' } });
    expect(amina.visit.fee.amount).toBe(150000);
  });
});
