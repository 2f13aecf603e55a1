// The tables of D1, by area. All instants are integers in ms since the epoch (…AtMs); all dates are local dates,
// `YYYY-MM-DD`.
export * from './schema/accounts.ts';
export * from './schema/appointments.ts';
export * from './schema/audit.ts';
export * from './schema/calendar-feeds.ts';
export * from './schema/calendar-sources.ts';
export * from './schema/credentials.ts';
export * from './schema/data-keys.ts';
export * from './schema/dead-letters.ts';
export * from './schema/doctors.ts';
export * from './schema/erasures.ts';
export * from './schema/health-records.ts';
export * from './schema/idempotency.ts';
export * from './schema/jobs.ts';
export * from './schema/licence-documents.ts';
export * from './schema/messages.ts';
export * from './schema/metrics.ts';
export * from './schema/notification-preferences.ts';
export * from './schema/notifications.ts';
export * from './schema/patient-documents.ts';
export * from './schema/payments.ts';
export * from './schema/people.ts';
export * from './schema/reviews.ts';
export * from './schema/schedules.ts';
export * from './schema/sessions.ts';
export * from './schema/webhooks.ts';
