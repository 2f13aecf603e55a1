import { addDays } from '../../src/domain/local-date.ts';
import { availabilityRoutes } from './availability-routes.ts';
import { paymentRoutes } from './payment-routes.ts';
import { patient } from './people.ts';
import { practiceRoutes } from './practice-routes.ts';
import { prescriptionRoutes } from './prescription-routes.ts';
import { placeRoutes, profileRoutes } from './profile-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { resourceRoutes } from './resource-routes.ts';
import {
  type Ask,
  adminGets,
  all,
  asserted,
  attested,
  before,
  calendarSourceOf,
  child,
  doctorGets,
  type Expected,
  everybody,
  factorless,
  feedOf,
  gone,
  newPassword,
  of,
  ofDependant,
  ofDoctor,
  ofFeed,
  ofLink,
  ofWebhook,
  ofWorker,
  out,
  password,
  plainly,
  type Row,
  role,
  saying,
  toFreeSlot,
  webhookFor,
  whoever,
  without,
  withReason,
} from './route-parts.ts';
import { tellingRoutes } from './telling-routes.ts';
import { visitRoutes } from './visit-routes.ts';
import { waitlistRoutes } from './waitlist-routes.ts';
import { deliveryTo, nowhere, withoutWebhooks } from './webhooks.ts';

export type { Ask, Expected, Row };

