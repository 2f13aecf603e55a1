import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { refusal } from './domain/refusal.ts';
import { settingsOf } from './env.ts';
import { dayRoutes } from './features/appointments/day-routes.ts';
import { appointmentRoutes } from './features/appointments/routes.ts';
import { auditRoutes } from './features/audit/routes.ts';
import { availabilityRoutes } from './features/availability/routes.ts';
import { clinicRoutes } from './features/clinics/routes.ts';
import { doctorRoutes } from './features/doctors/routes.ts';
import { healthRoutes } from './features/health/routes.ts';
import { identityRoutes, wellKnownRoutes } from './features/identity/routes.ts';
import { sessionRoutes } from './features/identity/session-routes.ts';
import { scheduleRoutes } from './features/schedules/routes.ts';
import { allowedMethods } from './http/allowed-methods.ts';
import { describeError, logLine, report } from './http/log.ts';
import { documentation } from './http/openapi.ts';
import { problem, refusalOf } from './http/problem.ts';
import { router } from './http/route.ts';
import { mailboxRoutes } from './messages/mailbox-routes.ts';

const maxBodyBytes = 64 * 1024;

/** Every route of the API, under `/api/v1`. */
const api = router()
  .route('/', identityRoutes)
  .route('/', sessionRoutes)
  .route('/', clinicRoutes)
  .route('/', doctorRoutes)
  .route('/', scheduleRoutes)
  .route('/', availabilityRoutes)
  .route('/', appointmentRoutes)
  .route('/', dayRoutes)
  .route('/', auditRoutes);

/** The type that Hono's typed client is made from: `hc<Api>('https://…/api/v1')`. */
export type Api = typeof api;

/** The application: middleware order, mounts, one place where errors become answers. */
export const app = router();

app.use(async (c, next) => {
  const started = Date.now();
  c.set('requestId', crypto.randomUUID());
  c.set('settings', settingsOf(c.env));
  await next();
  c.header('x-request-id', c.get('requestId'));
  c.header('x-content-type-options', 'nosniff');
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  logLine(c, Date.now() - started);
});
app.use(async (c, next) => {
  const { corsOrigins } = c.get('settings');
  if (corsOrigins.length === 0) return next();
  return cors({
    origin: [...corsOrigins],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'],
    exposeHeaders: ['etag', 'location', 'retry-after', 'x-request-id'],
    maxAge: 600,
  })(c, next);
});
app.use(bodyLimit({ maxSize: maxBodyBytes, onError: (c) => problem(c, refusal('body_too_large')) }));

app.route('/', healthRoutes);
app.route('/', wellKnownRoutes);
app.route(
  '/',
  documentation([
    ['/', healthRoutes],
    ['/', wellKnownRoutes],
    ['/api/v1', api],
  ]),
);
app.route('/api/v1', api);
app.route('/', mailboxRoutes);

app.notFound((c) => {
  const methods = allowedMethods(app, c.req.path);
  if (methods.length === 0) return problem(c, refusal('not_found'));
  const allow = methods.join(', ');
  if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow });
  const answer = problem(c, refusal('method_not_allowed'));
  answer.headers.set('allow', allow);
  return answer;
});
app.onError((error, c) => {
  const refused = refusalOf(error);
  if (refused.code === 'internal_error')
    report('request_failed', { requestId: c.get('requestId'), ...describeError(error) });
  return problem(c, refused);
});
