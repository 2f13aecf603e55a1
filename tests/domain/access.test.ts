import { describe, expect, test } from 'vitest';
import {
  type Action,
  actions,
  may,
  mayEver,
  type Permission,
  permissions,
  principalOf,
  type Resource,
  type Role,
  relationsFor,
  roles,
} from '../../src/domain/access.ts';

const me = 'u_me';

/** Something to which one stands in exactly one relation, or in none. */
const things = {
  'own record': { patientId: me },
  'a dependant’s': { patientId: 'u_child' },
  'own patient’s': { patientId: 'u_other', doctorId: me },
  'own clinic’s': { patientId: 'u_other', doctorId: 'u_other', clinicId: 'c_mine' },
  'of a doctor of the clinic': { doctorId: 'u_other', clinicIds: ['c_other', 'c_mine'] },
  'of one whom I treat': { patientId: 'u_other', doctorId: 'u_other', treatedBy: [me] },
  'given to me': { patientId: 'u_other', doctorId: 'u_other', sharedWith: [me] },
  'opened to me': { patientId: 'u_other', doctorId: 'u_other', openedTo: [me] },
  'a stranger’s': {
    patientId: 'u_other',
    doctorId: 'u_other',
    clinicId: 'c_other',
    clinicIds: ['c_other'],
    treatedBy: ['u_other'],
    sharedWith: ['u_other'],
    openedTo: ['u_other'],
  },
} as const satisfies Record<string, Resource>;
type Thing = keyof typeof things;

/** Somebody of a role about whom everything is true that could be: facts of other roles must not count. */
const somebody = (role: Role, granted: readonly Permission[] = permissions) =>
  principalOf({ id: me, role, permissions: granted, clinicIds: ['c_mine'], dependantIds: ['u_child'] });

/** To what somebody of a role may do something: `all`, nothing, or in which relations. */
const reach = (role: Role, action: Action): string => {
  const may1 = (Object.keys(things) as Thing[]).filter((thing) => may(somebody(role), action, things[thing]));
  return may1.length === Object.keys(things).length ? 'all' : may1.join(', ');
};

/** The permissions with which alone an admin may do something. */
const asked = (action: Action): string =>
  permissions.filter((permission) => mayEver(somebody('admin', [permission]), action)).join(' or ');

const patients = 'own record, a dependant’s';
const clinics = 'own clinic’s, of a doctor of the clinic';
const doctors = 'own patient’s';
const treated = 'of one whom I treat';

