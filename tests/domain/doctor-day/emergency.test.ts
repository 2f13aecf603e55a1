import { describe, expect, test } from 'vitest';
import { dayAvailability, remainingEmergencySeats, remainingSeats } from '../../../src/domain/availability.ts';
import { defaultPreferences } from '../../../src/domain/notifications/preferences.ts';
import { concernsSomebody, type Happening, tellingsOf } from '../../../src/domain/notifications/tellings.ts';
import { waysTo } from '../../../src/domain/notifications/ways.ts';
import { at, DayStory, today, told } from '../../support/day-story.ts';
import { daily, on } from '../../support/schedules.ts';

const kept = (shape = {}, terms = {}) =>
  new DayStory({ rules: daily('09:00', '12:00', { emergencySeats: 1, ...shape }), ...terms });
const urgent = { priority: 'emergency' } as const;

describe('seats kept for emergencies', () => {
  test('[EM1] [EM2] are taken last, and by nobody else', () => {
    const day = kept({ capacity: 2 });
    const amina = day.person('amina');
    const [karim, nadia, rahim] = [day.person('karim'), day.person('nadia'), day.person('rahim')];
    const outcomes = [
      amina.holds('09:00', urgent),
      karim.holds('09:00'),
      nadia.holds('09:00'),
      nadia.holds('09:00', urgent),
      rahim.holds('09:00', urgent),
    ];
    expect(outcomes).toEqual(['held', 'held', 'refused: slot_full', 'held', 'refused: slot_full']);
    expect([amina.visit.seat, karim.visit.seat, nadia.visit.seat]).toEqual([1, 2, 3]);
    // Who has a kept seat takes none from the others.
    karim.cancels();
    expect(day.free['09:00']).toBe(1);
    expect(rahim.holds('09:00')).toBe('held');
  });

  test('[EM1] are in no count of what is free', () => {
    const slot = {
      startsAtMs: 0,
      endsAtMs: 10,
      capacity: 1,
      mode: 'video',
      clinicId: null,
      emergencySeats: 2,
    } as const;
    const emergency = { startsAtMs: 0, endsAtMs: 10, seat: 2, ...urgent };
    expect(remainingSeats(slot, [emergency])).toBe(1);
    expect(remainingEmergencySeats(slot, [emergency])).toBe(1);
    expect(remainingEmergencySeats(slot, [{ startsAtMs: 5, endsAtMs: 15 }])).toBe(0);
    expect(dayAvailability([slot], [], 0).remaining).toBe(1);
  });

  test('[EM3] are there within the notice, until the slot begins', () => {
    const day = kept({ capacity: 3 }, { minimumNoticeMinutes: 120 }).itIs('08:00');
    const [amina, karim] = [day.person('amina'), day.person('karim')];
    expect([karim.holds('09:00'), amina.holds('09:00', urgent)]).toEqual(['refused: outside_booking_window', 'held']);
    expect(amina.visit.seat).toBe(4);
    day.itIs('09:00');
    expect(karim.holds('09:00', urgent)).toBe('refused: outside_booking_window');
    const none = kept({ emergencySeats: 0, capacity: 3 }, { minimumNoticeMinutes: 120 }).itIs('08:00');
    expect(none.person('karim').holds('09:00', urgent)).toBe('refused: outside_booking_window');
  });

  test('[EM4] that are kept no more leave who has one, flagged', () => {
    const day = kept();
    const [karim, amina] = [day.person('karim'), day.person('amina')];
    karim.holds('09:00');
    amina.holds('09:00', urgent);
    expect(day.edits({ rules: daily('09:00', '12:00') })).toBe('schedule_applied, flagged_outside_schedule');
    expect(amina.visit).toMatchObject({ status: 'pending', outsideSchedule: true });
    expect(day.edits({ rules: daily('09:00', '12:00', { emergencySeats: 1 }) })).toContain('unflagged');
  });

  test('[EM5] [EM7] are open to an emergency that moves, and to one a day', () => {
    const day = kept();
    const [karim, amina] = [day.person('karim'), day.person('amina')];
    karim.holds('10:00');
    amina.holds('09:00', urgent);
    expect(amina.holds('11:00', urgent)).toBe('refused: too_many_emergencies');
    expect(amina.holds('11:00')).toBe('held');
    amina.cancels();
    const first = [...day.state.appointments.values()].find(({ priority }) => priority === 'emergency') ?? amina.visit;
    expect(amina.moves('10:00', first)).toBe('rescheduled');
    expect(day.state.appointments.get(first.id)).toMatchObject({ seat: 2, priority: 'emergency' });
    const there = new DayStory(
      { rules: daily('09:00', '12:00', { emergencySeats: 1 }) },
      { ...today, date: on('2026-06-09') },
    );
    there.person('rahim').holds('09:00');
    const appointment = day.state.appointments.get(first.id) ?? first;
    const move = { type: 'reserve_seat', moveId: 'm_1', from: today, by: amina.principal, appointment } as const;
    expect(told(there.decide({ ...move, startsAtMs: at('09:00', '2026-06-09') }))).toBe('seat_reserved');
    expect(there.state.arrivals.get('m_1')?.appointment.seat).toBe(2);
  });
});

describe('a doctor', () => {
  const happens = (action: string, more: Partial<Happening> = {}): Happening => ({
    action,
    actorRole: 'patient',
    byDoctor: false,
    data: { status: 'pending', priority: 'emergency', version: 2 },
    before: 'pending',
    changesDoctor: false,
    ...more,
  });
  const kinds = (event: Happening) => tellingsOf(event).map(({ kind, audience }) => `${kind} to ${audience}`);

  test('[EM10] hears of an emergency as soon as it is held, and when it comes to nothing', () => {
    expect(kinds(happens('held'))).toEqual(['emergency to doctor']);
    expect(kinds(happens('held', { data: { status: 'pending' } }))).toEqual([]);
    expect(kinds(happens('held', { byDoctor: true, actorRole: 'doctor' }))).toEqual(['held to patient']);
    expect(kinds(happens('moved_in', { changesDoctor: true }))).toEqual(['emergency to doctor']);
    expect(kinds(happens('moved_in'))).toEqual([]);
    expect(kinds(happens('cancelled'))).toEqual(['cancelled to doctor']);
    expect(kinds(happens('expired', { actorRole: 'system' }))).toEqual(['expired to doctor']);
    const logged = (action: string, priority?: string) =>
      concernsSomebody({
        action,
        actorId: 'u_1',
        actorRole: 'patient',
        data: JSON.stringify({ status: 'pending', version: 2, priority }),
      });
    expect(['held', 'cancelled', 'expired'].map((action) => logged(action, 'emergency'))).toEqual([true, true, true]);
    expect(['held', 'cancelled', 'expired'].map((action) => logged(action))).toEqual([false, false, false]);
  });

  test('[EM10] hears of it by every way that reaches them, unlike of anything else', () => {
    const reach = { email: true, push: false, sms: true };
    const ways = (kind: 'emergency' | 'confirmed') => waysTo(defaultPreferences, kind, 'doctor', reach);
    expect(ways('emergency')).toEqual(['email', 'sms', 'in_app']);
    expect(ways('confirmed')).toEqual(['email', 'in_app']);
  });
});
