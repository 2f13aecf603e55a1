/** Every role an account can have. */
export const roles = ['patient', 'doctor', 'staff', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Every permission an admin can have. */
export const permissions = ['users', 'doctors', 'finance', 'audit', 'appointments', 'system'] as const;
export type Permission = (typeof permissions)[number];

/** Who did something, as events and the audit keep it. `id` is the account's id, and for a doctor the doctor's as well. */
export interface Identity {
  readonly id: string;
  readonly role: Role;
}

/** What else is known of an account when it asks for something. Facts that do not concern its role are empty. */
export interface Facts {
  /** What an admin may do. */
  readonly permissions: readonly Permission[];
  /** The clinics that a member of staff works for. */
  readonly clinicIds: readonly string[];
  /** The accounts of those that a guardian may act for. */
  readonly dependantIds: readonly string[];
}

/** How many clinics, and how many dependants, an account can have: an access token names them all. */
export const maxFacts = 20;

/** Who is asking, and all that the policy may go by. */
export interface Principal extends Identity, Facts {}

/** A principal of whom nothing is known but what is given. */
export const principalOf = ({ id, role, ...facts }: Identity & Partial<Facts>): Principal => ({
  id,
  role,
  permissions: facts.permissions ?? [],
  clinicIds: facts.clinicIds ?? [],
  dependantIds: facts.dependantIds ?? [],
});

/** What is kept of a principal with what it did. */
export const identityOf = ({ id, role }: Identity): Identity => ({ id, role });

/** How a principal stands to the thing asked for. */
export type Relation =
  /** Its patient. */
  | 'patient'
  /** Who acts for its patient. */
  | 'guardian'
  /** The appointment's doctor, or the doctor whose profile or schedule it is. */
  | 'doctor'
  /** Staff of its clinic, or of a clinic of its doctor. */
  | 'clinic'
  /** A doctor who has, or had within a year, an appointment with the patient that both agreed on. */
  | 'treating'
  /** A doctor to whom the patient gave a document to read, or brought it to an appointment. */
  | 'shared'
  /** A doctor who broke the glass to the patient's record, until that ends. */
  | 'opened'
  /** No relation needed. */
  | 'any';

/** What is asked for: whose appointment, profile or schedule. Absent parts relate to nobody. */
export interface Resource {
  readonly patientId?: string;
  readonly doctorId?: string;
  /** The clinic of an appointment or a slot. */
  readonly clinicId?: string | null;
  /** The clinics of a doctor. */
  readonly clinicIds?: readonly string[];
  /** The doctors who treat the patient. */
  readonly treatedBy?: readonly string[];
  /** The doctors who may read the document. */
  readonly sharedWith?: readonly string[];
  /** The doctors to whom the patient's record is open. */
  readonly openedTo?: readonly string[];
}

/** One line of the policy: a role with a relation, and for admins with a permission. */
interface Line {
  readonly role: Role;
  readonly relation: Relation;
  readonly permission?: Permission;
}

const patient = { role: 'patient', relation: 'patient' } as const;
const guardian = { role: 'patient', relation: 'guardian' } as const;
const anyPatient = { role: 'patient', relation: 'any' } as const;
const doctor = { role: 'doctor', relation: 'doctor' } as const;
const anyDoctor = { role: 'doctor', relation: 'any' } as const;
const treatingDoctor = { role: 'doctor', relation: 'treating' } as const;
const sharedDoctor = { role: 'doctor', relation: 'shared' } as const;
const openedDoctor = { role: 'doctor', relation: 'opened' } as const;
const staff = { role: 'staff', relation: 'clinic' } as const;
const anyStaff = { role: 'staff', relation: 'any' } as const;
const admin = (permission: Permission) => ({ role: 'admin', relation: 'any', permission }) as const;

/** The one policy table: who may do what. Everything not listed is refused. */
const policy = {
  /** To take a seat for a patient: one's own, a dependant's, or any patient's on one's own day or at one's clinic. */
  'appointment.hold': [patient, guardian, doctor, staff, admin('appointments')],
  'appointment.list': [anyPatient, anyDoctor, anyStaff, admin('appointments')],
  /** To look for a patient's by address or number. */
  'appointment.search': [admin('appointments')],
  'appointment.read': [patient, guardian, doctor, staff, openedDoctor, admin('appointments')],
  'appointment.read_words': [patient, guardian, doctor, openedDoctor],
  'appointment.confirm': [patient, guardian, doctor, staff, admin('appointments')],
  /** To be given more time to pay in. */
  'appointment.extend': [patient, guardian, doctor, staff, admin('appointments')],
  'appointment.cancel': [patient, guardian, doctor, staff, admin('appointments')],
  'appointment.reschedule': [patient, guardian, doctor, staff, admin('appointments')],
  /** To take a seat of a doctor: one doctor fills no other's diary, least of all past an approval. */
  'appointment.move_to': [anyPatient, doctor, staff, admin('appointments')],
  'appointment.describe': [patient, guardian],
  'appointment.accept': [doctor, admin('appointments')],
  'appointment.reject': [doctor, admin('appointments')],
  'appointment.complete': [doctor, staff, admin('appointments')],
  'appointment.mark_no_show': [doctor, staff, admin('appointments')],
  /** To note that a patient has come. */
  'visit.check_in': [patient, guardian, doctor, staff, admin('appointments')],
  'visit.call_in': [doctor, staff],
  /** The room is for the two parties, and for nobody else. */
  'visit.join_video': [patient, guardian, doctor],
  'visit.read_queue': [doctor, staff, admin('appointments')],
  'visit.say_delay': [doctor, staff, admin('appointments')],
  'follow_up.propose': [doctor],
  'follow_up.read': [patient, guardian, doctor],
  /** To be away and do something about who is booked: by the doctor, or by whoever minds the diary. */
  'absence.manage': [doctor, staff, admin('appointments')],
  'waitlist.join': [patient, guardian, doctor, staff, admin('appointments')],
  'waitlist.list': [anyPatient, anyDoctor, anyStaff, admin('appointments')],
  'waitlist.read': [patient, guardian, doctor, staff, admin('appointments')],
  'waitlist.leave': [patient, guardian, doctor, staff, admin('appointments')],
  /** Everybody who waits for a doctor. */
  'waitlist.read_line': [doctor, staff, admin('appointments')],
  'dependant.keep': [anyPatient],
  /** To open feeds of one's own calendar. */
  'calendar.keep': [anyPatient, anyDoctor],
  /** Of staff, those who work at a clinic now. */
  'patient.search': [staff, admin('appointments'), admin('users')],
  'patient.break_glass': [anyDoctor],
  'break_glass.list': [admin('audit')],
  /** To read all that is known of a patient's health. */
  'record.read': [patient, guardian, treatingDoctor, openedDoctor],
  /** To add to it, under one's own name. */
  'record.write': [patient, guardian, treatingDoctor],
  /** Of staff, what the desk needs: the rest goes by `record.read`. */
  'profile.read': [patient, guardian, treatingDoctor, openedDoctor, staff],
  'profile.edit': [patient, guardian],
  /** To see who looked. */
  'access_log.read': [patient, guardian],
  /** Who wrote a visit note reads it for as long as it is there. */
  'note.read': [patient, guardian, doctor, treatingDoctor, openedDoctor],
  /** Of the appointment, and nobody else. */
  'note.write': [doctor],
  /** To upload, name, delete and share documents. */
  'document.keep': [patient, guardian],
  'document.read': [patient, guardian, sharedDoctor, openedDoctor],
  'schedule.read': [doctor, staff, admin('doctors')],
  /** Why a doctor is away is not for the front desk. */
  'schedule.read_reasons': [doctor, admin('doctors')],
  'schedule.edit': [doctor, admin('doctors')],
  /** Whose private calendar it is: not for admins. */
  'calendar_source.keep': [doctor],
  /** To be told why a time of a doctor can or cannot be booked. */
  'slot.explain': [doctor, staff, admin('doctors'), admin('appointments')],
  'doctor.edit': [doctor, admin('doctors')],
  'doctor.create': [admin('doctors')],
  'doctor.verify': [admin('doctors')],
  /** To upload licence documents and ask for a review. */
  'doctor.submit': [doctor],
  'doctor.read_documents': [doctor, admin('doctors')],
  'doctor.rebuild': [admin('system')],
  'clinic.create': [admin('doctors')],
  'clinic.edit': [admin('doctors')],
  /** The list that doctors choose from. */
  'specialization.edit': [admin('doctors')],
  /** Of a verified doctor everybody may. */
  'picture.read': [patient, guardian, treatingDoctor, openedDoctor, staff, admin('users')],
  /** The rooms and devices of a clinic. */
  'resource.read': [staff, admin('doctors')],
  'resource.edit': [staff, admin('doctors')],
  'webhook.read': [admin('doctors')],
  'webhook.edit': [admin('doctors')],
  /** A patient's own account with everything in it, a dependant, or any patient's. */
  'account.erase': [patient, guardian, admin('users')],
  'payment.make': [patient, guardian],
  'payment.read': [patient, guardian, doctor, staff, admin('finance')],
  /** Receipts and invoices. */
  'payment.read_documents': [patient, guardian, staff, admin('finance')],
  'payment.list': [admin('finance')],
  'payment.refund': [admin('finance')],
  'refund_policy.edit': [admin('finance')],
  'staff.list': [admin('users')],
  'staff.edit': [admin('users')],
  'user.read': [admin('users')],
  'user.edit': [admin('users')],
  'statistics.read': [admin('finance')],
  'prescription.read': [patient, guardian, doctor, treatingDoctor, openedDoctor],
  /** To be given the code that dispenses it: the paper has it, and nothing else. Whoever reads a record has no use for it. */
  'prescription.print_code': [patient, guardian, doctor],
  'prescription.write': [treatingDoctor],
  /** By who wrote it. */
  'prescription.cancel': [doctor],
  /** To review a visit: by who went, or answers for who did. */
  'review.write': [patient, guardian],
  'review.answer': [doctor],
  'review.moderate': [admin('doctors')],
  /** Figures and reports of one's own work. */
  'analytics.read': [anyDoctor],
  'report.regenerate': [admin('finance')],
  'system.read': [admin('system')],
  'system.repair': [admin('system')],
  'audit.read': [admin('audit')],
} as const satisfies Record<string, readonly Line[]>;

/** Everything that can be asked for. */
export type Action = keyof typeof policy;

/** Every action, for tables and tests. */
export const actions = Object.keys(policy) as Action[];

/** Whether a principal could ever do this, whoever's it is. Decides 403 before anything is looked up. */
export const mayEver = (principal: Principal, action: Action): boolean =>
  policy[action].some((line) => applies(line, principal));

/** Whether a principal may do this to this resource. A `false` must look exactly like a missing resource. */
export const may = (principal: Principal, action: Action, resource: Resource): boolean =>
  policy[action].some((line) => applies(line, principal) && stands(principal, line.relation, resource));

/** The relations by which a principal may do this: what a list shows is all that stands in one of them. */
export const relationsFor = (principal: Principal, action: Action): readonly Relation[] =>
  policy[action].filter((line) => applies(line, principal)).map(({ relation }) => relation);

const applies = ({ role, permission }: Line, principal: Principal): boolean =>
  role === principal.role && (permission === undefined || principal.permissions.includes(permission));

const stands = (principal: Principal, relation: Relation, resource: Resource): boolean => {
  const { patientId, doctorId, clinicId, clinicIds = [], treatedBy = [], sharedWith = [], openedTo = [] } = resource;
  switch (relation) {
    case 'any':
      return true;
    case 'patient':
      return patientId === principal.id;
    case 'guardian':
      return patientId !== undefined && principal.dependantIds.includes(patientId);
    case 'doctor':
      return doctorId === principal.id;
    case 'clinic':
      return [clinicId, ...clinicIds].some((id) => typeof id === 'string' && principal.clinicIds.includes(id));
    case 'treating':
      return treatedBy.includes(principal.id);
    case 'shared':
      return sharedWith.includes(principal.id);
    case 'opened':
      return openedTo.includes(principal.id);
  }
};
