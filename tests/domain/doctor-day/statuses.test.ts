import { describe, expect, test } from 'vitest';
import type { Appointment, Status } from '../../../src/domain/doctor-day/appointment.ts';
import { statuses } from '../../../src/domain/doctor-day/status.ts';
import { at, DayStory, type Person, today } from '../../support/day-story.ts';
import { on } from '../../support/schedules.ts';

const hour = 3_600_000;
const tomorrow = { ...today, date: on('2026-06-09') };

interface Scene {
  readonly day: DayStory;
  readonly patient: Person;
  readonly visit: Appointment;
}

/** An appointment at 09:00 that has come to a status by the front door, and the clock at a minute of that morning. */
const appointmentThatIs = (status: Status, { approves = false, at: time = '08:55' } = {}): Scene => {
  const asks = status === 'awaiting_approval' || status === 'rejected';
  const day = new DayStory({ approvalRequired: asks }).itIs('08:54');
  const patient = day.person('amina');
  patient.holds('09:00');
  const { id } = patient.visit;
  const bring: Record<Status, () => unknown> = {
    pending: () => {},
    awaiting_approval: () => patient.confirms(),
    confirmed: () => patient.confirms(),
    completed: () => [patient.confirms(), day.itIs('09:00').doctor.completes(patient.visit)],
    no_show: () => [patient.confirms(), day.itIs('09:00').doctor.marksNoShow(patient.visit)],
    cancelled: () => patient.cancels(),
    rejected: () => [patient.confirms(), day.doctor.rejects(patient.visit)],
    expired: () => [day.itIs('08:59'), day.ask({ type: 'sweep' })],
  };
  bring[status]();
  day.edits({ approvalRequired: approves });
  day.itIs(time);
  const visit = day.state.appointments.get(id) as Appointment;
  expect(visit.status).toBe(status);
  return { day, patient, visit };
};

/** Everything that can be done to an appointment, by somebody who may. */
const steps = {
  'patient confirms': ({ patient }: Scene) => patient.confirms(),
  'admin confirms': ({ day, visit }: Scene) => day.admin.confirms(visit),
  'doctor accepts': ({ day, visit }: Scene) => day.doctor.accepts(visit),
  'doctor rejects': ({ day, visit }: Scene) => day.doctor.rejects(visit, 'sealed'),
  'patient cancels': ({ patient }: Scene) => patient.cancels(),
  'doctor cancels': ({ day, visit }: Scene) => day.doctor.cancels(visit, 'sealed'),
  'doctor completes': ({ day, visit }: Scene) => day.doctor.completes(visit),
  'doctor marks no-show': ({ day, visit }: Scene) => day.doctor.marksNoShow(visit),
  'patient describes': ({ patient }: Scene) => patient.describes({ reason: 'sealed' }),
  'patient moves': ({ patient }: Scene) => patient.moves('10:00'),
  'patient leaves': ({ patient }: Scene) => patient.leaves(tomorrow, '09:00'),
  'doctor moves': ({ day, visit }: Scene) => day.doctor.moves('10:00', visit),
} satisfies Record<string, (scene: Scene) => string>;
type StepName = keyof typeof steps;
type Row = Readonly<Record<StepName, string>>;

const no = 'refused: invalid_transition';
const early = 'refused: too_early';
const ended: Row = {
  'patient confirms': no,
  'admin confirms': no,
  'doctor accepts': no,
  'doctor rejects': no,
  'patient cancels': no,
  'doctor cancels': no,
  'doctor completes': no,
  'doctor marks no-show': no,
  'patient describes': no,
  'patient moves': no,
  'patient leaves': no,
  'doctor moves': no,
};
const standing = {
  'patient cancels': 'cancelled',
  'doctor cancels': 'cancelled',
  'patient describes': 'described',
  'patient moves': 'rescheduled',
  'patient leaves': 'move_started',
  'doctor moves': 'rescheduled',
};
const lapsed = { ...ended, 'patient confirms': 'refused: hold_expired', 'admin confirms': 'refused: hold_expired' };

const beforeItBegins: Readonly<Record<Status, Row>> = {
  pending: { ...ended, ...standing, 'patient confirms': 'confirmed', 'admin confirms': 'confirmed' },
  awaiting_approval: { ...ended, ...standing, 'doctor accepts': 'accepted', 'doctor rejects': 'rejected' },
  confirmed: { ...ended, ...standing, 'doctor completes': early, 'doctor marks no-show': early },
  completed: ended,
  no_show: ended,
  cancelled: ended,
  rejected: ended,
  expired: lapsed,
};

const onceItHasBegun: Readonly<Record<Exclude<Status, 'pending' | 'awaiting_approval' | 'expired'>, Row>> = {
  confirmed: {
    ...ended,
    'doctor cancels': 'cancelled',
    'doctor completes': 'completed',
    'doctor marks no-show': 'marked_no_show',
    'patient describes': 'described',
    'doctor moves': 'rescheduled',
  },
  completed: ended,
  no_show: ended,
  cancelled: ended,
  rejected: ended,
};

