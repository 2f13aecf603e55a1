import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { keptNowhere } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, besides, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { accountOf } from './account.ts';
import { enrolling } from './authenticate.ts';
import { onceBy } from './cookies.ts';
import { registrationBegunSchema } from './credential-schema.ts';
import { logIn, signInOnDevice } from './login.ts';
import { beginRegistration, registerAccount } from './register.ts';
import { loginSchema, refreshSchema, registerSchema, sessionSchema, userSchema } from './schema.ts';
import { logOut, refreshSession, userOf } from './session.ts';

const tags = ['Accounts'];

const register = createRoute({
  method: 'post',
  path: '/auth/register',
  summary: 'Register an account',
  tags,
  middleware: [onceBy('email')],
  request: jsonBody(registerSchema),
  responses: {
    201: answer(sessionSchema, 'The new account, signed in. A doctor starts unverified.'),
    ...besides(202, registrationBegunSchema, 'A code was mailed to the address, where it has to be verified first.'),
    ...refusing('email_taken', 'phone_taken', 'license_number_taken', 'unknown_clinic', 'unknown_specialization'),
    ...refusing('rate_limited', 'cross_site'),
  },
});

const login = createRoute({
  method: 'post',
  path: '/auth/login',
  summary: 'Log in',
  tags,
  middleware: [onceBy('email')],
  request: jsonBody(loginSchema),
  responses: {
    200: answer(sessionSchema, 'Signed in.'),
    ...refusing('invalid_credentials', 'second_factor_required', 'rate_limited', 'cross_site'),
  },
});

const refresh = createRoute({
  method: 'post',
  path: '/auth/refresh',
  summary: 'Refresh a session',
  tags,
  middleware: [keptNowhere],
  request: jsonBody(refreshSchema),
  responses: {
    200: answer(sessionSchema, 'Signed in anew, with the next refresh token.'),
    ...refusing('unauthenticated', 'cross_site'),
  },
});

const logout = createRoute({
  method: 'post',
  path: '/auth/logout',
  summary: 'Log out',
  tags,
  middleware: [keptNowhere],
  request: jsonBody(refreshSchema),
  responses: {
    204: { description: 'The session has ended, and its access tokens with it.' },
    ...refusing('cross_site'),
  },
});

const me = createRoute({
  method: 'get',
  path: '/auth/me',
  summary: 'Show my account',
  tags,
  security: bearer,
  middleware: [enrolling],
  responses: { 200: answer(userSchema, 'My account.'), ...refusing('unauthenticated') },
});

export const identityRoutes = router()
  .openapi(register, async (c) => {
    const nowMs = Date.now();
    if (c.get('settings').requireVerified) {
      const begun = await beginRegistration(c, c.req.valid('json'), nowMs);
      return begun.ok ? (c.json(begun.value, 202) as never) : refuse(c, begun.refusal);
    }
    const registered = await registerAccount(c, c.req.valid('json'), nowMs);
    if (!registered.ok) return refuse(c, registered.refusal);
    const session = await signInOnDevice(c, registered.value, 'first factor', nowMs);
    return session.ok ? c.json(session.value, 201) : refuse(c, session.refusal);
  })
  .openapi(login, async (c) => {
    const session = await logIn(c, c.req.valid('json'), Date.now());
    return session.ok ? c.json(session.value, 200) : refuse(c, session.refusal);
  })
  .openapi(refresh, async (c) => {
    const session = await refreshSession(c, c.req.valid('json').refreshToken, Date.now());
    return session.ok ? c.json(session.value, 200) : refuse(c, session.refusal);
  })
  .openapi(logout, async (c) => {
    await logOut(c, c.req.valid('json').refreshToken);
    return c.body(null, 204);
  })
  .openapi(me, async (c) => {
    const account = await accountOf(database(c.env.DB), c.get('principal').id);
    if (account === null) return refuse(c, refusal('unauthenticated'));
    return c.json(userOf(account), 200);
  });