/** Every route there is. A route that is missing here, or a row without a route, fails the suite. */
export const routeTable: readonly Row[] = [
  ['GET /health', plainly, all(200)],
  ['GET /health/ready', plainly, all(200)],
  ['GET /.well-known/jwks.json', plainly, all(200)],
  // The tests' deployment has no METRICS_TOKEN.
  ['GET /metrics', plainly, [gone, gone, gone, gone, gone, gone]],
  ['GET /api/v1', plainly, all(200)],
  ['GET /api/v1/openapi.json', plainly, all(200)],
  ['GET /api/v1/docs', plainly, all(200)],
  ['GET /dev/mailbox', plainly, all(200)],
  ['GET /dev/mailbox/:id', async (cast) => ({ params: { id: await cast.message() } }), all(200)],
  ['GET /dev/mailbox/:id/html', async (cast) => ({ params: { id: await cast.message() } }), all(200)],
  // Who has the link in a mail may follow it, whoever it is.
  ['GET /unsubscribe/:token', ofLink, all(200)],
  ['POST /unsubscribe/:token', ofLink, all(200)],

  [
    'POST /api/v1/auth/register',
    saying((cast) => ({ ...cast.newAccount(), role: 'doctor', doctor: cast.newProfile() })),
    all(201),
  ],
  ['POST /api/v1/auth/login', saying((cast) => cast.credentials), all(200)],
  ['POST /api/v1/auth/refresh', async (cast) => ({ body: { refreshToken: await cast.refreshToken() } }), all(200)],
  ['POST /api/v1/auth/logout', async (cast) => ({ body: { refreshToken: await cast.refreshToken() } }), all(204)],
  ...[
    ['POST /api/v1/auth/register/confirm', { registrationToken: 'x', code: '123456' }] as const,
    ['POST /api/v1/auth/password-reset/confirm', { resetToken: 'x', password: newPassword }] as const,
    ['POST /api/v1/auth/login/second-factor', { mfaToken: 'x', code: '123456' }] as const,
  ].map(([route, body]): Row => [route, () => ({ body }), everybody('wrong_code')]),
  ['POST /api/v1/auth/password-reset', saying(() => ({ email: 'nobody@example.com' })), everybody(202)],
  ['POST /api/v1/auth/verification', factorless({ channel: 'email' }), whoever(202)],
  [
    'POST /api/v1/auth/verification/confirm',
    saying(() => ({ channel: 'email', verificationToken: 'x', code: '123456' })),
    whoever('wrong_code'),
  ],
  ['GET /api/v1/auth/second-factor', plainly, whoever(200)],
  ['POST /api/v1/auth/authenticator', factorless({ password }), whoever(201)],
  ['POST /api/v1/auth/authenticator/confirm', factorless({ code: '123456' }), whoever('not_enrolled')],
  ['POST /api/v1/auth/authenticator/remove', factorless({ password, code: '123456' }), whoever('not_enrolled')],
  ['POST /api/v1/auth/recovery-codes', factorless({ password }), whoever('not_enrolled')],
  ['GET /api/v1/auth/passkeys', plainly, whoever(200)],
  ['POST /api/v1/auth/passkeys/options', saying(() => ({ password })), whoever(201)],
  ['POST /api/v1/auth/passkeys', saying(() => ({ name: 'Phone', response: attested })), whoever('passkey_refused')],
  [
    'PUT /api/v1/auth/passkeys/:id',
    async (cast) => ({ params: { id: await cast.passkey() }, body: { name: 'Tablet' } }),
    [out, 200, gone, gone, gone, gone],
  ],
  [
    'DELETE /api/v1/auth/passkeys/:id',
    before(async (cast) => ({ params: { id: await cast.passkey() }, body: { password } })),
    [out, 204, gone, gone, gone, gone],
  ],
  ['GET /api/v1/auth/login/passkey', plainly, all(200)],
  ['POST /api/v1/auth/login/passkey', saying(() => asserted), everybody('passkey_refused')],
  ['GET /api/v1/auth/me', plainly, [out, 200, 200, 200, 200, 200]],
  ['GET /api/v1/auth/jwks', plainly, all(200)],
  ['GET /api/v1/auth/sessions', plainly, [out, 200, 200, 200, 200, 200]],
  [
    'DELETE /api/v1/auth/sessions/:id',
    async (cast) => ({ params: { id: await cast.otherDevice() } }),
    [out, 204, gone, gone, gone, gone],
  ],
  ['DELETE /api/v1/auth/sessions', plainly, [out, 204, 204, 204, 204, 204]],
  [
    'POST /api/v1/auth/password',
    saying((cast) => ({ currentPassword: cast.credentials.password, newPassword: cast.credentials.password })),
    [out, 204, 204, 204, 204, 204],
  ],

  ['POST /api/v1/clinics', saying((cast) => cast.newClinic()), adminGets(201)],
  ['GET /api/v1/clinics', plainly, all(200)],
  ['GET /api/v1/clinics/:id', (cast) => ({ params: { id: cast.clinicId } }), all(200)],
  [
    'PUT /api/v1/clinics/:id',
    (cast) => ({ params: { id: cast.clinicId }, body: { email: 'desk@example.com' } }),
    adminGets(200),
  ],

  ...placeRoutes,

  ['GET /api/v1/clinics/:id/webhooks', (cast) => ({ params: { id: cast.clinicId } }), adminGets(200)],
  [
    'POST /api/v1/clinics/:id/webhooks',
    async ({ clinicId }) => {
      await withoutWebhooks(clinicId);
      return { params: { id: clinicId }, body: { url: nowhere, events: ['appointment.confirmed'] } };
    },
    adminGets(201),
  ],
  ['PUT /api/v1/clinics/:id/webhooks/:webhookId', ofWebhook({ events: null, enabled: true }), adminGets(200)],
  ['POST /api/v1/clinics/:id/webhooks/:webhookId/rotate-secret', ofWebhook(), adminGets(200)],
  ['DELETE /api/v1/clinics/:id/webhooks/:webhookId', ofWebhook(), adminGets(204)],
  ['GET /api/v1/clinics/:id/webhooks/:webhookId/deliveries', ofWebhook(), adminGets(200)],
  [
    'POST /api/v1/clinics/:id/webhooks/:webhookId/deliveries/:deliveryId/replay',
    async (cast) => {
      const webhookId = await webhookFor(cast);
      return { params: { id: cast.clinicId, webhookId, deliveryId: await deliveryTo(webhookId, cast.clinicId) } };
    },
    adminGets(202),
  ],
  ['GET /api/v1/clinics/:id/staff', (cast) => ({ params: { id: cast.clinicId } }), adminGets(200)],
  [
    'POST /api/v1/clinics/:id/staff',
    async (cast) => ({ params: { id: cast.clinicId }, body: { email: (await patient('Desk Worker')).email } }),
    adminGets(201),
  ],
  ['DELETE /api/v1/clinics/:id/staff/:accountId', ofWorker, adminGets(204)],

  ...profileRoutes,

  ['GET /api/v1/users/me/dependants', plainly, [out, 200, 200, role, role, role]],
  ['POST /api/v1/users/me/dependants', before(saying(child)), [out, 201, 201, role, role, role]],
  ['PUT /api/v1/users/me/dependants/:id', ofDependant(child()), [out, 200, gone, role, role, role]],
  ['DELETE /api/v1/users/me/dependants/:id', before(ofDependant()), [out, 204, gone, role, role, role]],
  ['GET /api/v1/calendar-feeds', plainly, [out, 200, 200, 200, 200, role]],
  [
    'POST /api/v1/calendar-feeds',
    async (cast) => {
      await cast.withoutFeeds();
      return { body: { label: 'Phone', privacy: 'full', showFree: false } };
    },
    [out, 201, 201, 201, 201, role],
  ],
  ['POST /api/v1/calendar-feeds/:id/rotate', ofFeed, [out, 200, gone, gone, gone, role]],
  ['DELETE /api/v1/calendar-feeds/:id', ofFeed, [out, 204, gone, gone, gone, role]],
  // Who has the address may read, whoever it is.
  ['GET /calendar/:file', async (cast) => ({ params: { file: (await feedOf(cast)).file } }), all(200)],
  ['POST /api/v1/patients/search', saying(() => ({ name: 'Vera' })), adminGets(200)],
  [
    'POST /api/v1/patients/:id/break-glass',
    async () => ({
      params: { id: (await patient('Record Holder')).id },
      body: { reason: 'Brought in unconscious, allergies unknown' },
    }),
    [out, role, role, 201, 201, role],
  ],
  ['GET /api/v1/admin/break-glass', plainly, adminGets(200)],

  ['GET /api/v1/doctors', plainly, all(200)],
  ['GET /api/v1/doctors/search', plainly, all(200)],
  ['GET /api/v1/doctors/:id', ofDoctor(), all(200)],
  ['POST /api/v1/doctors', saying((cast) => ({ ...cast.newAccount(), ...cast.newProfile() })), adminGets(201)],
  [
    'PUT /api/v1/doctors/:id',
    // Another name or licence number would send the doctor to a review, and out of what is asked next.
    ofDoctor((cast) => without(cast.newProfile(), 'licenseNumber')),
    doctorGets(200),
  ],
  [
    'POST /api/v1/admin/doctors/:id/verify',
    async (cast) => ({ params: { id: (await cast.unverified()).id } }),
    adminGets(200),
  ],
  [
    'POST /api/v1/admin/doctors/:id/reject',
    async (cast) => ({ params: { id: (await cast.submitted()).id }, body: { reason: 'It cannot be read.' } }),
    adminGets(200),
  ],
  ['GET /api/v1/admin/doctors', plainly, adminGets(200)],
  ['GET /api/v1/doctors/:id/verification', ofDoctor(), doctorGets(200)],
  ['POST /api/v1/doctors/:id/verification', ofDoctor(), [out, role, role, 'already_verified', gone, role]],
  ['POST /api/v1/doctors/:id/documents', ofDoctor((cast) => cast.file()), [out, role, role, 201, gone, role]],
  [
    'GET /api/v1/doctors/:id/documents/:documentId',
    async (cast) => ({ params: { id: cast.members.ownDoctor.id, documentId: await cast.document() } }),
    doctorGets(200),
  ],
  [
    'DELETE /api/v1/doctors/:id/documents/:documentId',
    async (cast) => ({ params: { id: cast.members.ownDoctor.id, documentId: await cast.document() } }),
    [out, role, role, 'documents_under_review', gone, role],
  ],
  ['POST /api/v1/admin/doctors/:id/rebuild', ofDoctor(), adminGets(202)],

  ['GET /api/v1/doctors/:id/schedule', ofDoctor(), doctorGets(200)],
  ['PUT /api/v1/doctors/:id/schedule', ofDoctor((cast) => cast.schedule), doctorGets(200)],
  ['POST /api/v1/doctors/:id/schedule/preview', ofDoctor((cast) => cast.schedule), doctorGets(200)],
  ['GET /api/v1/doctors/:id/sessions', ofDoctor(), doctorGets(200)],
  ['POST /api/v1/doctors/:id/sessions', ofDoctor((cast) => ({ sessions: [cast.newSession()] })), doctorGets(201)],
  [
    'DELETE /api/v1/doctors/:id/sessions',
    async (cast) => ({ params: { id: cast.members.ownDoctor.id }, query: { ids: await cast.session() } }),
    doctorGets(204),
  ],
  ['GET /api/v1/doctors/:id/time-off', ofDoctor(), doctorGets(200)],
  ['POST /api/v1/doctors/:id/time-off', ofDoctor((cast) => cast.newTimeOff()), doctorGets(201)],
  [
    'DELETE /api/v1/doctors/:id/time-off/:timeOffId',
    async (cast) => ({ params: { id: cast.members.ownDoctor.id, timeOffId: await cast.timeOff() } }),
    doctorGets(204),
  ],
  ['GET /api/v1/doctors/:id/calendar-sources', ofDoctor(), [out, role, role, 200, gone, role]],
  [
    'POST /api/v1/doctors/:id/calendar-sources',
    async (cast) => {
      await cast.withoutCalendarSources();
      return { params: { id: cast.members.ownDoctor.id }, body: await cast.newCalendarSource() };
    },
    [out, role, role, 201, gone, role],
  ],
  [
    'DELETE /api/v1/doctors/:id/calendar-sources/:sourceId',
    async (cast) => ({ params: { id: cast.members.ownDoctor.id, sourceId: await calendarSourceOf(cast) } }),
    [out, role, role, 204, gone, role],
  ],
  ...availabilityRoutes,

  // For a patient: by the patient, by the doctor whose day it is, and by an admin.
  [
    'POST /api/v1/appointments',
    saying((cast) => ({
      slotId: cast.freeSlot().id,
      patientId: cast.members.patient.id,
      mode: 'in_person',
      reason: 'Check-up',
      symptoms: 'None',
    })),
    [out, 201, role, 201, role, 201],
  ],
  ['GET /api/v1/appointments', plainly, [out, 200, 200, 200, 200, 200]],
  ['GET /api/v1/appointments/:id', of('confirmed'), [out, 200, gone, 200, gone, 200]],
  ['GET /api/v1/appointments/:id/invite.ics', of('confirmed'), [out, 200, gone, 200, gone, 200]],
  [
    'PUT /api/v1/appointments/:id',
    of('confirmed', () => ({ reason: 'It is worse', symptoms: null })),
    [out, 200, gone, role, role, role],
  ],
  ['DELETE /api/v1/appointments/:id', of('confirmed'), [out, 200, gone, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/cancel', of('confirmed', withReason), [out, 200, gone, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/reschedule', of('confirmed', toFreeSlot), [out, 200, gone, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/confirm', of('pending'), [out, 200, gone, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/accept', of('awaiting'), [out, role, role, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/reject', of('awaiting', withReason), [out, role, role, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/complete', of('begun'), [out, role, role, 200, gone, 200]],
  ['POST /api/v1/appointments/:id/no-show', of('begun'), [out, role, role, 200, gone, 200]],

  // Each asks for somebody who has just come, so that nobody of the cast is lost.
  [
    'POST /api/v1/users/:id/erasure',
    async (cast) => {
      const { id, password } = await cast.passerby();
      return { params: { id }, body: { password } };
    },
    [out, gone, gone, role, role, 200],
  ],
  [
    'DELETE /api/v1/users/:id',
    async (cast) => {
      const { id, password } = await cast.passerby();
      const offer = await cast.members.admin.act('POST', `/users/${id}/erasure`, { password });
      return { params: { id }, body: { confirmation: offer.body.confirmation } };
    },
    [out, gone, gone, role, role, 202],
  ],
  ['GET /api/v1/users/me/export', plainly, whoever(200)],
  ['POST /api/v1/users/me/export', saying(() => ({ password })), whoever(200)],
  ...tellingRoutes,
  ...paymentRoutes,
  ...practiceRoutes,
  ...waitlistRoutes,
  ...recordRoutes,
  ...prescriptionRoutes,
  ...resourceRoutes,
  ...visitRoutes,

  [
    'POST /api/v1/admin/appointments/search',
    saying(({ members, date }) => ({
      ...{ patientId: members.patient.id, doctorId: members.ownDoctor.id, status: 'confirmed' },
      ...{ from: date, to: date, limit: 5 },
    })),
    adminGets(200),
  ],
  ['GET /api/v1/admin/users', plainly, adminGets(200)],
  [
    'POST /api/v1/admin/users/search',
    saying(() => ({ name: 'Vera', role: 'patient', active: true, limit: 5 })),
    adminGets(200),
  ],
  ['GET /api/v1/admin/users/:id', async (cast) => ({ params: { id: (await cast.unverified()).id } }), adminGets(200)],
  [
    'PUT /api/v1/admin/users/:id',
    async (cast) => ({ params: { id: (await cast.unverified()).id }, body: { active: true } }),
    adminGets(200),
  ],
  [
    'GET /api/v1/admin/statistics',
    ({ date }) => ({ query: { from: date, to: addDays(date, 6), timeZone: 'Asia/Dhaka' } }),
    adminGets(200),
  ],
  ['GET /api/v1/admin/system', plainly, adminGets(200)],
  [
    'GET /api/v1/admin/system/days/:id/:date',
    ({ members, date }) => ({ params: { id: members.ownDoctor.id, date } }),
    adminGets(200),
  ],
  [
    'POST /api/v1/admin/system/days/:id/:date/repair',
    ({ members, date }) => ({ params: { id: members.ownDoctor.id, date } }),
    adminGets(200),
  ],
  ['POST /api/v1/admin/system/sweep', saying(() => ({ limit: 2, repair: false })), adminGets(200)],
  ['GET /api/v1/admin/dead-letters', plainly, adminGets(200)],
  [
    'POST /api/v1/admin/dead-letters/:id/retry',
    async (cast) => ({ params: { id: await cast.deadLetter() } }),
    adminGets(200),
  ],
  ['GET /api/v1/admin/jobs', plainly, adminGets(200)],
  ['GET /api/v1/admin/jobs/:name/runs', () => ({ params: { name: 'forget_answers' } }), adminGets(200)],
  ['POST /api/v1/admin/jobs/:name/run', () => ({ params: { name: 'forget_answers' } }), adminGets(200)],
  ['GET /api/v1/admin/audit', plainly, adminGets(200)],
  ['GET /api/v1/admin/audit/verify', plainly, adminGets(200)],
  ['GET /api/v1/admin/audit/export', plainly, adminGets(200)],
  ['GET /api/v1/admin/audit/anchors', plainly, adminGets(200)],
  [
    'GET /api/v1/admin/audit/anchors/:date',
    async (cast) => ({ params: { date: await cast.anchored() } }),
    adminGets(200),
  ],
  ['GET /api/v1/users/me/access-log', plainly, [out, 200, 200, 200, 200, 200]],
  [
    'GET /api/v1/patients/:id/access-log',
    ({ members }) => ({ params: { id: members.patient.id } }),
    [out, 200, gone, role, role, role],
  ],
];

/** The address of a route (`POST /api/v1/appointments/:id/confirm`) with its parameters filled in, from the root. */
export const addressOf = (route: string, ask: Ask, params: Readonly<Record<string, string>> = ask.params ?? {}) => {
  const path = route.slice(route.indexOf(' ') + 1).replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '');
  const query = ask.query === undefined ? '' : `?${new URLSearchParams(ask.query)}`;
  return `/${path}${query}`;
};

/** The method of a route. */
export const methodOf = (route: string): string => route.slice(0, route.indexOf(' '));
