import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { securityEvent } from '../../http/security-event.ts';
import { authenticated } from './authenticate.ts';
import { clearSessionCookies } from './cookies.ts';
import { endAllSessions, endSession } from './endings.ts';
import { changePassword } from './password-change.ts';
import {
  endSessionsQuerySchema,
  passwordChangeSchema,
  sessionPositionSchema,
  sessionsQuerySchema,
  signedInSchema,
} from './schema.ts';
import { sessionPage } from './sessions.ts';

const tags = ['Accounts'];

const list = createRoute({
  method: 'get',
  path: '/auth/sessions',
  summary: 'List my sessions',
  description: 'Where I am signed in, newest first.',
  tags,
  security: bearer,
  middleware: [authenticated],
  request: { query: sessionsQuerySchema },
  responses: {
    200: answer(pageSchema(signedInSchema), 'A page of sessions.'),
    ...refusing('unauthenticated'),
  },
});

const end = createRoute({
  method: 'delete',
  path: '/auth/sessions/{id}',
  summary: 'End one of my sessions',
  description: 'Its access and refresh tokens are good no more, at once.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: { params: idParamSchema },
  responses: {
    204: { description: 'The session has ended.' },
    ...refusing('unauthenticated', 'not_found'),
  },
});

const endAll = createRoute({
  method: 'delete',
  path: '/auth/sessions',
  summary: 'End my other sessions, or all',
  description: 'Their access and refresh tokens are good no more, at once.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: { query: endSessionsQuerySchema },
  responses: {
    204: { description: 'The sessions have ended.' },
    ...refusing('unauthenticated'),
  },
});

const password = createRoute({
  method: 'post',
  path: '/auth/password',
  summary: 'Change my password',
  description: 'All other sessions end, at once.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: jsonBody(passwordChangeSchema),
  responses: {
    204: { description: 'The password has changed.' },
    ...refusing('unauthenticated', 'wrong_password', 'rate_limited'),
  },
});

export const sessionRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const holder = { accountId: c.get('principal').id, sessionId: c.get('session').id };
    const after = readCursor(cursor, sessionPositionSchema);
    return c.json(await sessionPage(database(c.env.DB), c.get('settings'), holder, after, limit, Date.now()), 200);
  })
  .openapi(end, async (c) => {
    const principal = c.get('principal');
    const { id } = c.req.valid('param');
    if (!(await endSession(c.env, principal.id, id, 'owner', principal))) return refuse(c, refusal('not_found'));
    securityEvent(c, 'session.ended', { sessionId: id, reason: 'owner' });
    if (id === c.get('session').id) clearSessionCookies(c);
    return c.body(null, 204);
  })
  .openapi(endAll, async (c) => {
    const principal = c.get('principal');
    const isAll = c.req.valid('query').which === 'all';
    await endAllSessions(c.env, principal.id, 'owner', principal, isAll ? undefined : c.get('session').id);
    securityEvent(c, 'session.ended', { reason: isAll ? 'owner_all' : 'owner_others' });
    if (isAll) clearSessionCookies(c);
    return c.body(null, 204);
  })
  .openapi(password, async (c) => {
    const { id } = c.get('session');
    const changed = await changePassword(c.env, c.get('principal'), id, c.req.valid('json'), Date.now());
    if (!changed.ok) {
      securityEvent(c, 'auth.failed', { reason: 'wrong_current_password' });
      return refuse(c, changed.refusal);
    }
    securityEvent(c, 'password.changed', { reason: 'owner' });
    return c.body(null, 204);
  });
