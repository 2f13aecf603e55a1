import { describe, expect, test } from 'vitest';
import type { DoctorSchedule } from '../../src/domain/schedule.ts';
import { explain } from '../../src/domain/why/explain.ts';
import type { DayStanding, StandingVisit } from '../../src/domain/why/facts.ts';
import { at } from '../support/day-story.ts';
import { daily, on, schedule } from '../support/schedules.ts';

const now = at('08:00');
const half = 30 * 60_000;

/** The codes that stand against a local time in Dhaka of Monday, 8 June 2026, asked at 08:00. */
const against = (
  time: string,
  parts: Partial<DoctorSchedule> = {},
  { taken = [], isFrozen = false }: Partial<DayStanding> = {},
  lacking: string | null = null,
  nowMs = now,
) => {
  const doctors = schedule({ rules: daily('09:00', '12:00'), ...parts });
  return explain(doctors, { atMs: at(time), written: null }, { taken, isFrozen }, lacking, nowMs);
};
const codes = (...asked: Parameters<typeof against>) => against(...asked).reasons.map(({ code }) => code);

const visit = (time: string, more: Partial<StandingVisit> = {}): StandingVisit => ({
  startsAtMs: at(time),
  endsAtMs: at(time) + half,
  seat: 1,
  priority: 'routine',
  status: 'confirmed',
  ...more,
});

describe('why a time can or cannot be booked', () => {
  test('[SL43] nothing stands against a free slot', () => {
    expect(against('09:00')).toMatchObject({ reasons: [], slot: { remaining: 1 }, date: '2026-06-08', time: '09:00' });
  });

  test('[SL43] the doctor’s terms', () => {
    expect(codes('09:00', { bookable: false })).toEqual(['not_verified']);
    expect(against('09:00', { minimumNoticeMinutes: 90 }).reasons).toEqual([
      { code: 'minimum_notice', minutes: 90, bookableFromMs: at('09:30') },
    ]);
    expect(codes('09:00', {}, {}, null, at('09:01'))).toEqual(['past']);
    expect(codes('09:00', { bookingWindowDays: 3 }, {}, null, at('08:00', '2026-06-01'))).toEqual([
      'outside_booking_window',
    ]);
  });

  test('[SL43] the hours of that weekday, in force or not', () => {
    const over = daily('13:00', '14:00', { effectiveUntil: on('2026-06-01') });
    const { reasons } = against('13:00', { rules: [...daily('09:00', '12:00'), ...over] });
    expect(reasons).toMatchObject([
      {
        code: 'no_rule',
        weekday: 1,
        rules: [
          { start: '09:00', isInForce: true },
          { start: '13:00', isInForce: false },
        ],
      },
    ]);
  });

  test('[SL43] absences, calendars elsewhere, and both at once', () => {
    const off = { id: 't_1', from: on('2026-06-08'), to: on('2026-06-09'), start: null, end: null };
    const busy = [{ startsAtMs: at('09:15'), endsAtMs: at('09:20') }];
    expect(codes('09:00', { timeOff: [off] })).toEqual(['time_off']);
    expect(codes('09:00', { busy })).toEqual(['busy_elsewhere']);
    expect(codes('09:00', { timeOff: [off], busy })).toEqual(['time_off', 'busy_elsewhere']);
    expect(codes('09:30', { busy })).toEqual([]);
  });

  test('[SL43] a pause, the middle of a slot, and a rest that is too short', () => {
    const rules = daily('09:00', '10:30', { slotMinutes: 30, bufferMinutes: 15 });
    expect(against('09:35', { rules }).reasons).toEqual([
      { code: 'buffer', minutes: 15, nearestMs: [at('09:00'), at('09:45')] },
    ]);
    expect(against('09:50', { rules }).reasons).toEqual([
      {
        code: 'not_a_start',
        within: { startsAtMs: at('09:45'), endsAtMs: at('10:15') },
        nearestMs: [at('09:45')],
      },
    ]);
    expect(against('10:15', { rules }).reasons).toMatchObject([{ code: 'not_a_start', within: null }]);
  });

  test('[SL43] a time that the clocks skip', () => {
    const berlin = schedule({ timeZone: 'Europe/Berlin', rules: daily('01:00', '06:00'), bookingWindowDays: 365 });
    const asked = { atMs: Date.parse('2027-03-28T02:30:00+01:00'), written: '2027-03-28T02:30' };
    const { reasons } = explain(berlin, asked, null, null, Date.parse('2027-03-20T00:00Z'));
    expect(reasons).toEqual([
      { code: 'clocks_skip', local: '2027-03-28T02:30', nextMs: Date.parse('2027-03-28T01:00Z') },
    ]);
  });

  test('[SL43] seats, in numbers; what an earlier schedule left; a freeze; a room', () => {
    const { reasons } = against('09:00', {}, { taken: [visit('09:00', { status: 'pending' }), visit('09:00')] });
    expect(reasons).toEqual([
      {
        code: 'full',
        capacity: 1,
        seats: { held: 1, awaitingApproval: 0, confirmed: 1, over: 0, arriving: 0, emergencies: 0 },
      },
    ]);
    expect(codes('09:00', {}, { taken: [visit('08:45')] })).toEqual(['overlapped']);
    expect(codes('09:00', {}, { isFrozen: true })).toEqual(['frozen']);
    expect(against('09:00', {}, {}, 'mri').reasons).toEqual([{ code: 'room_missing', kind: 'mri' }]);
  });

  test('[EM3] [SL43] what only an emergency can have', () => {
    const rules = daily('09:00', '12:00', { emergencySeats: 1 });
    expect(codes('09:00', { rules }, { taken: [visit('09:00')] })).toEqual(['full', 'emergency_only']);
    expect(codes('09:00', { rules, minimumNoticeMinutes: 90 })).toEqual(['minimum_notice', 'emergency_only']);
    expect(codes('09:00', { rules, bookable: false })).toEqual(['not_verified']);
    const both = [visit('09:00'), visit('09:00', { seat: 2, priority: 'emergency' })];
    expect(codes('09:00', { rules }, { taken: both })).toEqual(['full']);
  });
});
