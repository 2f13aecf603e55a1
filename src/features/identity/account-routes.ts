import { background } from '../../http/background.ts';
import { idempotent, idempotentBy, keptNowhere } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { authenticated } from './authenticate.ts';
import { onceBy, setDeviceCookie, wantsCookies } from './cookies.ts';
import {
  registrationConfirmationSchema,
  resetDoneSchema,
  resetRequestSchema,
  resetSchema,
  verificationBegunSchema,
  verificationConfirmationSchema,
  verificationSchema,
} from './credential-schema.ts';
import { signInOnDevice } from './login.ts';
import { confirmRegistration } from './register.ts';
import { mailReset, resetPassword } from './reset.ts';
import { sessionSchema } from './schema.ts';
import { confirmCode, sendCode } from './verification.ts';

const tags = ['Accounts'];

const confirmRegister = createRoute({
  method: 'post',
  path: '/auth/register/confirm',
  summary: 'Confirm a registration',
  description: 'With the code that was mailed, where registering asks for one. The account is created and signed in.',
  tags,
  middleware: [keptNowhere],
  request: jsonBody(registrationConfirmationSchema),
  responses: {
    201: answer(sessionSchema, 'The new account, signed in.'),
    ...refusing('email_taken', 'phone_taken', 'license_number_taken', 'unknown_clinic', 'unknown_specialization'),
    ...refusing('wrong_code', 'cross_site'),
  },
});

const verify = createRoute({
  method: 'post',
  path: '/auth/verification',
  summary: 'Send me a code',
  description: 'Six digits by mail to my address, or by SMS to a number that becomes mine once the code comes back.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: jsonBody(verificationSchema),
  responses: {
    202: answer(verificationBegunSchema, 'The code is on its way; an earlier one is worth nothing now.'),
    ...refusing('unauthenticated', 'rate_limited', 'sms_not_sent'),
  },
});

const confirmVerification = createRoute({
  method: 'post',
  path: '/auth/verification/confirm',
  summary: 'Confirm a code',
  description: 'Access tokens issued before are good no more: refresh the session afterwards.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: jsonBody(verificationConfirmationSchema),
  responses: {
    204: { description: 'The address or number is verified.' },
    ...refusing('unauthenticated', 'wrong_code', 'phone_taken'),
  },
});

const forgot = createRoute({
  method: 'post',
  path: '/auth/password-reset',
  summary: 'Ask for a link that resets a password',
  tags,
  middleware: [idempotentBy('email')],
  request: jsonBody(resetRequestSchema),
  responses: {
    202: { description: 'If the address has an account, a link is on its way: good once, for 30 minutes.' },
    ...refusing(),
  },
});

const reset = createRoute({
  method: 'post',
  path: '/auth/password-reset/confirm',
  summary: 'Reset a password',
  description: 'All sessions of the account end, at once. A second factor stays.',
  tags,
  middleware: [onceBy('resetToken')],
  request: jsonBody(resetSchema),
  responses: {
    200: answer(resetDoneSchema, 'The password has changed. Log in with it.'),
    ...refusing('wrong_code'),
  },
});

/** Proving who one is by what was mailed or sent: registrations, addresses, forgotten passwords. */
export const accountRoutes = router()
  .openapi(confirmRegister, async (c) => {
    const nowMs = Date.now();
    const confirmed = await confirmRegistration(c, c.req.valid('json'), nowMs);
    if (!confirmed.ok) return refuse(c, confirmed.refusal);
    const session = await signInOnDevice(c, confirmed.value, 'first factor', nowMs);
    return session.ok ? c.json(session.value, 201) : refuse(c, session.refusal);
  })
  .openapi(verify, async (c) => {
    const sent = await sendCode(c, c.req.valid('json'), Date.now());
    return sent.ok ? c.json(sent.value, 202) : refuse(c, sent.refusal);
  })
  .openapi(confirmVerification, async (c) => {
    const confirmed = await confirmCode(c, c.req.valid('json'), Date.now());
    return confirmed.ok ? c.body(null, 204) : refuse(c, confirmed.refusal);
  })
  .openapi(forgot, (c) => {
    background(c, 'reset_not_mailed', mailReset(c, c.req.valid('json').email, Date.now()));
    return c.body(null, 202);
  })
  .openapi(reset, async (c) => {
    const done = await resetPassword(c, c.req.valid('json'), Date.now());
    if (!done.ok) return refuse(c, done.refusal);
    if (wantsCookies(c)) setDeviceCookie(c, done.value.deviceToken);
    return c.json(done.value, 200);
  });
