import { expect, test } from 'vitest';
import type { WaitingEntry } from '../../../src/domain/doctor-day/waiting.ts';
import { localDateTimeOf } from '../../../src/domain/zoned-time.ts';
import { at, DayStory } from '../../support/day-story.ts';
import { away, daily, session } from '../../support/schedules.ts';

const waits = (name: string, wish: Partial<WaitingEntry> = {}): WaitingEntry => ({
  ...{ id: `w_${name}`, patientId: `u_${name}`, part: 'any', mode: null, joinedAtMs: 1 },
  ...wish,
});

/** A day of two slots, both taken, and those who wait for it in their order. */
const fullDay = (...entries: readonly WaitingEntry[]): DayStory => {
  const day = new DayStory({ rules: daily('09:00', '10:00') });
  for (const time of ['09:00', '09:30']) day.person(`at ${time}`).books(time);
  day.ask({ type: 'apply_waitlist', waiting: { version: 1, entries } });
  return day;
};

/** Each offer since the day was full: to whom, of when. */
const offers = (day: DayStory): string[] =>
  day.events.flatMap((event) => {
    if (event.type !== 'offered') return [];
    const { patientId, startsAtMs } = event.appointment;
    return [`${patientId.slice(2)} ${localDateTimeOf(startsAtMs, 'Asia/Dhaka').slice(11)}`];
  });

test('[WL16] the seats that an edit adds go down the line, slot by slot, as many as were added, past every rival', () => {
  const day = fullDay(waits('late', { part: 'evening' }), waits('nadia'), waits('karim'), waits('selim'));
  day.edits({ rules: daily('09:00', '10:00', { capacity: 2 }) });
  expect(offers(day)).toEqual(['nadia 09:00', 'karim 09:30']);
  expect(day.free).toEqual({ '09:00': 0, '09:30': 0 });
  expect(day.person('rival').holds('09:00')).toBe('refused: slot_full');
  const [first] = day.events.filter(({ type }) => type === 'offered');
  expect(first).toMatchObject({
    ...{ actor: null, freed: null, skipped: [] },
    appointment: { status: 'pending', seat: 2, expiresAtMs: day.nowMs + day.limits.offerTtlMs },
  });

  // What is let go goes on to the next who had no turn at it.
  expect(first?.type === 'offered' && day.person('nadia').cancels(first.appointment)).toBe('cancelled');
  expect(offers(day).slice(2)).toEqual(['selim 09:00']);
});

test('[WL16] a session and an absence that ends add seats, another fee adds none', () => {
  const line = [waits('nadia'), waits('karim'), waits('selim'), waits('amina')];
  const more = fullDay(...line);
  more.edits({ sessions: [session('2026-06-08', '15:00', '16:00')] });
  expect(offers(more)).toEqual(['nadia 15:00', 'karim 15:30']);

  // The other seat is still taken.
  const back = fullDay();
  back.edits({ timeOff: [away('2026-06-08', '2026-06-08')] });
  const [visit] = back.state.appointments.values();
  expect(back.admin.cancels(visit)).toBe('cancelled');
  back.ask({ type: 'apply_waitlist', waiting: { version: 2, entries: line } });
  back.edits({ fee: { amount: 7, currency: 'BDT' } });
  expect(offers(back)).toEqual([]);
  back.edits({ timeOff: [] });
  expect(offers(back)).toEqual(['nadia 09:00']);
});

test('[WL4] [WL16] what was free to all stays so, whatever else is edited, and nobody is offered what cannot be booked', () => {
  const day = new DayStory({ rules: daily('09:00', '10:00') });
  day.ask({ type: 'apply_waitlist', waiting: { version: 1, entries: [waits('nadia'), waits('karim')] } });
  day.edits({ fee: { amount: 7, currency: 'BDT' } });
  day.edits({ bookable: false });
  day.edits({ bookable: true });
  expect(offers(day)).toEqual([]);
  day.itIs('08:50');
  day.edits({ rules: daily('08:30', '10:00'), minimumNoticeMinutes: 30 });
  expect(offers(day)).toEqual([]);
  day.ask({ type: 'freeze', untilMs: at('09:00'), token: 't' });
  day.edits({ rules: daily('09:00', '10:00', { capacity: 3 }) });
  expect(offers(day)).toEqual([]);
});

test('[WL10] [WL16] who has something else then keeps their place, and a room that is to be asked for first leaves it to all', () => {
  const day = fullDay(waits('at 09:00'), waits('nadia', { mode: 'video' }), waits('karim'));
  day.edits({ rules: daily('09:00', '10:00', { capacity: 2, mode: 'video' }) });
  expect(offers(day)).toEqual(['nadia 09:00', 'at 09:00 09:30']);

  const room = fullDay(waits('nadia'));
  const laser = { ...session('2026-06-08', '15:00', '15:30'), clinicId: 'c_1', requires: ['laser'] };
  room.edits({ sessions: [laser] });
  expect(offers(room)).toEqual([]);
  expect(room.free).toMatchObject({ '15:00': 1 });
});
