import { bookingPages } from './booking-pages.ts';
import { counted, practicePages } from './practice-pages.ts';
import { clinicId, demo, type Person } from './support/people.ts';
import type { Visitor } from './support/visits.ts';

/** Those of the demonstration, signed in. */
export interface Cast {
  readonly patient: Person;
  readonly doctor: Person;
  readonly admin: Person;
}

/** A page that is looked at in every width, theme and language. */
export interface Row {
  readonly name: string;
  readonly as: 'nobody' | 'patient' | 'doctor' | 'admin';
  /** Its path, or how it is found out. */
  readonly path: string | ((cast: Cast) => string | Promise<string>);
  /** What its answer has; 200, unless told. */
  readonly status?: number;
  /** What is done on it before it is looked at. */
  readonly does?: (visitor: Visitor) => Promise<unknown>;
}

/** Every page there is, with the data of the demonstration: a line for each. */
export const pages: readonly Row[] = [
  { name: 'home', as: 'nobody', path: '/' },
  { name: 'search', as: 'nobody', path: '/?q=cardiology' },
  { name: 'search without results', as: 'nobody', path: '/?q=zzzzzz' },
  { name: 'search near somebody', as: 'nobody', path: '/?near=23.75,90.38&withinKm=10&fee=2000&currency=BDT' },
  { name: 'search in a place that may be another', as: 'nobody', path: '/?place=dha' },
  {
    name: 'suggestions',
    as: 'nobody',
    path: '/',
    does: async ({ page }) => {
      await page
        .getByLabel('Doctor, speciality or clinic')
        .or(page.getByLabel('ডাক্তার, বিশেষত্ব বা ক্লিনিক'))
        .pressSequentially('card');
      await page.locator('[role="option"]').first().waitFor();
    },
  },
  { name: 'doctor', as: 'nobody', path: ({ doctor }) => `/doctors/${doctor.id}` },
  { name: 'doctor by video', as: 'nobody', path: ({ doctor }) => `/doctors/${doctor.id}?mode=video` },
  { name: 'reviews of a doctor', as: 'nobody', path: ({ doctor }) => `/doctors/${doctor.id}/reviews` },
  ...bookingPages,
  ...practicePages,
  { name: 'sign in', as: 'nobody', path: '/login' },
  { name: 'register', as: 'nobody', path: '/register' },
  { name: 'register as a doctor', as: 'nobody', path: '/register/doctor' },
  { name: 'forgotten password', as: 'nobody', path: '/forgotten' },
  { name: 'reset password', as: 'nobody', path: '/reset' },
  { name: 'account', as: 'patient', path: '/account' },
  { name: 'account of a doctor', as: 'doctor', path: '/account' },
  { name: 'personal details', as: 'patient', path: '/account/details' },
  { name: 'security', as: 'patient', path: '/account/security' },
  { name: 'change of password', as: 'patient', path: '/account/security/password' },
  { name: 'authenticator app', as: 'patient', path: '/account/security/authenticator' },
  { name: 'new passkey', as: 'patient', path: '/account/security/passkeys/new' },
  { name: 'privacy', as: 'patient', path: '/account/privacy' },
  { name: 'privacy of an admin', as: 'admin', path: '/account/privacy' },
  { name: 'erasing', as: 'patient', path: '/account/erase' },
  { name: 'record', as: 'patient', path: '/records' },
  { name: 'health profile', as: 'patient', path: '/records/about' },
  { name: 'new history', as: 'patient', path: '/records/history/new' },
  { name: 'new measurements', as: 'patient', path: '/records/vitals/new' },
  { name: 'documents', as: 'patient', path: '/records/documents' },
  { name: 'prescriptions', as: 'patient', path: '/records/prescriptions' },
  { name: 'family', as: 'patient', path: '/family' },
  { name: 'new dependant', as: 'patient', path: '/family/new' },
  { name: 'notifications', as: 'patient', path: '/notifications' },
  { name: 'notification preferences', as: 'patient', path: '/notifications/preferences' },
  { name: 'notification preferences of a doctor', as: 'doctor', path: '/notifications/preferences' },
  { name: 'dashboard', as: 'admin', path: counted('/admin?period=30') },
  { name: 'all appointments', as: 'admin', path: '/admin/appointments' },
  { name: 'find a patient', as: 'admin', path: '/admin/appointments/find' },
  { name: 'book for a patient', as: 'admin', path: '/admin/appointments/book' },
  { name: 'appointments of a patient', as: 'admin', path: ({ patient }) => `/admin/appointments/of/${patient.id}` },
  {
    name: 'book for a patient with a doctor',
    as: 'admin',
    path: ({ patient, doctor }) => `/admin/appointments/book?patient=${patient.id}&doctor=${doctor.id}`,
  },
  { name: 'waiting room', as: 'admin', path: ({ doctor }) => `/admin/appointments/queue/${doctor.id}` },
  { name: 'users', as: 'admin', path: '/admin/users' },
  { name: 'account of a patient', as: 'admin', path: ({ patient }) => `/admin/users/${patient.id}` },
  { name: 'doctors to verify', as: 'admin', path: '/admin/doctors' },
  { name: 'doctors who are verified', as: 'admin', path: '/admin/doctors?state=verified' },
  { name: 'create a doctor', as: 'admin', path: '/admin/doctors/new' },
  { name: 'verification of a doctor', as: 'admin', path: ({ doctor }) => `/admin/doctors/${doctor.id}` },
  { name: 'reviews of all', as: 'admin', path: '/admin/reviews' },
  { name: 'clinics', as: 'admin', path: '/admin/clinics' },
  { name: 'create a clinic', as: 'admin', path: '/admin/clinics/new' },
  { name: 'details of a clinic', as: 'admin', path: async () => `/admin/clinics/${await clinicId()}` },
  { name: 'staff of a clinic', as: 'admin', path: async () => `/admin/clinics/${await clinicId()}/staff` },
  { name: 'rooms of a clinic', as: 'admin', path: async () => `/admin/clinics/${await clinicId()}/rooms` },
  { name: 'refunds of a clinic', as: 'admin', path: async () => `/admin/clinics/${await clinicId()}/refunds` },
  { name: 'organizations', as: 'admin', path: '/admin/clinics/organizations' },
  { name: 'specialities', as: 'admin', path: '/admin/clinics/specializations' },
  { name: 'audit', as: 'admin', path: '/admin/audit' },
  { name: 'verification of the audit', as: 'admin', path: '/admin/audit/verify' },
  { name: 'emergency access', as: 'admin', path: '/admin/audit/emergency' },
  { name: 'jobs', as: 'admin', path: '/admin/jobs' },
  { name: 'runs of a job', as: 'admin', path: '/admin/jobs/seal_audit' },
  { name: 'dead letters that wait', as: 'admin', path: '/admin/dead-letters' },
  { name: 'health', as: 'admin', path: '/admin/health' },
  { name: 'days against the database', as: 'admin', path: '/admin/health/days' },
  { name: 'notifications of all', as: 'admin', path: '/admin/health/notifications' },
  { name: 'report of a month', as: 'admin', path: '/admin/reports' },
  { name: 'webhooks of a clinic', as: 'admin', path: '/admin/webhooks' },
  { name: 'not found', as: 'nobody', path: '/nothing-here', status: 404 },
  { name: 'components', as: 'nobody', path: '/dev/components' },
];

/** Signs in those of the demonstration. */
export const cast = async (): Promise<Cast> => {
  const [patient, doctor, admin] = await Promise.all([demo.patient(), demo.doctor(), demo.admin()]);
  return { patient, doctor, admin };
};

/** The path of a page. */
export const pathOf = async ({ path }: Row, people: Cast): Promise<string> =>
  typeof path === 'string' ? path : path(people);
