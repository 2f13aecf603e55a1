import { describe, expect, test } from 'vitest';
import type { Limits } from '../../../src/domain/doctor-day/command.ts';
import type { DoctorSchedule } from '../../../src/domain/schedule.ts';
import { at, DayStory, type Person, today, told } from '../../support/day-story.ts';
import { daily, on } from '../../support/schedules.ts';

const monday = today;
const tuesday = { ...today, date: on('2026-06-09') };
const otherDoctor = { ...tuesday, doctorId: 'u_BBBBBBBBBBBBBBBB' };
const moveId = 'm_1';

/** Monday and another day, and the steps of Amina's move between them, one by one. */
const twoDays = (there: Partial<DoctorSchedule> = {}, to = tuesday) => {
  const [from, dest] = [new DayStory(), new DayStory(there, to)];
  const amina = from.person('amina');
  return {
    from,
    dest,
    amina,
    starts: (time: string, by: Person = amina) => by.leaves(to, time, amina.visit),
    reserves: (by: Person = amina, startsAtMs = at('09:00', to.date)) =>
      dest.decide({
        type: 'reserve_seat',
        moveId,
        from: monday,
        by: by.principal,
        appointment: amina.visit,
        startsAtMs,
      }),
    departs: () => {
      const arriving = dest.state.arrivals.get(moveId)?.appointment;
      if (arriving === undefined) throw new Error('no seat is reserved');
      return from.ask({ type: 'depart', moveId, arriving, timeZone: 'Asia/Dhaka' });
    },
    arrives: () => {
      const appointment = from.state.departures.get(moveId)?.arriving;
      if (!appointment) throw new Error('it has not departed');
      return dest.ask({ type: 'arrive', moveId, appointment });
    },
  };
};

/** All steps of the move. */
const moved = (there: Partial<DoctorSchedule> = {}, to = tuesday, by?: 'doctor') => {
  const days = twoDays(there, to);
  days.amina.books('09:00');
  const who = by === 'doctor' ? days.from.doctor : days.amina;
  const visit = days.amina.visit;
  const outcomes = [days.starts('09:00', who), told(days.reserves(who)), days.departs(), days.arrives()];
  expect(outcomes).toEqual(['move_started', 'seat_reserved', 'moved_out', 'moved_in']);
  return { ...days, before: visit, after: days.dest.state.appointments.get(visit.id) };
};

describe('within a day', () => {
  test('[DD14] one event frees the old slot and takes the new one', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    const { id } = amina.books('09:00');
    expect(amina.moves('10:30')).toBe('rescheduled');
    expect(day.free).toMatchObject({ '09:00': 1, '10:30': 0 });
    expect(amina.visit).toMatchObject({ id, status: 'confirmed', startsAtMs: at('10:30'), endsAtMs: at('11:00') });
    expect(day.person('badal').holds('09:00')).toBe('held');
  });

  test('[DD14] a move that is refused leaves the appointment where it was', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    amina.books('09:00');
    day.person('badal').books('10:00');
    const before = amina.visit;
    expect(amina.moves('10:00')).toBe('refused: slot_full');
    expect(amina.moves('10:15')).toBe('refused: slot_not_found');
    expect(amina.moves('09:00')).toBe('refused: same_slot');
    expect(amina.visit).toEqual(before);
  });

  test('[DD14] [DD5] an appointment does not stand in its own way, another of the patient does', () => {
    const day = new DayStory({ rules: daily('09:00', '12:00', { slotMinutes: 60 }) });
    const amina = day.person('amina');
    const first = amina.books('09:00');
    day.edits({ rules: daily('09:30', '12:00', { slotMinutes: 60 }) });
    expect(amina.visit.outsideSchedule).toBe(true);
    expect(amina.moves('09:30', first)).toBe('rescheduled');
    expect(amina.visit.outsideSchedule).toBe(false);
    amina.books('10:30');
    expect(amina.moves('10:30', first)).toBe('refused: already_booked');
  });

  test('[DD14] two patients change places only by way of a free slot', () => {
    const day = new DayStory({ rules: daily('09:00', '10:30') });
    const [amina, badal] = [day.person('amina'), day.person('badal')];
    amina.books('09:00');
    badal.books('09:30');
    expect([amina.moves('09:30'), amina.moves('10:00'), badal.moves('09:00'), amina.moves('09:30')]).toEqual([
      'refused: slot_full',
      'rescheduled',
      'rescheduled',
      'rescheduled',
    ]);
    expect(day.free).toEqual({ '09:00': 0, '09:30': 0, '10:00': 1 });
  });

  test('[DD14] a patient does not move what has begun; the doctor may', () => {
    const day = new DayStory();
    const amina = day.person('amina');
    const visit = amina.books('09:00');
    day.itIs('09:00');
    expect(amina.moves('10:00')).toBe('refused: invalid_transition');
    expect(day.doctor.moves('10:00', visit)).toBe('rescheduled');
  });
});

