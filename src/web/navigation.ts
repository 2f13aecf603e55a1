import { type Action, mayEver, type Principal } from '../domain/access.ts';

/** The entries of the navigation: a key of `words.navigation`, and where it leads. */
const paths = {
  find: '/',
  appointments: '/appointments',
  records: '/records',
  family: '/family',
  notifications: '/notifications',
  account: '/account',
  day: '/day',
  week: '/week',
  requests: '/requests',
  schedule: '/schedule',
  timeOff: '/time-off',
  patientsWaiting: '/waiting',
  figures: '/figures',
  reviews: '/reviews',
  feeds: '/feeds',
  dashboard: '/admin',
  bookings: '/admin/appointments',
  users: '/admin/users',
  verification: '/admin/doctors',
  clinics: '/admin/clinics',
  moderation: '/admin/reviews',
  audit: '/admin/audit',
  jobs: '/admin/jobs',
  deadLetters: '/admin/dead-letters',
  health: '/admin/health',
  reports: '/admin/reports',
  webhooks: '/admin/webhooks',
} as const;

export type NavigationKey = keyof typeof paths;

const patient: readonly NavigationKey[] = ['find', 'appointments', 'records', 'family', 'notifications', 'account'];
const doctor: readonly NavigationKey[] = [
  ...(['day', 'week', 'requests', 'schedule', 'timeOff', 'patientsWaiting'] as const),
  ...(['figures', 'reviews', 'feeds', 'notifications', 'account'] as const),
];
const staff: readonly NavigationKey[] = ['bookings', 'clinics', 'account'];
const admin: readonly NavigationKey[] = [
  ...(['dashboard', 'bookings', 'users', 'verification', 'clinics', 'moderation', 'reports'] as const),
  ...(['audit', 'jobs', 'deadLetters', 'health', 'webhooks', 'account'] as const),
];

/** What an entry is good for, where not everybody of a role may do it: any of these. */
const needed: Partial<Record<NavigationKey, readonly Action[]>> = {
  bookings: ['appointment.list'],
  users: ['user.read'],
  verification: ['doctor.verify'],
  clinics: ['resource.read', 'staff.list', 'refund_policy.edit'],
  moderation: ['review.moderate'],
  reports: ['statistics.read'],
  audit: ['audit.read'],
  jobs: ['system.read'],
  deadLetters: ['system.read'],
  health: ['system.read'],
  webhooks: ['webhook.read'],
};

/** What somebody finds in the navigation, in order: the key of its words, and its path. */
export const navigationOf = (
  who: Principal | null,
): readonly { readonly key: NavigationKey; readonly path: string }[] =>
  (who === null ? (['find'] as const) : { patient, doctor, staff, admin }[who.role])
    .filter((key) => who === null || (needed[key]?.some((action) => mayEver(who, action)) ?? true))
    .map((key) => ({ key, path: paths[key] }));

/** Where somebody begins who has signed in. */
export const homeOf = (who: Principal | null): string =>
  who === null || who.role === 'patient'
    ? '/'
    : { doctor: paths.day, staff: paths.bookings, admin: paths.dashboard }[who.role];
