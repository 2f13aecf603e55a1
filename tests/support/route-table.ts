import { addDays } from '../../src/domain/local-date.ts';
import type { RefusalCode } from '../../src/domain/refusal.ts';
import type { Cast, State } from './cast.ts';
import { entered } from './ledger.ts';
import { dependantOf, patient } from './people.ts';
import { deliveryTo, nowhere, withoutWebhooks } from './webhooks.ts';

/** A request that a route understands, made for this once. */
export interface Ask {
  /** The ids in the path, by name. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** When it is asked, ms; now if absent. */
  readonly atMs?: number;
}

/** A status of success, or the code of a refusal. */
export type Expected = 200 | 201 | 202 | 204 | RefusalCode;

/**
 * A route, how it is asked, and what it answers to: nobody, the patient, another patient, the doctor concerned, another
 * doctor, an admin.
 */
export type Row = readonly [
  route: string,
  ask: (cast: Cast) => Ask | Promise<Ask>,
  expected: readonly [Expected, Expected, Expected, Expected, Expected, Expected],
];

const out = 'unauthenticated';
const role = 'forbidden';
const gone = 'not_found';
const all = (status: 200 | 201 | 204): Row[2] => [status, status, status, status, status, status];
const adminGets = (status: 200 | 201 | 202 | 204): Row[2] => [out, role, role, role, role, status];
const doctorGets = (status: 200 | 201 | 204): Row[2] => [out, role, role, status, gone, status];

const everybody = (expected: Expected): Row[2] => [expected, expected, expected, expected, expected, expected];
const whoever = (expected: Expected): Row[2] => [out, expected, expected, expected, expected, expected];