describe('between two days', () => {
  test('[DD15] [DD18] it keeps its id and its words, and rises by one version for leaving and one for arriving', () => {
    const { from, dest, before, after } = moved();
    expect(after).toMatchObject({ id: before.id, patientId: before.patientId, status: 'confirmed', moving: null });
    expect(after).toMatchObject({ startsAtMs: at('09:00', '2026-06-09'), version: before.version + 2 });
    expect(from.state.appointments.has(before.id)).toBe(false);
    expect(from.state.forwards.get(before.id)).toMatchObject({ to: tuesday, version: before.version + 2 });
    expect([from.free['09:00'], dest.free['09:00']]).toEqual([1, 0]);
  });

  test('[DD16] while it is undecided, nothing else may be done to it, and it keeps its seat', () => {
    const { from, amina, starts } = twoDays();
    const visit = amina.books('09:00');
    expect(starts('09:00')).toBe('move_started');
    const all = [
      amina.cancels(),
      amina.describes({ reason: 'x' }),
      amina.moves('10:00'),
      from.doctor.cancels(visit),
      amina.leaves(tuesday, '10:00', visit, 'm_2'),
    ];
    expect(new Set(all)).toEqual(new Set(['refused: move_in_progress']));
    expect(from.person('badal').holds('09:00')).toBe('refused: slot_full');
    expect(from.person('badal').cancels(visit)).toBe('refused: not_found');
  });

  test('[DD16] given up, it is as it was, and can move again', () => {
    const { from, amina, starts } = twoDays();
    const visit = amina.books('09:00');
    starts('09:00');
    const abandon = { type: 'abandon_move', moveId, because: { code: 'move_failed' } } as const;
    expect([from.ask(abandon), from.ask(abandon)]).toEqual(['move_abandoned', 'nothing']);
    expect(amina.visit).toEqual(visit);
    expect(starts('09:00')).toBe('move_started');
  });

  test('[DD16] once it has left, it cannot be given up', () => {
    const { from, before } = moved();
    expect(from.ask({ type: 'abandon_move', moveId, because: { code: 'move_failed' } })).toBe('nothing');
    expect(from.state.appointments.has(before.id)).toBe(false);
  });

  test('[DD16] what was given up meanwhile does not leave', () => {
    const { from, dest, amina, starts, reserves, departs } = twoDays();
    amina.books('09:00');
    starts('09:00');
    reserves();
    from.ask({ type: 'abandon_move', moveId, because: { code: 'move_failed' } });
    expect(departs()).toBe('refused: move_failed');
    expect(dest.ask({ type: 'release_seat', moveId })).toBe('seat_released');
  });

  test('[DD17] the reserved seat blocks the slot, also past the expiry of a hold, until the other day speaks', () => {
    const { dest, amina, starts, reserves } = twoDays();
    amina.holds('09:00');
    starts('09:00');
    expect(told(reserves())).toBe('seat_reserved');
    dest.nowMs += 60 * 60_000;
    expect(dest.person('badal').holds('09:00')).toBe('refused: slot_full');
    expect(dest.free['09:00']).toBe(0);
    expect(dest.ask({ type: 'release_seat', moveId })).toBe('seat_released');
    expect(dest.person('badal').holds('09:00')).toBe('held');
  });

  test('[DD17] [DD7] a reserved seat has its number, and nobody else gets it', () => {
    const { dest, amina, starts, reserves } = twoDays({ rules: daily('09:00', '10:00', { capacity: 3 }) });
    amina.books('09:00');
    starts('09:00');
    reserves();
    expect(dest.state.arrivals.get(moveId)?.appointment.seat).toBe(1);
    expect(dest.person('badal').books('09:00').seat).toBe(2);
    expect(dest.free['09:00']).toBe(1);
  });

  test('[DD17] [DD5] a patient has no second seat that overlaps the reserved one', () => {
    const { dest, amina, starts, reserves } = twoDays({ rules: daily('09:00', '10:00', { capacity: 3 }) });
    amina.books('09:00');
    starts('09:00');
    reserves();
    expect(dest.person('amina').holds('09:00')).toBe('refused: already_booked');
    expect(dest.person('amina').holds('09:30')).toBe('held');
  });

  test('[DD17] [DD6] a reserved hold counts among the patient’s holds', () => {
    const { dest, amina, starts, reserves } = twoDays();
    const there = dest.person('amina');
    amina.holds('09:00');
    starts('09:00');
    expect([there.holds('09:30'), there.holds('10:00')]).toEqual(['held', 'held']);
    expect(told(reserves())).toBe('seat_reserved');
    expect(there.holds('10:30')).toBe('refused: too_many_holds');
  });

  test('[DD6] a hold does not move to a day where the patient has as many as they may', () => {
    const { dest, amina, starts, reserves } = twoDays();
    const there = dest.person('amina');
    for (const time of ['09:30', '10:00', '10:30']) there.holds(time);
    amina.holds('09:00');
    starts('09:00');
    expect(told(reserves())).toBe('refused: too_many_holds');
  });

  test('[DD3] a hold that runs out before it leaves does not leave', () => {
    const { from, amina, starts, reserves, departs } = twoDays();
    amina.holds('09:00');
    starts('09:00');
    reserves();
    from.nowMs += 5 * 60_000;
    expect(departs()).toBe('refused: hold_expired');
    expect(from.ask({ type: 'abandon_move', moveId, because: { code: 'hold_expired' } })).toBe('move_abandoned');
    expect(amina.visit).toMatchObject({ status: 'expired', moving: null });
  });

  test('[DD3] a hold that has run out gets no seat elsewhere', () => {
    const { dest, amina, starts, reserves } = twoDays();
    amina.holds('09:00');
    starts('09:00');
    dest.nowMs += 5 * 60_000;
    expect(told(reserves())).toBe('refused: hold_expired');
  });

  test('[DD8] [DD1] the other day decides by its own slots', () => {
    const { from, dest, amina, starts, reserves } = twoDays();
    amina.books('09:00');
    dest.person('badal').books('09:00');
    starts('09:00');
    expect(told(reserves())).toBe('refused: slot_full');
    expect(told(reserves(amina, at('09:15', '2026-06-09')))).toBe('refused: slot_not_found');
    expect(told(reserves(amina, at('09:00', '2026-06-10')))).toBe('refused: slot_not_found');
    expect(from.free['09:00']).toBe(0);
  });

  test('[DD14] after the start, a patient’s move does not leave any more; a doctor’s does', () => {
    for (const [who, outcome] of [
      ['amina', 'refused: invalid_transition'],
      ['doctor', 'moved_out'],
    ] as const) {
      const days = twoDays();
      days.amina.books('09:00');
      const by = who === 'doctor' ? days.from.doctor : days.amina;
      days.starts('09:00', by);
      days.reserves(by);
      days.from.itIs('09:00');
      expect(days.departs()).toBe(outcome);
    }
  });
});

