/** Every role an account can have. */
export const roles = ['patient', 'doctor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Every permission an admin can have. */
export const permissions = ['users', 'doctors', 'finance', 'audit'] as const;
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
type Relation =
  /** The appointment's patient. */
  | 'patient'
  /** The appointment's doctor, or the doctor whose profile or schedule it is. */
  | 'doctor'
  /** No relation needed. */
  | 'any';

/** What is asked for: whose appointment, profile or schedule. Absent parts relate to nobody. */
export interface Resource {
  readonly patientId?: string;
  readonly doctorId?: string;
}

const patient = { role: 'patient', relation: 'patient' } as const;
const doctor = { role: 'doctor', relation: 'doctor' } as const;
const admin = { role: 'admin', relation: 'any' } as const;

/** The one policy table: who may do what. Everything not listed is refused. */
const policy = {
  'appointment.hold': [{ role: 'patient', relation: 'any' }],
  'appointment.list': [
    { role: 'patient', relation: 'any' },
    { role: 'doctor', relation: 'any' },
    { role: 'admin', relation: 'any' },
  ],
  'appointment.read': [patient, doctor, admin],
  'appointment.read_words': [patient, doctor],
  'appointment.confirm': [patient, admin],
  'appointment.cancel': [patient, doctor, admin],
  'appointment.reschedule': [patient, doctor, admin],
  /** To take a seat of a doctor: one doctor fills no other's diary, least of all past an approval. */
  'appointment.move_to': [{ role: 'patient', relation: 'any' }, doctor, admin],
  'appointment.describe': [patient],
  'appointment.accept': [doctor, admin],
  'appointment.reject': [doctor, admin],
  'appointment.complete': [doctor, admin],
  'appointment.mark_no_show': [doctor, admin],
  'schedule.read': [doctor, admin],
  'schedule.edit': [doctor, admin],
  'doctor.edit': [doctor, admin],
  'doctor.create': [admin],
  'doctor.verify': [admin],
  'doctor.rebuild': [admin],
  'clinic.create': [admin],
  'audit.read': [admin],
} as const satisfies Record<string, readonly { role: Role; relation: Relation }[]>;

/** Everything that can be asked for. */
export type Action = keyof typeof policy;

/** Whether a role could ever do this, whoever's it is. Decides 403 before anything is looked up. */
export const roleMay = (role: Role, action: Action): boolean => policy[action].some((grant) => grant.role === role);

/** Whether a principal may do this to this resource. A `false` must look exactly like a missing resource. */
export const may = (principal: Principal, action: Action, resource: Resource): boolean =>
  policy[action].some((grant) => grant.role === principal.role && stands(principal, grant.relation, resource));

const stands = (principal: Principal, relation: Relation, resource: Resource): boolean => {
  switch (relation) {
    case 'any':
      return true;
    case 'patient':
      return resource.patientId === principal.id;
    case 'doctor':
      return resource.doctorId === principal.id;
  }
};
