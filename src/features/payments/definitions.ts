import { z } from '@hono/zod-openapi';
import { idempotent } from '../../http/idempotency.ts';
import { pageSchema } from '../../http/pagination.ts';
import { answer, bearer, createRoute, jsonBody, refusing } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import {
  gatewayParamsSchema,
  listedPaymentSchema,
  manualRefundSchema,
  moneyStateSchema,
  newRefundPolicySchema,
  paidSchema,
  paymentsQuerySchema,
  refundPolicySchema,
  refundPreviewSchema,
  returnSchema,
  totalsQuerySchema,
  totalsSchema,
} from './schema.ts';

const tags = ['Payments'];
const always = ['unauthenticated', 'forbidden', 'not_found', 'temporarily_unavailable'] as const;
const ofAppointment = { tags, security: bearer } as const;

export const beginRoute = createRoute({
  ...ofAppointment,
  method: 'post',
  path: '/appointments/{id}/payment',
  summary: 'Begin to pay for a held appointment',
  description:
    'Makes an order, or gives the one there is, and has the hold wait for the money, once. Money that comes in time ' +
    'confirms the appointment by itself. What comes later is given back.',
  middleware: [...allowed('payment.make'), idempotent],
  request: { params: idParamSchema },
  responses: {
    200: answer(moneyStateSchema, 'What to pay, and how.'),
    ...refusing(...always, 'payments_off', 'nothing_to_pay', 'already_paid', 'hold_expired', 'invalid_transition'),
    ...refusing('gateway_unavailable', 'move_in_progress'),
  },
});

export const readRoute = createRoute({
  ...ofAppointment,
  method: 'get',
  path: '/appointments/{id}/payment',
  summary: 'See how the money of an appointment stands',
  middleware: allowed('payment.read'),
  request: { params: idParamSchema },
  responses: {
    200: answer(moneyStateSchema, 'What is to be paid, was paid, and is given back.'),
    ...refusing(...always),
  },
});

export const returnRoute = createRoute({
  ...ofAppointment,
  method: 'post',
  path: '/appointments/{id}/payment/return',
  summary: 'Come back from the gateway’s form',
  description: 'Verifies what the form gave, and asks the gateway at once what was paid.',
  middleware: [...allowed('payment.make'), idempotent],
  request: { params: idParamSchema, ...jsonBody(returnSchema) },
  responses: {
    200: answer(moneyStateSchema, 'How the money stands now.'),
    ...refusing(...always, 'payments_off', 'wrong_signature', 'gateway_unavailable'),
  },
});

export const previewRoute = createRoute({
  ...ofAppointment,
  method: 'get',
  path: '/appointments/{id}/refund-preview',
  summary: 'See what cancelling now would give back',
  middleware: allowed('payment.read'),
  request: { params: idParamSchema },
  responses: { 200: answer(refundPreviewSchema, 'By the clinic’s policy, now.'), ...refusing(...always) },
});

export const webhookRoute = createRoute({
  method: 'post',
  path: '/payment-webhooks/{gateway}',
  summary: 'Tell of a payment or a refund',
  description:
    'For gateways: Razorpay, signed in `X-Razorpay-Signature`. What it says is kept before the answer, once by ' +
    '`X-Razorpay-Event-Id`. Nothing is here for a gateway that is not in use.',
  tags,
  request: { params: gatewayParamsSchema },
  responses: { 200: answer(z.object({ kept: z.literal(true) }), 'Kept.'), ...refusing('not_found', 'wrong_signature') },
});

export const policyRoute = createRoute({
  method: 'get',
  path: '/clinics/{id}/refund-policy',
  summary: 'See what a clinic gives back to who cancels',
  tags,
  request: { params: idParamSchema },
  responses: { 200: answer(refundPolicySchema, 'The policy.'), ...refusing('not_found') },
});

export const setPolicyRoute = createRoute({
  ...ofAppointment,
  method: 'put',
  path: '/clinics/{id}/refund-policy',
  summary: 'Set what a clinic gives back to who cancels',
  description:
    'Who cancels `hoursBefore` hours or more before the start gets `percent` back; the best step that is met counts, and ' +
    'without one nothing is given back. It counts for cancellations from now on: who cancelled before gets back what ' +
    'the policy of that moment says.',
  middleware: [...allowed('refund_policy.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newRefundPolicySchema) },
  responses: { 200: answer(refundPolicySchema, 'The policy as it is now.'), ...refusing(...always) },
});

export const setDefaultPolicyRoute = createRoute({
  ...ofAppointment,
  method: 'put',
  path: '/admin/refund-policy',
  summary: 'Set what is given back where a clinic has not said',
  description: 'It counts for cancellations from now on.',
  middleware: [...allowed('refund_policy.edit'), idempotent],
  request: jsonBody(newRefundPolicySchema),
  responses: {
    200: answer(refundPolicySchema, 'The policy as it is now.'),
    ...refusing('unauthenticated', 'forbidden'),
  },
});

export const listRoute = createRoute({
  ...ofAppointment,
  method: 'get',
  path: '/admin/payments',
  summary: 'List payments',
  description:
    'Newest first, of all or of a patient, a doctor or a clinic, with their names. For admins with the permission ' +
    '`finance`; the look is recorded, and the patients can see it.',
  middleware: allowed('payment.list'),
  request: { query: paymentsQuerySchema },
  responses: { 200: answer(pageSchema(listedPaymentSchema), 'A page.'), ...refusing('unauthenticated', 'forbidden') },
});

export const totalsRoute = createRoute({
  ...ofAppointment,
  method: 'get',
  path: '/admin/payments/totals',
  summary: 'Add up what was paid, given back and earned',
  description: 'From the ledger, by currency, of dates in UTC; of all, of a doctor, or of a clinic.',
  middleware: allowed('payment.list'),
  request: { query: totalsQuerySchema },
  responses: {
    200: answer(z.object({ items: z.array(totalsSchema) }), 'A row for each currency.'),
    ...refusing('unauthenticated', 'forbidden'),
  },
});

export const refundRoute = createRoute({
  ...ofAppointment,
  method: 'post',
  path: '/admin/payments/{id}/refunds',
  summary: 'Give back a part of a payment',
  description: 'On top of what is given back by itself; never more than is left. It is in the audit, with the reason.',
  middleware: [...allowed('payment.refund'), idempotent],
  request: { params: idParamSchema, ...jsonBody(manualRefundSchema) },
  responses: {
    201: answer(paidSchema, 'The payment with the refund.'),
    ...refusing(...always, 'refund_too_large', 'not_refundable'),
  },
});