/** What becomes of a request to a doctor who approves, moved to another day some time after it was made. */
const requested = (there: Partial<DoctorSchedule>, to: typeof tuesday, within: Partial<Limits> = {}, afterMs = 0) => {
  const from = new DayStory({ approvalRequired: true }, monday, within);
  const dest = new DayStory(there, to, within);
  const amina = from.person('amina');
  amina.holds('09:00');
  amina.confirms();
  expect(amina.visit.status).toBe('awaiting_approval');
  dest.nowMs += afterMs;
  const by = amina.principal;
  const startsAtMs = at('09:00', to.date);
  dest.ask({ type: 'reserve_seat', moveId, from: monday, by, appointment: amina.visit, startsAtMs });
  return dest.state.arrivals.get(moveId)?.appointment;
};

describe('the terms after a move', () => {
  test('[DD19] a hold keeps its countdown, within the day and to another', () => {
    const day = new DayStory();
    const badal = day.person('badal');
    badal.holds('09:00');
    const { expiresAtMs } = badal.visit;
    day.nowMs += 60_000;
    badal.moves('10:00');
    expect(badal.visit).toMatchObject({ status: 'pending', expiresAtMs });

    const { dest, amina, starts, reserves } = twoDays();
    amina.holds('09:00');
    dest.nowMs += 60_000;
    starts('09:00');
    reserves();
    expect(dest.state.arrivals.get(moveId)?.appointment.expiresAtMs).toBe(amina.visit.expiresAtMs);
  });

  test('[DD19] a patient’s move of a confirmed appointment asks a doctor who approves anew', () => {
    const day = new DayStory({ approvalRequired: true });
    const badal = day.person('badal');
    badal.holds('09:00');
    badal.confirms();
    day.doctor.accepts(badal.visit);
    expect(badal.moves('10:00')).toBe('rescheduled');
    expect(badal.visit).toMatchObject({ status: 'awaiting_approval', expiresAtMs: at('10:00') });

    const { after } = moved({ approvalRequired: true }, otherDoctor);
    expect(after).toMatchObject({ status: 'awaiting_approval', expiresAtMs: at('12:00', '2026-06-08') });
  });

  test('[DD19] a doctor’s own move asks nobody', () => {
    const day = new DayStory({ approvalRequired: true });
    const badal = day.person('badal');
    badal.holds('09:00');
    badal.confirms();
    day.doctor.accepts(badal.visit);
    expect(day.doctor.moves('10:00', badal.visit)).toBe('rescheduled');
    expect(badal.visit.status).toBe('confirmed');
    expect(moved({ approvalRequired: true }, tuesday, 'doctor').after?.status).toBe('confirmed');
  });

  test('[DD19] a request that moves to a doctor who approves nothing is granted', () => {
    expect(requested({}, otherDoctor)).toMatchObject({ status: 'confirmed', expiresAtMs: null });
    const day = new DayStory({ approvalRequired: true });
    const badal = day.person('badal');
    badal.holds('09:00');
    badal.confirms();
    day.edits({ approvalRequired: false });
    expect(badal.moves('10:00')).toBe('rescheduled');
    expect(badal.visit).toMatchObject({ status: 'confirmed', expiresAtMs: null });
  });

  test('[DD19] another doctor who approves gets the whole time to answer; the same doctor what is left of it', () => {
    const ttl = 3_600_000;
    const within = { approvalTtlMs: ttl };
    const later = 600_000;
    const there = requested({ approvalRequired: true }, otherDoctor, within, later);
    const same = requested({ approvalRequired: true }, tuesday, within, later);
    expect(there?.status).toBe('awaiting_approval');
    expect(same?.status).toBe('awaiting_approval');
    expect((there?.expiresAtMs ?? 0) - (same?.expiresAtMs ?? 0)).toBe(later);
  });

  test('[DD19] another doctor’s fee, mode and clinic are those of the new slot', () => {
    const fee = { amount: 9900, currency: 'USD' };
    const rules = daily('09:00', '12:00', { mode: 'video', clinicId: 'c_2' });
    expect(moved({ fee, rules }, otherDoctor).after).toMatchObject({ fee, mode: 'video', clinicId: 'c_2' });
  });
});

