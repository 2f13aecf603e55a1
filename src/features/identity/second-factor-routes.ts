import { keptNowhere } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { enrolling } from './authenticate.ts';
import { secondFactorSchema, secondStepSchema } from './credential-schema.ts';
import { sessionSchema } from './schema.ts';
import { finishLogIn, secondFactorState } from './second-factor.ts';

const tags = ['Accounts'];

const secondStep = createRoute({
  method: 'post',
  path: '/auth/login/second-factor',
  summary: 'Log in: the second step',
  description:
    'With the `mfaToken` of `second_factor_required` and a code of the authenticator app, or a recovery code.',
  tags,
  middleware: [keptNowhere],
  request: jsonBody(secondStepSchema),
  responses: {
    200: answer(sessionSchema, 'Signed in.'),
    ...refusing('wrong_code', 'rate_limited', 'invalid_credentials', 'cross_site'),
  },
});

const state = createRoute({
  method: 'get',
  path: '/auth/second-factor',
  summary: 'Show my second factors',
  tags,
  security: bearer,
  middleware: [enrolling],
  responses: { 200: answer(secondFactorSchema, 'What there is.'), ...refusing('unauthenticated') },
});

export const secondFactorRoutes = router()
  .openapi(secondStep, async (c) => {
    const session = await finishLogIn(c, c.req.valid('json'), Date.now());
    return session.ok ? c.json(session.value, 200) : refuse(c, session.refusal);
  })
  .openapi(state, async (c) => c.json(await secondFactorState(c), 200));
