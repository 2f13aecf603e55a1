import { keptNowhere } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { passkeyOptionsSchema, passkeySignatureSchema } from './credential-schema.ts';
import { logInByPasskey } from './passkey-login.ts';
import { requestOptions } from './passkeys.ts';
import { sessionSchema } from './schema.ts';

const tags = ['Accounts'];

const options = createRoute({
  method: 'get',
  path: '/auth/login/passkey',
  summary: 'Begin to log in by passkey',
  description: 'Gives the options for `navigator.credentials.get`, good for five minutes.',
  tags,
  responses: { 200: answer(passkeyOptionsSchema, 'The options, as JSON.'), ...refusing() },
});

const logIn = createRoute({
  method: 'post',
  path: '/auth/login/passkey',
  summary: 'Log in by passkey',
  description: 'No password and no further factor: the device has verified its user.',
  tags,
  middleware: [keptNowhere],
  request: jsonBody(passkeySignatureSchema),
  responses: {
    200: answer(sessionSchema, 'Signed in.'),
    ...refusing('passkey_refused', 'invalid_credentials', 'cross_site'),
  },
});

export const passkeyLoginRoutes = router()
  .openapi(options, async (c) => c.json({ ...(await requestOptions(c, Date.now())) }, 200))
  .openapi(logIn, async (c) => {
    const session = await logInByPasskey(c, c.req.valid('json'), Date.now());
    return session.ok ? c.json(session.value, 200) : refuse(c, session.refusal);
  });
