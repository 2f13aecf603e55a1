import { contextStorage } from 'hono/context-storage';
import { jobs } from './cron.ts';
import { refusal, refusals } from './domain/refusal.ts';
import { settingsOf } from './env.ts';
import { dayRoutes } from './features/appointments/day-routes.ts';
import { inviteRoutes } from './features/appointments/invite-routes.ts';
import { appointmentRoutes } from './features/appointments/routes.ts';
import { appointmentSearchRoutes } from './features/appointments/search-routes.ts';
import { accessRoutes } from './features/audit/access-routes.ts';
import { auditRoutes } from './features/audit/routes.ts';
import { verifyRoutes } from './features/audit/verify-routes.ts';
import { availabilityRoutes } from './features/availability/routes.ts';
import { breakGlassRoutes } from './features/break-glass/routes.ts';
import { busyImportRoutes } from './features/busy-import/routes.ts';
import { calendarFileRoutes } from './features/calendar-feeds/file-routes.ts';
import { calendarFeedRoutes } from './features/calendar-feeds/routes.ts';
import { chartRoutes } from './features/charts/routes.ts';
import { organizationRoutes } from './features/clinics/organization-routes.ts';
import { clinicRoutes } from './features/clinics/routes.ts';
import { dependantRoutes } from './features/dependants/routes.ts';
import { doctorRoutes } from './features/doctors/routes.ts';
import { patientDocumentRoutes } from './features/documents/routes.ts';
import { figureRoutes } from './features/figures/routes.ts';
import { healthRoutes } from './features/health/routes.ts';
import { accountRoutes } from './features/identity/account-routes.ts';
import { authenticatorRoutes } from './features/identity/authenticator-routes.ts';
import { keyRoutes, wellKnownRoutes } from './features/identity/key-routes.ts';
import { passkeyLoginRoutes } from './features/identity/passkey-login-routes.ts';
import { passkeyRoutes } from './features/identity/passkey-routes.ts';
import { identityRoutes } from './features/identity/routes.ts';
import { secondFactorRoutes } from './features/identity/second-factor-routes.ts';
import { sessionRoutes } from './features/identity/session-routes.ts';
import { jobRoutes } from './features/jobs/routes.ts';
import { locationRoutes } from './features/locations/routes.ts';
import { countAnswer, countSecurityEvent } from './features/metrics/counts.ts';
import { metricsRoutes } from './features/metrics/routes.ts';
import { notificationAdminRoutes } from './features/notifications/admin-routes.ts';
import { inboxRoutes } from './features/notifications/inbox-routes.ts';
import { preferenceRoutes } from './features/notifications/preference-routes.ts';
import { unsubscribeRoutes } from './features/notifications/unsubscribe-routes.ts';
import { patientProfileRoutes } from './features/patient-profiles/routes.ts';
import { patientRoutes } from './features/patients/routes.ts';
import { paperRoutes } from './features/payments/paper-routes.ts';
import { payPageRoutes } from './features/payments/pay-page-routes.ts';
import { paymentRoutes } from './features/payments/routes.ts';
import { onePrescriptionRoutes } from './features/prescriptions/one-routes.ts';
import { verifyPageRoutes } from './features/prescriptions/page-routes.ts';
import { prescriptionRoutes } from './features/prescriptions/routes.ts';
import { verifyRoutes as prescriptionVerifyRoutes } from './features/prescriptions/verify-routes.ts';
import { exportRoutes } from './features/privacy/export-routes.ts';
import { privacyRoutes } from './features/privacy/routes.ts';
import { meRoutes } from './features/profiles/me-routes.ts';
import { pictureRoutes } from './features/profiles/picture-routes.ts';
import { pushRoutes } from './features/push/routes.ts';
import { recordRoutes } from './features/records/routes.ts';
import { ownReportRoutes } from './features/reports/own-routes.ts';
import { reportRoutes } from './features/reports/routes.ts';
import { resourceRoutes } from './features/resources/routes.ts';
import { reviewModerationRoutes } from './features/reviews/moderation-routes.ts';
import { reviewRoutes } from './features/reviews/routes.ts';
import { scheduleRoutes } from './features/schedules/routes.ts';
import { specializationRoutes } from './features/specializations/routes.ts';
import { staffRoutes } from './features/staff/routes.ts';
import { statisticsRoutes } from './features/statistics/routes.ts';
import { deadLetterRoutes } from './features/system/dead-letter-routes.ts';
import { systemRoutes } from './features/system/routes.ts';
import { userRoutes } from './features/users/routes.ts';
import { deskRoutes } from './features/visits/desk-routes.ts';
import { followUpRoutes } from './features/visits/follow-up-routes.ts';
import { visitRoutes } from './features/visits/routes.ts';
import { waitlistRoutes } from './features/waitlist/routes.ts';
import { deliveryRoutes } from './features/webhooks/delivery-routes.ts';
import { webhookRoutes } from './features/webhooks/routes.ts';
import { raiseAlert } from './http/alerts.ts';
import { allowedMethods } from './http/allowed-methods.ts';
import { answered, onAnswer } from './http/answered.ts';
import { assets } from './http/assets.ts';
import { bodyRules } from './http/body-rules.ts';
import { crossOrigin } from './http/cross-origin.ts';
import { looksAgain } from './http/edge-cache.ts';
import { describeError, report } from './http/log.ts';
import { documentation } from './http/openapi.ts';
import { problem, RefusalException, refusalOf } from './http/problem.ts';
import { addressLimits } from './http/rate-limit.ts';
import { requestSize } from './http/request-size.ts';
import { router } from './http/route.ts';
import { onSecurityEvent } from './http/security-event.ts';
import { mailboxRoutes } from './messages/mailbox-routes.ts';
import { smsStatusRoutes } from './messages/sms-status-routes.ts';
import { asPage, webRoutes } from './web/routes.ts';