/** The whole policy, written down a second time: patient, doctor, staff, and the permission that an admin needs. */
const matrix: Readonly<Record<Action, readonly [patient: string, doctor: string, staff: string, admin: string]>> = {
  'appointment.hold': [patients, doctors, clinics, 'appointments'],
  'appointment.list': ['all', 'all', 'all', 'appointments'],
  'appointment.read': [patients, `${doctors}, opened to me`, clinics, 'appointments'],
  'appointment.read_words': [patients, `${doctors}, opened to me`, '', ''],
  'appointment.confirm': [patients, doctors, clinics, 'appointments'],
  'appointment.extend': [patients, doctors, clinics, 'appointments'],
  'appointment.cancel': [patients, doctors, clinics, 'appointments'],
  'appointment.reschedule': [patients, doctors, clinics, 'appointments'],
  'appointment.move_to': ['all', doctors, clinics, 'appointments'],
  'appointment.describe': [patients, '', '', ''],
  'appointment.accept': ['', doctors, '', 'appointments'],
  'appointment.reject': ['', doctors, '', 'appointments'],
  'appointment.complete': ['', doctors, clinics, 'appointments'],
  'appointment.mark_no_show': ['', doctors, clinics, 'appointments'],
  'visit.check_in': [patients, doctors, clinics, 'appointments'],
  'visit.call_in': ['', doctors, clinics, ''],
  'visit.join_video': [patients, doctors, '', ''],
  'visit.read_queue': ['', doctors, clinics, 'appointments'],
  'visit.say_delay': ['', doctors, clinics, 'appointments'],
  'follow_up.propose': ['', doctors, '', ''],
  'follow_up.read': [patients, doctors, '', ''],
  'absence.manage': ['', doctors, clinics, 'appointments'],
  'waitlist.join': [patients, doctors, clinics, 'appointments'],
  'waitlist.list': ['all', 'all', 'all', 'appointments'],
  'waitlist.read': [patients, doctors, clinics, 'appointments'],
  'waitlist.leave': [patients, doctors, clinics, 'appointments'],
  'waitlist.read_line': ['', doctors, clinics, 'appointments'],
  'dependant.keep': ['all', '', '', ''],
  'calendar.keep': ['all', 'all', '', ''],
  'patient.search': ['', '', clinics, 'users or appointments'],
  'patient.break_glass': ['', 'all', '', ''],
  'break_glass.list': ['', '', '', 'audit'],
  'record.read': [patients, `${treated}, opened to me`, '', ''],
  'record.write': [patients, treated, '', ''],
  'profile.read': [patients, `${treated}, opened to me`, clinics, ''],
  'profile.edit': [patients, '', '', ''],
  'access_log.read': [patients, '', '', ''],
  'note.read': [patients, `${doctors}, ${treated}, opened to me`, '', ''],
  'note.write': ['', doctors, '', ''],
  'document.keep': [patients, '', '', ''],
  'document.read': [patients, 'given to me, opened to me', '', ''],
  'schedule.read': ['', doctors, clinics, 'doctors'],
  'slot.explain': ['', doctors, clinics, 'doctors or appointments'],
  'schedule.read_reasons': ['', doctors, '', 'doctors'],
  'schedule.edit': ['', doctors, '', 'doctors'],
  'calendar_source.keep': ['', doctors, '', ''],
  'doctor.edit': ['', doctors, '', 'doctors'],
  'doctor.create': ['', '', '', 'doctors'],
  'doctor.verify': ['', '', '', 'doctors'],
  'doctor.submit': ['', doctors, '', ''],
  'doctor.read_documents': ['', doctors, '', 'doctors'],
  'doctor.rebuild': ['', '', '', 'system'],
  'clinic.create': ['', '', '', 'doctors'],
  'clinic.edit': ['', '', '', 'doctors'],
  'specialization.edit': ['', '', '', 'doctors'],
  'picture.read': [patients, `${treated}, opened to me`, clinics, 'users'],
  'resource.read': ['', '', clinics, 'doctors'],
  'resource.edit': ['', '', clinics, 'doctors'],
  'webhook.read': ['', '', '', 'doctors'],
  'webhook.edit': ['', '', '', 'doctors'],
  'account.erase': [patients, '', '', 'users'],
  'payment.make': [patients, '', '', ''],
  'payment.read': [patients, doctors, clinics, 'finance'],
  'payment.read_documents': [patients, '', clinics, 'finance'],
  'payment.list': ['', '', '', 'finance'],
  'payment.refund': ['', '', '', 'finance'],
  'refund_policy.edit': ['', '', '', 'finance'],
  'staff.list': ['', '', '', 'users'],
  'staff.edit': ['', '', '', 'users'],
  'appointment.search': ['', '', '', 'appointments'],
  'user.read': ['', '', '', 'users'],
  'user.edit': ['', '', '', 'users'],
  'statistics.read': ['', '', '', 'finance'],
  'prescription.read': [patients, `${doctors}, ${treated}, opened to me`, '', ''],
  'prescription.print_code': [patients, doctors, '', ''],
  'prescription.write': ['', treated, '', ''],
  'prescription.cancel': ['', doctors, '', ''],
  'review.write': [patients, '', '', ''],
  'review.answer': ['', doctors, '', ''],
  'review.moderate': ['', '', '', 'doctors'],
  'analytics.read': ['', 'all', '', ''],
  'report.regenerate': ['', '', '', 'finance'],
  'system.read': ['', '', '', 'system'],
  'system.repair': ['', '', '', 'system'],
  'audit.read': ['', '', '', 'audit'],
};

describe('the policy', () => {
  test('[AC17] is this matrix of role, relation and action, and nothing besides', () => {
    const found = Object.fromEntries(
      actions.map((action) => [
        action,
        [reach('patient', action), reach('doctor', action), reach('staff', action), asked(action)],
      ]),
    );
    expect(found).toEqual(matrix);
  });

  test('[AC18] an admin without permissions may do nothing, and one with all of them does it to anybody', () => {
    for (const action of actions) {
      expect([action, mayEver(somebody('admin', []), action)]).toEqual([action, false]);
      expect([action, reach('admin', action)]).toEqual([action, matrix[action][3] === '' ? '' : 'all']);
    }
  });

  test('[AC17] nobody reaches a stranger’s things by facts that belong to another role', () => {
    for (const role of roles) {
      if (role === 'admin') continue;
      for (const action of actions) {
        if (reach(role, action) === 'all') continue;
        expect([role, action, may(somebody(role), action, things['a stranger’s'])]).toEqual([role, action, false]);
      }
    }
  });

  test('[AC2] who could never do something is told so by role, before anything is looked up', () => {
    for (const role of roles) {
      for (const action of actions) {
        expect([role, action, mayEver(somebody(role), action)]).toEqual([role, action, reach(role, action) !== '']);
      }
    }
  });

  test('[AC17] absent parts of a thing relate to nobody, not even to whom an id is missing', () => {
    const nobody = principalOf({ id: '', role: 'patient' });
    expect(may(nobody, 'appointment.read', {})).toBe(false);
    const idle = principalOf({ id: me, role: 'staff' });
    expect(may(idle, 'appointment.read', { clinicId: null })).toBe(false);
    expect(may(idle, 'appointment.read', { clinicIds: [] })).toBe(false);
  });

  test('[AC7] what lists show is what the policy lets be read', () => {
    expect(relationsFor(somebody('patient'), 'appointment.read')).toEqual(['patient', 'guardian']);
    expect(relationsFor(somebody('doctor'), 'appointment.read')).toEqual(['doctor', 'opened']);
    expect(relationsFor(somebody('staff'), 'appointment.read')).toEqual(['clinic']);
    expect(relationsFor(somebody('admin'), 'appointment.read')).toEqual(['any']);
    expect(relationsFor(somebody('admin', ['audit']), 'appointment.read')).toEqual([]);
  });
});
