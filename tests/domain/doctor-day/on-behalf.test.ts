import { describe, expect, test } from 'vitest';
import { at, DayStory, today } from '../../support/day-story.ts';
import { daily, on } from '../../support/schedules.ts';

const clinicId = 'c_heart';
const tomorrow = { ...today, date: on('2026-06-09') };
const patientId = 'u_amina';

/** A day at a clinic until noon, and at no clinic after that. */
const clinicDay = (approvalRequired = false) =>
  new DayStory({
    approvalRequired,
    rules: [...daily('09:00', '12:00', { clinicId }), ...daily('13:00', '15:00', { mode: 'video' })],
  });

describe('whom a seat is for', () => {
  test('[AC20] a patient holds for nobody else, a guardian for dependants', () => {
    const day = clinicDay();
    const guardian = day.person('guardian', 'patient', { dependantIds: ['u_child'] });
    expect(day.person('badal').holds('09:00', { patientId })).toBe('refused: forbidden');
    expect(guardian.holds('09:00', { patientId })).toBe('refused: forbidden');
    expect(guardian.holds('09:00', { patientId: 'u_child' })).toBe('held');
    expect(guardian.visit).toMatchObject({ patientId: 'u_child', status: 'pending' });
    expect([guardian.confirms(), guardian.describes({ reason: 'x' }), guardian.moves('10:00')]).toEqual([
      'confirmed',
      'described',
      'rescheduled',
    ]);
    expect(guardian.cancels()).toBe('cancelled');
  });

  test('[AC21] the doctor of the day and an admin hold for a patient; another doctor does not', () => {
    const day = clinicDay();
    expect(day.person('other', 'doctor').holds('09:00', { patientId })).toBe('refused: forbidden');
    expect(day.doctor.holds('09:00', { patientId })).toBe('held');
    expect(day.admin.holds('10:00', { patientId })).toBe('held');
    expect([...day.state.appointments.values()].map((visit) => visit.patientId)).toEqual([patientId, patientId]);
  });

  test('[AC21] an admin without the permission for appointments holds and cancels nothing', () => {
    const day = clinicDay();
    const visit = day.person('amina').books('09:00');
    const auditor = day.person('auditor', 'admin', { permissions: ['audit', 'users'] });
    expect(auditor.holds('10:00', { patientId })).toBe('refused: forbidden');
    expect(auditor.cancels(visit)).toBe('refused: not_found');
  });

  test('[AC20] limits count for whom the seat is, whoever holds it', () => {
    const day = clinicDay();
    expect(day.doctor.holds('09:00', { patientId })).toBe('held');
    expect(day.person('amina').holds('09:00')).toBe('refused: already_booked');
    for (const time of ['09:30', '10:00']) day.doctor.holds(time, { patientId });
    expect(day.doctor.holds('10:30', { patientId })).toBe('refused: too_many_holds');
    expect(day.doctor.holds('10:30', { patientId: 'u_badal' })).toBe('held');
  });

  test('[AC22] what happened names who did it, and the appointment whom it is for', () => {
    const day = clinicDay();
    day.doctor.holds('09:00', { patientId });
    expect(day.events.at(-1)).toMatchObject({
      type: 'held',
      actor: { id: today.doctorId, role: 'doctor' },
      appointment: { patientId },
    });
  });
});

describe('the staff of a clinic', () => {
  const staffOf = (day: DayStory, ...clinicIds: string[]) => day.person('front-desk', 'staff', { clinicIds });

  test('[AC23] books, confirms, moves, cancels, completes and marks at its clinic', () => {
    const day = clinicDay();
    const desk = staffOf(day, clinicId);
    expect([desk.holds('09:00', { patientId }), desk.confirms(), desk.moves('09:30')]).toEqual([
      'held',
      'confirmed',
      'rescheduled',
    ]);
    day.itIs('09:31');
    expect(desk.completes()).toBe('completed');
    const amina = day.person('amina');
    amina.books('10:00');
    expect(desk.cancels(amina.visit)).toBe('cancelled');
    amina.books('10:30');
    day.itIs('10:30');
    expect(desk.marksNoShow(amina.visit)).toBe('marked_no_show');
  });

  test('[AC23] has nothing to do with other clinics, with video, or with other clinics’ appointments', () => {
    const day = clinicDay();
    const amina = day.person('amina');
    amina.books('09:00');
    const elsewhere = staffOf(day, 'c_teeth');
    expect(elsewhere.holds('10:00', { patientId: 'u_badal' })).toBe('refused: forbidden');
    expect(elsewhere.cancels(amina.visit)).toBe('refused: not_found');
    const desk = staffOf(day, clinicId);
    expect(desk.holds('13:00', { patientId: 'u_badal' })).toBe('refused: forbidden');
    amina.books('13:00');
    expect(desk.cancels(amina.visit)).toBe('refused: not_found');
  });

  test('[AC23] takes no appointment out of its clinics, within the day or to another', () => {
    const day = clinicDay();
    const desk = staffOf(day, clinicId);
    const visit = day.person('amina').books('09:00');
    expect(desk.moves('13:00', visit)).toBe('refused: forbidden');
    expect(desk.leaves(tomorrow, '09:00', visit)).toBe('move_started');
    const there = new DayStory({ rules: daily('09:00', '12:00', { clinicId: 'c_teeth' }) }, tomorrow);
    const reserve = { type: 'reserve_seat', moveId: 'm', from: today, by: desk.principal, appointment: visit } as const;
    const startsAtMs = at('09:00', '2026-06-09');
    expect(there.ask({ ...reserve, startsAtMs })).toBe('refused: forbidden');
    there.edits({ rules: daily('09:00', '12:00', { clinicId }) });
    expect(there.ask({ ...reserve, startsAtMs })).toBe('seat_reserved');
  });

  test('[AC24] asks a doctor who approves, like a patient, and answers for no doctor', () => {
    const day = clinicDay(true);
    const desk = staffOf(day, clinicId);
    desk.holds('09:00', { patientId });
    expect(desk.confirms()).toBe('approval_requested');
    expect(desk.accepts()).toBe('refused: not_found');
    expect(desk.describes({ reason: 'x' })).toBe('refused: not_found');
    day.doctor.accepts(desk.visit);
    desk.moves('10:00');
    expect(desk.visit.status).toBe('awaiting_approval');
  });
});
