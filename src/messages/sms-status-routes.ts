import { database } from '../db/client.ts';
import { refusal } from '../domain/refusal.ts';
import { refuse } from '../http/problem.ts';
import { createRoute, refusing, router } from '../http/route.ts';
import { idParamSchema } from '../http/schemas.ts';
import { isSignedByTwilio, noteSmsStatus } from './sms-status.ts';
import { statusUrl } from './transports/twilio.ts';

const status = createRoute({
  method: 'post',
  path: '/sms-status/{id}',
  summary: 'Say what became of an SMS',
  description:
    'For Twilio: a form with `MessageSid` and `MessageStatus`, signed in `X-Twilio-Signature`. Nothing is here where SMS go another way.',
  tags: ['Notifications'],
  request: { params: idParamSchema },
  responses: {
    204: { description: 'Noted.' },
    ...refusing('not_found', 'wrong_signature'),
  },
});

/** Where the provider of SMS says what became of them. */
export const smsStatusRoutes = router().openapi(status, async (c) => {
  const { delivery, appUrl } = c.get('settings');
  const { id } = c.req.valid('param');
  if (delivery.sms.transport !== 'twilio') return refuse(c, refusal('not_found'));
  const form = new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer()));
  const signature = c.req.header('x-twilio-signature') ?? '';
  const signed = await isSignedByTwilio(delivery.sms.twilio.authToken, statusUrl(appUrl, id), form, signature);
  if (!signed) return refuse(c, refusal('wrong_signature'));
  const told = { sid: form.get('MessageSid') ?? '', status: form.get('MessageStatus') ?? '' };
  const known = await noteSmsStatus(c.env, database(c.env.DB), id, told, Date.now());
  return known ? c.body(null, 204) : refuse(c, refusal('not_found'));
});