/** The password of everybody in the cast, and another. */
const password = 'Correct-Horse-7';
const newPassword = 'Another-Horse-8';
/** Passkeys' answers of the right shape that nothing signed. */
const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {} };
const attested = { ...credential, response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' } };
const asserted = {
  ...credential,
  response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA', userHandle: 'AAAA' },
};

const plainly = (): Ask => ({});
const saying =
  (body: (cast: Cast) => unknown): Row[1] =>
  (cast) => ({ body: body(cast) });
const factorless =
  (body: unknown): Row[1] =>
  async (cast) => {
    await cast.withoutFactors();
    return { body };
  };
/** A calendar elsewhere that the doctor has added, the only one that there is. */
const calendarSourceOf = async ({ members, newCalendarSource, withoutCalendarSources }: Cast): Promise<string> => {
  await withoutCalendarSources();
  const path = `/doctors/${members.ownDoctor.id}/calendar-sources`;
  return (await members.ownDoctor.act('POST', path, await newCalendarSource())).body.id;
};
const ofDoctor =
  (body?: (cast: Cast) => unknown): Row[1] =>
  (cast) => ({ params: { id: cast.members.ownDoctor.id }, ...(body === undefined ? {} : { body: body(cast) }) });
const of =
  (state: State, body?: (cast: Cast) => unknown): Row[1] =>
  async (cast) => {
    const { id, startsAtMs } = await cast.appointment(state);
    return {
      params: { id },
      ...(body === undefined ? {} : { body: body(cast) }),
      ...(state === 'begun' ? { atMs: startsAtMs } : {}),
    };
  };
/** Of a clinic, and of somebody who has just come to work there. */
const ofWorker: Row[1] = async ({ clinicId, members }) => {
  const { id, email } = await patient('Desk Worker');
  await members.admin.act('POST', `/clinics/${clinicId}/staff`, { email });
  return { params: { id: clinicId, accountId: id } };
};
/** A webhook of the cast's clinic, the only one that there is. */
const webhookFor = async ({ clinicId, members }: Cast): Promise<string> => {
  await withoutWebhooks(clinicId);
  return (await members.admin.act('POST', `/clinics/${clinicId}/webhooks`, { url: nowhere })).body.id;
};
const ofWebhook =
  (body?: unknown): Row[1] =>
  async (cast) => ({
    params: { id: cast.clinicId, webhookId: await webhookFor(cast) },
    ...(body === undefined ? {} : { body }),
  });
/** Asked an hour ago: it ends access tokens that were issued until then, and those of the cast shall go on. */
const before =
  (ask: Row[1]): Row[1] =>
  async (cast) => ({ ...(await ask(cast)), atMs: Date.now() - 3_600_000 });
/** An application on a device of its own. */
const application = () => ({ service: 'fcm', name: 'My phone', token: crypto.randomUUID().repeat(4) });
const child = () => ({ fullName: 'Tuli Islam', birthDate: '2019-04-30' });
const ofDependant =
  (body?: unknown): Row[1] =>
  async ({ members }) => ({
    params: { id: await dependantOf(members.patient.id) },
    ...(body === undefined ? {} : { body }),
  });
const ofLink: Row[1] = async (cast) => ({ params: { token: await cast.unsubscribing() } });
/** A feed of the patient, the only one that there is. */
const feedOf = async ({ members, withoutFeeds }: Cast): Promise<{ id: string; file: string }> => {
  await withoutFeeds();
  const { body } = await members.patient.act('POST', '/calendar-feeds', { label: 'Phone' });
  return { id: body.id, file: body.url.slice(body.url.lastIndexOf('/') + 1) };
};
const ofFeed: Row[1] = async (cast) => ({ params: { id: (await feedOf(cast)).id } });
const without = <T extends object, Key extends keyof T>(whole: T, key: Key): Omit<T, Key> => {
  const { [key]: _, ...rest } = whole;
  return rest;
};
const toFreeSlot = (cast: Cast) => ({ slotId: cast.freeSlot().id });
const withReason = () => ({ reason: 'Something came up' });

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
    before(async (cast) => ({ params: { id: await cast.passkey() } })),
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
  [
    'GET /api/v1/doctors/:id/availability',
    ({ members, date }) => ({ params: { id: members.ownDoctor.id }, query: { from: date, to: addDays(date, 1) } }),
    all(200),
  ],
  [
    'GET /api/v1/doctors/:id/slots',
    ({ members, date }) => ({ params: { id: members.ownDoctor.id }, query: { date } }),
    all(200),
  ],

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
  ['GET /api/v1/users/me/push-subscriptions', plainly, whoever(200)],
  ['POST /api/v1/users/me/push-subscriptions', saying(application), whoever(201)],
  [
    'DELETE /api/v1/users/me/push-subscriptions/:id',
    async (cast) => ({ params: { id: await cast.application() } }),
    [out, 204, gone, gone, gone, gone],
  ],
  // The tests' deployment has no provider of SMS.
  ['POST /api/v1/sms-status/:id', () => ({ params: { id: 'm_unknown' } }), everybody(gone)],
  ['GET /api/v1/users/me/export', plainly, [out, 200, 200, 200, 200, 200]],

  ['GET /api/v1/users/me/notification-preferences', plainly, [out, 200, 200, 200, 200, 200]],
  [
    'PUT /api/v1/users/me/notification-preferences',
    saying(() => ({
      ...{ locale: 'bn', channels: ['sms', 'email'], reminderMinutes: [1_440, 60] },
      kinds: { cancelled: { email: true, push: false, sms: true, in_app: true } },
      quietHours: { from: '22:00', to: '06:30', timeZone: 'Asia/Dhaka' },
    })),
    // An admin is told of no appointments, and so has no kinds to choose.
    [out, 200, 200, 200, 200, 'not_told_of_this'],
  ],
  ['GET /api/v1/notifications', plainly, [out, 200, 200, 200, 200, 200]],
  ['GET /api/v1/notifications/unread-count', plainly, [out, 200, 200, 200, 200, 200]],
  [
    'POST /api/v1/notifications/:id/read',
    async (cast) => ({ params: { id: await cast.notification() } }),
    [out, 200, gone, gone, gone, gone],
  ],
  [
    'POST /api/v1/notifications/read-all',
    async (cast) => {
      await Promise.all(Object.values(cast.members).map(({ id }) => entered({ recipientId: id })));
      return {};
    },
    [out, 200, 200, 200, 200, 200],
  ],
  ['GET /api/v1/admin/notifications', plainly, adminGets(200)],
  [
    'POST /api/v1/admin/notifications/:id/retry',
    async (cast) => ({ params: { id: await cast.failedNotification() } }),
    adminGets(200),
  ],
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
];

/** The address of a route (`POST /api/v1/appointments/:id/confirm`) with its parameters filled in, from the root. */
export const addressOf = (route: string, ask: Ask, params: Readonly<Record<string, string>> = ask.params ?? {}) => {
  const path = route.slice(route.indexOf(' ') + 1).replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '');
  const query = ask.query === undefined ? '' : `?${new URLSearchParams(ask.query)}`;
  return `/${path}${query}`;
};

/** The method of a route. */
export const methodOf = (route: string): string => route.slice(0, route.indexOf(' '));
