import { describe, expect, test } from 'vitest';
import type { Role } from '../../../src/domain/access.ts';
import type { DoctorSchedule } from '../../../src/domain/schedule.ts';
import { at, DayStory, type Person, today, told } from '../../support/day-story.ts';
import { on } from '../../support/schedules.ts';

const fee = { amount: 50_000, currency: 'BDT' };

const paidFirst = (more: Partial<DoctorSchedule> = {}) => new DayStory({ paymentRequired: true, fee, ...more });

const pays = (
  day: DayStory,
  { id }: { id: string },
  payment: { id?: string; amount?: number; currency?: string } = {},
) =>
  day.ask({
    type: 'record_payment',
    appointmentId: id,
    payment: {
      id: payment.id ?? 'p_1',
      amountMinor: payment.amount ?? fee.amount,
      currency: payment.currency ?? fee.currency,
    },
  });

const extends_ = (day: DayStory, by: Person, { id }: { id: string }) =>
  day.ask({ type: 'extend', principal: by.principal, appointmentId: id });

describe('a doctor who is paid first', () => {
  test('[DD39] is not booked by a patient or a guardian who has not paid', () => {
    const day = paidFirst();
    const amina = day.person('amina');
    amina.holds('09:00');
    const guardian = day.person('mother', 'patient', { dependantIds: [amina.principal.id] });
    expect([amina.confirms(), guardian.confirms(amina.visit)]).toEqual(Array(2).fill('refused: payment_required'));
    expect(amina.visit.status).toBe('pending');
  });

  test.each([['doctor'], ['admin']] as const)('[DD39] is booked at the desk without: by the %s', (who) => {
    const day = paidFirst();
    const amina = day.person('amina');
    amina.holds('09:00');
    expect(day[who].confirms(amina.visit)).toBe('confirmed');
  });

  test('[DD39] keeps to the terms of the hold, and asks nothing for what is free', () => {
    const day = new DayStory({ fee });
    const amina = day.person('amina');
    amina.holds('09:00');
    day.edits({ paymentRequired: true });
    expect(amina.confirms()).toBe('confirmed');
    const free = paidFirst({ fee: { amount: 0, currency: 'BDT' } });
    const nadia = free.person('nadia');
    nadia.holds('09:00');
    expect(nadia.confirms()).toBe('confirmed');
  });
});

describe('more time to pay in', () => {
  test('[DD40] is given once', () => {
    const day = paidFirst().itIs('08:00');
    const amina = day.person('amina');
    amina.holds('09:00');
    day.itIs('08:03');
    expect(extends_(day, amina, amina.visit)).toBe('extended');
    expect(amina.visit.expiresAtMs).toBe(at('08:13'));
    expect(extends_(day, amina, amina.visit)).toBe('refused: already_extended');
    day.itIs('08:12:59.999');
    expect(pays(day, amina.visit)).toBe('paid, confirmed');
  });

  test('[DD40] never reaches past the start, nor takes time away', () => {
    const day = paidFirst().itIs('08:54');
    const amina = day.person('amina');
    amina.holds('09:00');
    day.itIs('08:58');
    extends_(day, amina, amina.visit);
    expect(amina.visit.expiresAtMs).toBe(at('09:00'));
  });

  test('[DD40] is for holds that live', () => {
    const day = paidFirst().itIs('08:00');
    const amina = day.person('amina');
    amina.holds('09:00');
    day.itIs('08:05');
    expect(extends_(day, amina, amina.visit)).toBe('refused: hold_expired');
    amina.holds('09:00');
    pays(day, amina.visit);
    expect(extends_(day, amina, amina.visit)).toBe('refused: invalid_transition');
    expect(extends_(day, day.person('karim'), amina.visit)).toBe('refused: not_found');
  });
});