const rows = <S extends string>(table: Readonly<Record<S, Row>>): [S, StepName, string][] =>
  (Object.keys(table) as S[]).flatMap((status) =>
    (Object.keys(steps) as StepName[]).map((step): [S, StepName, string] => [status, step, table[status][step]]),
  );

describe('every status, every step', () => {
  test('the table has them all', () => {
    expect(Object.keys(beforeItBegins)).toEqual(statuses);
  });

  test.each(rows(beforeItBegins))('[DD10] before it begins: %s, %s -> %s', (status, step, outcome) => {
    expect(steps[step](appointmentThatIs(status))).toBe(outcome);
  });

  test.each(rows(onceItHasBegun))('[DD10] [DD12] once it has begun: %s, %s -> %s', (status, step, outcome) => {
    expect(steps[step](appointmentThatIs(status, { at: '09:00' }))).toBe(outcome);
  });

  const leadsTo: readonly [Status, StepName, Status][] = [
    ['pending', 'patient confirms', 'confirmed'],
    ['pending', 'patient cancels', 'cancelled'],
    ['pending', 'patient describes', 'pending'],
    ['pending', 'patient moves', 'pending'],
    ['awaiting_approval', 'doctor accepts', 'confirmed'],
    ['awaiting_approval', 'doctor rejects', 'rejected'],
    ['awaiting_approval', 'patient cancels', 'cancelled'],
    ['awaiting_approval', 'patient describes', 'awaiting_approval'],
    ['awaiting_approval', 'patient moves', 'confirmed'],
    ['confirmed', 'doctor cancels', 'cancelled'],
    ['confirmed', 'patient describes', 'confirmed'],
    ['confirmed', 'patient moves', 'confirmed'],
  ];
  test.each(leadsTo)('[DD10] %s, %s: it is %s, one version later', (status, step, then) => {
    const scene = appointmentThatIs(status);
    steps[step](scene);
    const after = scene.day.state.appointments.get(scene.visit.id);
    expect(after).toMatchObject({ status: then, version: scene.visit.version + 1, updatedAtMs: at('08:55') });
  });

  test.each([
    ['pending', ['expired']],
    ['awaiting_approval', ['expired']],
    ['confirmed', []],
    ['completed', []],
    ['cancelled', []],
    ['rejected', []],
    ['expired', []],
  ] as const)('[DD10] [DD4] time ends what waits, and nothing else: %s -> %j', (status, events) => {
    const { day, visit } = appointmentThatIs(status);
    const before = day.historyOf(visit.id).length;
    day.nowMs += 48 * hour;
    day.ask({ type: 'sweep' });
    expect(day.historyOf(visit.id).slice(before)).toEqual(events);
  });

  test('[DD10] words of a rejection or a cancellation are kept; those of a patient change one by one', () => {
    const { day, patient, visit } = appointmentThatIs('awaiting_approval');
    patient.describes({ reason: 'r1', symptoms: 's1' });
    patient.describes({ symptoms: null });
    expect(patient.visit).toMatchObject({ reason: 'r1', symptoms: null });
    patient.describes({ reason: 'r2' });
    expect(patient.visit).toMatchObject({ reason: 'r2', symptoms: null });
    day.doctor.rejects(visit, 'why');
    expect(patient.visit).toMatchObject({ statusReason: 'why', expiresAtMs: null });
  });
});

describe('a doctor who approves requests', () => {
  const asking = (now: string, date?: string) => {
    const day = new DayStory({ approvalRequired: true }).itIs(now, date);
    const amina = day.person('amina');
    amina.holds('09:00');
    return { day, amina, outcome: amina.confirms() };
  };

  test('[DD11] a patient’s confirmation asks; the seat stays blocked until the doctor accepts', () => {
    const { day, amina, outcome } = asking('12:00', '2026-06-06');
    expect(outcome).toBe('approval_requested');
    expect(amina.visit).toMatchObject({ status: 'awaiting_approval', expiresAtMs: at('12:00', '2026-06-07') });
    expect(day.person('badal').holds('09:00')).toBe('refused: slot_full');
    expect(amina.confirms()).toBe('refused: invalid_transition');
    expect(day.doctor.accepts(amina.visit)).toBe('accepted');
    expect(amina.visit).toMatchObject({ status: 'confirmed', expiresAtMs: null });
  });

  test('[DD11] an admin’s confirmation books at once', () => {
    const day = new DayStory({ approvalRequired: true });
    const amina = day.person('amina');
    amina.holds('09:00');
    expect(day.admin.confirms(amina.visit)).toBe('confirmed');
  });

  test('[DD11] the deadline is the start when that is nearer than the time to answer', () => {
    const { day, amina } = asking('08:00');
    expect(amina.visit.expiresAtMs).toBe(at('09:00'));
    day.itIs('08:59:59.999');
    expect(day.doctor.accepts(amina.visit)).toBe('accepted');
  });

  test('[DD11] at the deadline the request has run out and its seat is free', () => {
    const { day, amina } = asking('12:00', '2026-06-06');
    day.itIs('12:00', '2026-06-07');
    expect(day.doctor.accepts(amina.visit)).toBe('refused: invalid_transition');
    expect(amina.visit.status).toBe('expired');
    expect(day.person('badal').holds('09:00')).toBe('held');
  });

  test('[DD11] once the appointment would have begun, there is no time left to ask', () => {
    const day = new DayStory({ approvalRequired: true }).itIs('08:58');
    const amina = day.person('amina');
    amina.holds('09:00');
    day.itIs('09:00');
    expect(amina.confirms()).toBe('refused: invalid_transition');
    expect(amina.visit.status).toBe('pending');
  });

  test('[DD11] a request that moves to an earlier slot has to be answered before that one starts', () => {
    const { day, amina } = asking('20:00', '2026-06-07');
    expect(amina.visit.expiresAtMs).toBe(at('09:00'));
    amina.cancels();
    amina.holds('11:30');
    amina.confirms();
    expect(amina.visit.expiresAtMs).toBe(at('11:30'));
    expect(amina.moves('10:00')).toBe('rescheduled');
    expect(amina.visit).toMatchObject({ status: 'awaiting_approval', expiresAtMs: at('10:00') });
    day.itIs('10:00');
    expect(day.doctor.accepts(amina.visit)).toBe('refused: invalid_transition');
  });
});

