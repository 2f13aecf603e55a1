import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { authenticated, enrolling } from './authenticate.ts';
import {
  authenticatorCodeSchema,
  authenticatorRemovalSchema,
  authenticatorSecretSchema,
  passwordConfirmationSchema,
  recoveryCodesSchema,
} from './credential-schema.ts';
import { beginAuthenticator, confirmAuthenticator, removeAuthenticator, renewRecoveryCodes } from './second-factor.ts';

const tags = ['Accounts'];
const passwordRefusals = ['unauthenticated', 'wrong_password', 'rate_limited'] as const;

const begin = createRoute({
  method: 'post',
  path: '/auth/authenticator',
  summary: 'Add an authenticator app',
  description: 'Gives the secret for the app. Nothing changes until its first code is confirmed.',
  tags,
  security: bearer,
  middleware: [enrolling, idempotent],
  request: jsonBody(passwordConfirmationSchema),
  responses: {
    201: answer(authenticatorSecretSchema, 'The secret, for the app.'),
    ...refusing(...passwordRefusals, 'already_enrolled'),
  },
});

const confirm = createRoute({
  method: 'post',
  path: '/auth/authenticator/confirm',
  summary: 'Confirm the authenticator app',
  description: 'Access tokens issued before are good no more: refresh the session afterwards.',
  tags,
  security: bearer,
  middleware: [enrolling, idempotent],
  request: jsonBody(authenticatorCodeSchema),
  responses: {
    200: answer(recoveryCodesSchema, 'The app counts from now on. These codes stand in for it when it is lost.'),
    ...refusing('unauthenticated', 'wrong_code', 'not_enrolled', 'already_enrolled', 'rate_limited'),
  },
});

const remove = createRoute({
  method: 'post',
  path: '/auth/authenticator/remove',
  summary: 'Remove the authenticator app',
  description: 'Access tokens issued before are good no more: refresh the session afterwards.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: jsonBody(authenticatorRemovalSchema),
  responses: {
    204: { description: 'The app is gone, and its recovery codes.' },
    ...refusing(...passwordRefusals, 'wrong_code', 'not_enrolled'),
  },
});

const renew = createRoute({
  method: 'post',
  path: '/auth/recovery-codes',
  summary: 'Renew my recovery codes',
  description:
    'Ten fresh ones, each of which stands in for the authenticator app once; shown now and never again. The owner is told by ' +
    'mail. Access tokens issued before are good no more: refresh the session afterwards.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: jsonBody(passwordConfirmationSchema),
  responses: {
    200: answer(recoveryCodesSchema, 'Fresh codes; the old ones are worth nothing now.'),
    ...refusing(...passwordRefusals, 'not_enrolled'),
  },
});

export const authenticatorRoutes = router()
  .openapi(begin, async (c) => {
    const begun = await beginAuthenticator(c, c.req.valid('json').password, Date.now());
    return begun.ok ? c.json(begun.value, 201) : refuse(c, begun.refusal);
  })
  .openapi(confirm, async (c) => {
    const done = await confirmAuthenticator(c, c.req.valid('json').code, Date.now());
    return done.ok ? c.json(done.value, 200) : refuse(c, done.refusal);
  })
  .openapi(remove, async (c) => {
    const done = await removeAuthenticator(c, c.req.valid('json'), Date.now());
    return done.ok ? c.body(null, 204) : refuse(c, done.refusal);
  })
  .openapi(renew, async (c) => {
    const done = await renewRecoveryCodes(c, c.req.valid('json').password, Date.now());
    return done.ok ? c.json(done.value, 200) : refuse(c, done.refusal);
  });
