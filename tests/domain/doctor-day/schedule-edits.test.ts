import { describe, expect, test } from 'vitest';
import { at, DayStory, today } from '../../support/day-story.ts';
import { away, daily, on, schedule, session } from '../../support/schedules.ts';

const noon = at('12:00');

describe('a schedule edit', () => {
  test('[DD28] keeps a seat that it no longer offers and flags it; the free seats vanish', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    const before = amina.books('09:00');
    const offToday = { timeOff: [away('2026-06-08', '2026-06-08')] };
    expect(day.edits(offToday)).toBe('schedule_applied, flagged_outside_schedule');
    expect(amina.visit).toEqual({
      ...before,
      outsideSchedule: true,
      version: before.version + 1,
      updatedAtMs: day.nowMs,
    });
    expect(day.free).toEqual({});
    expect(day.person('badal').holds('09:30')).toBe('refused: slot_not_found');
    expect(day.edits({ timeOff: [] })).toBe('schedule_applied, unflagged_outside_schedule');
    expect(amina.visit.outsideSchedule).toBe(false);
    expect(day.free).toMatchObject({ '09:00': 0, '09:30': 1 });
  });

  test('[DD28] flags once, however often it comes', () => {
    const day = new DayStory();
    day.person('amina').books('09:00');
    day.edits({ rules: daily('10:00', '12:00') });
    expect(day.edits({ rules: daily('10:30', '12:00') })).toBe('schedule_applied');
  });

  test('[DD28] a hold and a request are taken seats too; what has ended or was seen is left alone', () => {
    const day = new DayStory({ approvalRequired: true }).itIs('08:58');
    const [holder, asker, gone, seen] = ['a', 'b', 'c', 'd'].map((name) => day.person(name));
    seen?.holds('09:00');
    day.admin.confirms(seen?.visit);
    day.itIs('09:00').doctor.completes(seen?.visit);
    holder?.holds('09:30');
    asker?.holds('10:00');
    asker?.confirms();
    gone?.holds('10:30');
    gone?.cancels();
    day.edits({ rules: [] });
    const flags = [holder, asker, gone, seen].map((person) => person?.visit.outsideSchedule);
    expect(flags).toEqual([true, true, false, false]);
    expect(day.doctor.accepts(asker?.visit)).toBe('accepted');
    expect(holder?.cancels()).toBe('cancelled');
  });

  test('[DD28] another length, mode or clinic at the same time is another slot', () => {
    const edits = [{ slotMinutes: 60 }, { mode: 'video' as const }, { clinicId: 'c_9' }];
    for (const parts of edits) {
      const day = new DayStory();
      day.person('amina').books('09:00');
      expect(day.edits({ rules: daily('09:00', '12:00', parts) })).toBe('schedule_applied, flagged_outside_schedule');
    }
  });

  test('[DD28] [DD1] a lower capacity flags the seats above it, and gives none away until there is room', () => {
    const day = new DayStory({ rules: daily('09:00', '10:00', { capacity: 3 }) });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => day.person(name));
    for (const person of [a, b, c]) person?.books('09:00');
    expect(day.edits({ rules: daily('09:00', '10:00', { capacity: 2 }) })).toBe(
      'schedule_applied, flagged_outside_schedule',
    );
    expect([a, b, c].map((person) => person?.visit.outsideSchedule)).toEqual([false, false, true]);
    expect(day.free).toEqual({ '09:00': 0, '09:30': 2 });
    a?.cancels();
    expect(day.person('d').holds('09:00')).toBe('refused: slot_full');
    b?.cancels();
    expect(day.person('d').books('09:00').seat).toBe(1);
    expect(day.person('e').holds('09:00')).toBe('refused: slot_full');
  });

  test('[DD28] a seat reserved for an arrival is kept through an edit, and flagged when the appointment comes', () => {
    const day = new DayStory();
    const from = { ...today, date: on('2026-06-10') };
    const amina = new DayStory({}, from).person('amina');
    const appointment = amina.books('09:00');
    const { id } = appointment;
    const by = amina.principal;
    day.ask({ type: 'reserve_seat', moveId: 'm', from, by, appointment, startsAtMs: at('09:00') });
    const arriving = day.state.arrivals.get('m')?.appointment ?? appointment;
    day.edits({ rules: daily('10:00', '12:00') });
    expect(day.ask({ type: 'arrive', moveId: 'm', appointment: { ...arriving, version: 4 } })).toBe('moved_in');
    expect(day.state.appointments.get(id)).toMatchObject({ outsideSchedule: true, seat: 1, version: 4 });
  });

  test('[DD29] an older or the same version changes nothing', () => {
    const day = new DayStory({ version: 7 });
    const older = schedule({ version: 6, rules: [] });
    expect(day.ask({ type: 'apply_schedule', schedule: older })).toBe('nothing');
    expect(day.ask({ type: 'apply_schedule', schedule: { ...older, version: 7 } })).toBe('nothing');
    expect(day.person('amina').holds('09:00')).toBe('held');
    expect(day.ask({ type: 'apply_schedule', schedule: { ...older, version: 8 } })).toBe(
      'schedule_applied, flagged_outside_schedule',
    );
    expect(day.ask({ type: 'open', schedule: { ...older, version: 9 } })).toBe('nothing');
  });

  test('[DD8] an edit decides what can be held from then on: verification, notice, window', () => {
    const day = new DayStory().itIs('08:00');
    const amina = day.person('amina');
    day.edits({ bookable: false });
    expect(amina.holds('09:00')).toBe('refused: slot_not_found');
    day.edits({ bookable: true, minimumNoticeMinutes: 120 });
    expect(amina.holds('09:00')).toBe('refused: outside_booking_window');
    expect(amina.holds('10:00')).toBe('held');
  });
});