describe('the visit', () => {
  test('[DD12] is completed or missed from its start on, not a millisecond before', () => {
    const { day, visit } = appointmentThatIs('confirmed', { at: '08:59:59.999' });
    expect(day.doctor.completes(visit)).toBe('refused: too_early');
    expect(day.doctor.marksNoShow(visit)).toBe('refused: too_early');
    day.itIs('09:00');
    expect(day.doctor.marksNoShow(visit)).toBe('marked_no_show');
    expect(day.doctor.completes(visit)).toBe('refused: invalid_transition');
  });

  test('[DD12] begins as its patient is called in to its doctor for its time, and is theirs no more to call off', () => {
    const { day, visit } = appointmentThatIs('confirmed', { at: '08:30' });
    const { doctorId } = day.state.day;
    const call = { doctorId, startsAtMs: at('09:00') };
    for (const other of [{ ...call, startsAtMs: at('08:30') }, { ...call, doctorId: 'u_another' }, null])
      expect(day.doctor.completes(visit, other)).toBe('refused: too_early');
    expect(day.doctor.completes(visit, 'unknown')).toBe('refused: temporarily_unavailable');
    const { principal } = day.person('amina');
    const own = { principal, appointmentId: visit.id, call };
    expect(day.ask({ type: 'cancel', ...own, statusReason: null })).toBe('refused: invalid_transition');
    expect(day.ask({ type: 'reschedule', ...own, startsAtMs: at('10:00') })).toBe('refused: invalid_transition');
    expect(day.ask({ type: 'reschedule', ...own, startsAtMs: at('10:00'), call: 'unknown' })).toBe('rescheduled');
    expect(day.doctor.completes(visit, { ...call, startsAtMs: at('10:00') })).toBe('completed');
  });
});

describe('strangers', () => {
  test.each(statuses)('[DD13] another patient, another doctor and nobody’s id look alike: %s', (status) => {
    const scene = appointmentThatIs(status);
    const { day } = scene;
    const others = [day.person('badal'), day.person('chitra', 'doctor')];
    for (const stranger of others) {
      for (const visit of [scene.visit, { id: 'a_nobody' }]) {
        expect(stranger.confirms(visit)).toBe('refused: not_found');
        expect(stranger.accepts(visit)).toBe('refused: not_found');
        expect(stranger.rejects(visit)).toBe('refused: not_found');
        expect(stranger.cancels(visit)).toBe('refused: not_found');
        expect(stranger.completes(visit)).toBe('refused: not_found');
        expect(stranger.marksNoShow(visit)).toBe('refused: not_found');
        expect(stranger.describes({ reason: 'x' }, visit)).toBe('refused: not_found');
        expect(stranger.moves('10:00', visit)).toBe('refused: not_found');
        expect(stranger.leaves(tomorrow, '10:00', visit)).toBe('refused: not_found');
      }
    }
    expect(day.state.appointments.get(scene.visit.id)).toEqual(scene.visit);
  });

  test('[DD13] what the relation does not give: patients do not accept, nobody but the patient’s side describes', () => {
    const { day, patient, visit } = appointmentThatIs('confirmed', { at: '09:00' });
    expect(patient.completes()).toBe('refused: not_found');
    expect(patient.accepts()).toBe('refused: not_found');
    expect(day.doctor.describes({ reason: 'x' }, visit)).toBe('refused: not_found');
    expect(day.admin.describes({ reason: 'x' }, visit)).toBe('refused: not_found');
  });
});