describe('a payment', () => {
  test('[DD41] confirms the hold in the same decision, and keeps it', () => {
    const day = paidFirst();
    const amina = day.person('amina');
    amina.holds('09:00');
    expect(pays(day, amina.visit)).toBe('paid, confirmed');
    expect(amina.visit).toMatchObject({
      status: 'confirmed',
      expiresAtMs: null,
      version: 3,
      payment: { id: 'p_1', amountMinor: 50_000, currency: 'BDT', atMs: day.nowMs },
    });
    day.itIs('08:59');
    expect(day.ask({ type: 'sweep' })).toBe('nothing');
    expect(amina.visit.status).toBe('confirmed');
  });

  test('[DD41] asks a doctor who approves, who may let the paid request run out', () => {
    const day = paidFirst({ approvalRequired: true }).itIs('08:00');
    const amina = day.person('amina');
    amina.holds('09:00');
    expect(pays(day, amina.visit)).toBe('paid, approval_requested');
    expect(amina.visit.expiresAtMs).toBe(at('09:00'));
    day.itIs('09:00').ask({ type: 'sweep' });
    expect(amina.visit).toMatchObject({ status: 'expired', payment: { id: 'p_1' } });
  });

  test('[DD42] counts once, however often it is told of, and there is no second', () => {
    const day = paidFirst();
    const amina = day.person('amina');
    amina.holds('09:00');
    pays(day, amina.visit);
    expect(pays(day, amina.visit)).toBe('nothing');
    expect(pays(day, amina.visit, { id: 'p_2' })).toBe('refused: already_paid');
    amina.cancels();
    expect([pays(day, amina.visit), pays(day, amina.visit, { id: 'p_2' })]).toEqual([
      'nothing',
      'refused: already_paid',
    ]);
  });

  test.each([[{ amount: 49_999 }], [{ amount: 50_001 }], [{ currency: 'USD' }]])(
    '[DD42] is refused when it is %o',
    (payment) => {
      const day = paidFirst();
      const amina = day.person('amina');
      amina.holds('09:00');
      expect(pays(day, amina.visit, payment)).toBe('refused: wrong_amount');
      expect(amina.visit).toMatchObject({ status: 'pending', payment: null });
    },
  );

  test('[DD42] comes too late for a hold that has run out and for what has ended', () => {
    const day = paidFirst().itIs('08:00');
    const [amina, karim] = [day.person('amina'), day.person('karim')];
    amina.holds('09:00');
    karim.holds('09:30');
    karim.cancels();
    day.itIs('08:05');
    expect([pays(day, amina.visit), pays(day, karim.visit), pays(day, { id: 'a_none' })]).toEqual([
      'refused: hold_expired',
      'refused: invalid_transition',
      'refused: not_found',
    ]);
  });

  test('[DD42] of what was confirmed at the desk is noted and changes nothing else', () => {
    const day = paidFirst();
    const amina = day.person('amina');
    amina.holds('09:00');
    day.doctor.confirms(amina.visit);
    expect(pays(day, amina.visit)).toBe('paid');
    expect(amina.visit).toMatchObject({ status: 'confirmed', payment: { id: 'p_1' } });
  });
});

describe('moves', () => {
  const otherDoctor = { date: on('2026-06-09'), doctorId: 'u_BBBBBBBBBBBBBBBB' };
  const reserves = (there: DayStory, who: Person, role: Role = 'patient') =>
    told(
      there.decide({
        type: 'reserve_seat',
        moveId: 'm_1',
        from: today,
        by: role === 'patient' ? who.principal : there.admin.principal,
        appointment: who.visit,
        startsAtMs: at('09:00', there.state.day.date),
      }),
    );

  test('[DD43] take the payment along as it is, to where the fee is less; to where it is more, by the clinic only', () => {
    const of = (amount: number, currency = 'BDT') =>
      new DayStory({ paymentRequired: true, fee: { amount, currency } }, otherDoctor);
    const [day, there] = [paidFirst(), of(90_000)];
    const amina = day.person('amina');
    amina.holds('09:00');
    pays(day, amina.visit);
    expect(amina.moves('10:00')).toBe('rescheduled');
    expect(amina.visit.payment?.id).toBe('p_1');
    expect(reserves(of(40_000), amina)).toBe('seat_reserved');
    expect(reserves(of(40_000, 'USD'), amina)).toBe('refused: payment_required');
    expect(reserves(there, amina)).toBe('refused: payment_required');
    expect(reserves(there, amina, 'admin')).toBe('seat_reserved');
    expect(there.state.arrivals.get('m_1')?.appointment).toMatchObject({
      status: 'confirmed',
      fee: { amount: 90_000 },
      payment: { id: 'p_1', amountMinor: 50_000 },
    });
  });

  test('[DD43] do not lead a patient past another doctor who is paid first', () => {
    const [day, there] = [new DayStory({ fee }), new DayStory({ paymentRequired: true, fee }, otherDoctor)];
    const amina = day.person('amina');
    amina.books('09:00');
    expect(reserves(there, amina)).toBe('refused: payment_required');
    expect(reserves(there, amina, 'admin')).toBe('seat_reserved');
  });

  test('[DD43] let a hold go there, to be paid for there', () => {
    const [day, there] = [new DayStory({ fee }), new DayStory({ paymentRequired: true, fee }, otherDoctor)];
    const amina = day.person('amina');
    amina.holds('09:00');
    day.itIs('12:01', '2026-06-07');
    there.itIs('12:01', '2026-06-07');
    expect(reserves(there, amina)).toBe('seat_reserved');
    expect(there.state.arrivals.get('m_1')?.appointment).toMatchObject({ status: 'pending', paymentRequired: true });
  });
});