describe('a seat outside the schedule', () => {
  test('[DD30] takes the slots that overlap it, and leaves those that touch it', () => {
    const day = new DayStory({ rules: [], sessions: [session('2026-06-08', '09:15', '09:45')] });
    const amina = day.person('amina');
    amina.books('09:15');
    day.edits({ sessions: [], rules: daily('09:00', '10:30', { capacity: 4 }) });
    expect(day.free).toEqual({ '09:00': 0, '09:30': 0, '10:00': 4 });
    expect(day.person('badal').holds('09:00')).toBe('refused: slot_full');
    expect(day.person('badal').holds('10:00')).toBe('held');
    amina.cancels();
    expect(day.free).toEqual({ '09:00': 4, '09:30': 4, '10:00': 3 });
  });

  test('[DD30] also when the new slot starts at the same time and lasts longer', () => {
    const day = new DayStory();
    day.person('amina').books('09:00');
    day.edits({ rules: daily('09:00', '12:00', { slotMinutes: 60, capacity: 3 }) });
    expect(day.free).toEqual({ '09:00': 0, '10:00': 3, '11:00': 3 });
  });
});

describe('a frozen day', () => {
  test('[DD31] takes no bookings until whoever froze it thaws it, however late', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    expect(day.ask({ type: 'freeze', untilMs: day.nowMs + 60_000, token: 'a' })).toBe('frozen');
    expect(day.ask({ type: 'freeze', untilMs: day.nowMs + 60_000, token: 'b' })).toBe('refused: day_frozen');
    expect(amina.holds('09:00')).toBe('refused: day_frozen');
    expect(day.free['09:00']).toBe(0);
    day.nowMs += 120_000;
    expect(day.ask({ type: 'thaw', token: 'b' })).toBe('nothing');
    expect(amina.holds('09:00')).toBe('refused: day_frozen');
    expect(day.ask({ type: 'thaw', token: 'a' })).toBe('thawed');
    expect(amina.holds('09:00')).toBe('held');
  });

  test('[DD31] the schedule of another zone or a thaw ends it; any other schedule does not', () => {
    const day = new DayStory({ version: 3 });
    const freeze = { type: 'freeze', untilMs: noon, token: 'zone' } as const;
    day.ask(freeze);
    day.ask({ type: 'apply_schedule', schedule: schedule({ version: 2 }) });
    day.edits({ fee: { amount: 1, currency: 'BDT' } });
    expect(day.person('amina').holds('09:00')).toBe('refused: day_frozen');
    const thaw = { type: 'thaw', token: 'zone' } as const;
    expect([day.ask(thaw), day.ask(thaw)]).toEqual(['thawed', 'nothing']);
    day.ask(freeze);
    day.edits({ timeZone: 'Asia/Kolkata' });
    expect(day.state.frozen).toBeNull();
  });

  test('[DD31] live appointments refuse the freeze and are named; ended and seen ones do not', () => {
    const day = new DayStory();
    const [held, gone, lost] = ['held', 'gone', 'lost'].map((name) => day.person(name));
    lost?.holds('09:00');
    day.nowMs += 5 * 60_000;
    gone?.books('09:00');
    gone?.cancels();
    held?.holds('10:00');
    const decision = day.decide({ type: 'freeze', untilMs: noon, token: 'zone' });
    expect(decision).toMatchObject({
      ok: false,
      refusal: { code: 'zone_change_blocked', extra: { appointmentIds: [held?.visit.id] } },
    });
    held?.cancels();
    expect(day.ask({ type: 'freeze', untilMs: noon, token: 'zone' })).toBe('frozen');
  });

  test('[DD31] a seat reserved for an arrival refuses it too', () => {
    const day = new DayStory();
    const from = { ...today, date: on('2026-06-09') };
    const amina = new DayStory({}, from).person('amina');
    const appointment = amina.books('09:00');
    const by = amina.principal;
    day.ask({ type: 'reserve_seat', moveId: 'm', from, by, appointment, startsAtMs: at('09:00') });
    expect(day.decide({ type: 'freeze', untilMs: noon, token: 'zone' })).toMatchObject({
      refusal: { extra: { appointmentIds: [appointment.id] } },
    });
  });
});