/** Every route of the API, under `/api/v1`. */
const api = router()
  .route('/', identityRoutes)
  .route('/', keyRoutes)
  .route('/', accountRoutes)
  .route('/', secondFactorRoutes)
  .route('/', authenticatorRoutes)
  .route('/', passkeyRoutes)
  .route('/', passkeyLoginRoutes)
  .route('/', sessionRoutes)
  .route('/', clinicRoutes)
  .route('/', organizationRoutes)
  .route('/', locationRoutes)
  .route('/', specializationRoutes)
  .route('/', staffRoutes)
  .route('/', webhookRoutes)
  .route('/', deliveryRoutes)
  .route('/', doctorRoutes)
  .route('/', scheduleRoutes)
  .route('/', busyImportRoutes)
  .route('/', availabilityRoutes)
  .route('/', appointmentRoutes)
  .route('/', inviteRoutes)
  .route('/', appointmentSearchRoutes)
  .route('/', dayRoutes)
  .route('/', waitlistRoutes)
  .route('/', resourceRoutes)
  .route('/', visitRoutes)
  .route('/', deskRoutes)
  .route('/', followUpRoutes)
  .route('/', reviewRoutes)
  .route('/', reviewModerationRoutes)
  .route('/', calendarFeedRoutes)
  .route('/', dependantRoutes)
  .route('/', patientRoutes)
  .route('/', patientProfileRoutes)
  .route('/', recordRoutes)
  .route('/', chartRoutes)
  .route('/', patientDocumentRoutes)
  .route('/', breakGlassRoutes)
  .route('/', prescriptionRoutes)
  .route('/', prescriptionVerifyRoutes)
  .route('/', onePrescriptionRoutes)
  .route('/', userRoutes)
  .route('/', meRoutes)
  .route('/', pictureRoutes)
  .route('/', preferenceRoutes)
  .route('/', inboxRoutes)
  .route('/', notificationAdminRoutes)
  .route('/', exportRoutes)
  .route('/', privacyRoutes)
  .route('/', statisticsRoutes)
  .route('/', figureRoutes)
  .route('/', reportRoutes)
  .route('/', ownReportRoutes)
  .route('/', systemRoutes)
  .route('/', deadLetterRoutes)
  .route('/', jobRoutes(jobs))
  .route('/', auditRoutes)
  .route('/', accessRoutes)
  .route('/', verifyRoutes)
  .route('/', pushRoutes)
  .route('/', smsStatusRoutes)
  .route('/', paymentRoutes)
  .route('/', paperRoutes);

/** The type that Hono's typed client is made from: `hc<Api>('https://…/api/v1')`. */
export type Api = typeof api;

/** The application: middleware order, mounts, one place where errors become answers. */
export const app = router();

onAnswer(countAnswer);
onSecurityEvent(countSecurityEvent);
onSecurityEvent(raiseAlert);
app.use(contextStorage(), answered);
app.use(async (c, next) => {
  c.set('settings', settingsOf(c.env));
  await next();
});
app.use(requestSize, crossOrigin, addressLimits, bodyRules, looksAgain);
app.use('/reference/*', assets);
app.use('/web/*', assets);

app.route('/', healthRoutes);
app.route('/', wellKnownRoutes);
app.route('/', metricsRoutes);
app.route('/', unsubscribeRoutes);
app.route('/', calendarFileRoutes);
app.route('/', verifyPageRoutes);
app.route(
  '/',
  documentation([
    ['/', healthRoutes],
    ['/', wellKnownRoutes],
    ['/', metricsRoutes],
    ['/', unsubscribeRoutes],
    ['/', calendarFileRoutes],
    ['/', verifyPageRoutes],
    ['/api/v1', api],
  ]),
);
app.route('/api/v1', api);
app.route('/', mailboxRoutes);
app.route('/', payPageRoutes);
app.route('/', webRoutes(app));

app.notFound((c) => {
  const methods = allowedMethods(app, c.req.path);
  if (methods.length === 0) return asPage(app, c, problem(c, refusal('not_found')));
  const allow = methods.join(', ');
  if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow });
  const answer = problem(c, refusal('method_not_allowed'));
  answer.headers.set('allow', allow);
  return answer;
});
app.onError((error, c) => {
  const refused = refusalOf(error);
  if (!(error instanceof RefusalException) && refusals[refused.code].status >= 500)
    report('request_failed', { requestId: c.get('requestId'), ...describeError(error) });
  return asPage(app, c, problem(c, refused));
});