describe('whose diary', () => {
  test('[DD13] a doctor moves within the own diary only; a patient and an admin anywhere', () => {
    const outcomes = ['amina', 'doctor', 'admin'].map((who) => {
      const day = new DayStory();
      const amina = day.person('amina');
      const visit = amina.books('09:00');
      const by = who === 'doctor' ? day.doctor : who === 'admin' ? day.admin : amina;
      return by.leaves(otherDoctor, '09:00', visit);
    });
    expect(outcomes).toEqual(['move_started', 'refused: forbidden', 'move_started']);
  });
});

describe('the first day of an appointment', () => {
  const forward = (version: number, to = tuesday) => ({ type: 'forward', appointmentId: 'a_1', to, version }) as const;

  test('[DD18] forwards to its newest place, whatever order the news come in', () => {
    const home = new DayStory();
    expect([home.ask(forward(5)), home.ask(forward(5)), home.ask(forward(3, otherDoctor))]).toEqual([
      'forwarded',
      'nothing',
      'nothing',
    ]);
    expect(home.state.forwards.get('a_1')?.to).toEqual(tuesday);
    expect(home.ask(forward(7, otherDoctor))).toBe('forwarded');
    expect(home.state.forwards.get('a_1')?.to).toEqual(otherDoctor);
  });

  test('[DD18] forgets its forward when the appointment comes home, and old news do not bring it back', () => {
    const { from, dest, before } = moved();
    const away = dest.person('amina');
    const visit = dest.state.appointments.get(before.id) ?? before;
    expect(away.leaves(monday, '10:00', visit, 'm_2')).toBe('move_started');
    const back = { moveId: 'm_2', from: tuesday, by: away.principal, appointment: visit, startsAtMs: at('10:00') };
    expect(from.ask({ type: 'reserve_seat', ...back })).toBe('seat_reserved');
    const arriving = from.state.arrivals.get('m_2')?.appointment ?? before;
    expect(dest.ask({ type: 'depart', moveId: 'm_2', arriving, timeZone: 'Asia/Dhaka' })).toBe('moved_out');
    const appointment = dest.state.departures.get('m_2')?.arriving ?? before;
    expect(from.ask({ type: 'arrive', moveId: 'm_2', appointment })).toBe('moved_in');
    expect(from.state.forwards.size).toBe(0);
    expect(from.ask({ type: 'forward', appointmentId: before.id, to: tuesday, version: before.version + 2 })).toBe(
      'nothing',
    );
    expect(from.state.appointments.get(before.id)).toMatchObject({ version: before.version + 4, seat: 1 });
    expect(from.free).toMatchObject({ '09:00': 1, '10:00': 0 });
  });
});
