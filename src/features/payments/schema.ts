import { z } from '@hono/zod-openapi';
import { dayNumber } from '../../domain/local-date.ts';
import {
  gatewayNames,
  manualReasons,
  paymentStates,
  refundReasons,
  refundStates,
  shownStates,
} from '../../domain/payments/facts.ts';
import { areSteps, maxRefundSteps } from '../../domain/payments/refund-policy.ts';
import { pageQuery } from '../../http/pagination.ts';
import { inOrder, instantSchema, localDateSchema, moneySchema } from '../../http/schemas.ts';

const refundSchema = z
  .object({
    id: z.string().openapi({ example: 'rf_AAAAAAAAAAAAAAAAAAAAAA' }),
    amount: moneySchema,
    reason: z.enum(refundReasons),
    state: z.enum(refundStates).openapi({
      description:
        '`owed` until the gateway has taken it on, `sent` until it says that the money is on its way; `replaced` by one that ' +
        'somebody made at the gateway by hand.',
    }),
    createdAt: instantSchema,
  })
  .openapi('Refund');

export const paidSchema = z
  .object({
    id: z.string().openapi({ example: 'pm_AAAAAAAAAAAAAAAAAAAAAA' }),
    state: z.enum(shownStates),
    amount: moneySchema,
    refunded: moneySchema.openapi({ description: 'Given back, or on its way back.' }),
    paidAt: instantSchema,
    kept: z.boolean().nullable().openapi({
      description: 'Whether it pays for the appointment; `null` until that is decided, a moment after the money came.',
    }),
    notKeptBecause: z.string().nullable().openapi({ description: 'The code of a refusal, such as `hold_expired`.' }),
    refunds: z.array(refundSchema),
  })
  .openapi('Payment');

export const moneyStateSchema = z
  .object({
    appointmentId: z.string(),
    fee: moneySchema,
    state: z.enum(['unpaid', ...shownStates]),
    order: z
      .object({
        gateway: z.enum(gatewayNames),
        orderId: z.string().openapi({ description: 'The gateway’s id of the order: its own form asks for it.' }),
        amount: moneySchema,
        keyId: z.string().nullable().openapi({ description: 'Razorpay: the public key of its checkout form.' }),
        payUrl: z.string().nullable().openapi({ description: 'Where there is a page to pay on.' }),
        expiresAt: instantSchema.openapi({ description: 'What is paid later is given back.' }),
        failedAttempts: z.int().min(0),
      })
      .nullable()
      .openapi({ description: 'What can be paid now; `null` when nothing can.' }),
    payments: z.array(paidSchema),
  })
  .openapi('AppointmentPayment');

const gatewayId = z.string().min(1).max(80);

export const returnSchema = z
  .strictObject({ orderId: gatewayId, paymentId: gatewayId, signature: z.string().min(1).max(200) })
  .openapi('PaymentReturn', {
    description: 'What Razorpay’s form gave: `razorpay_order_id`, `razorpay_payment_id`, `razorpay_signature`.',
  });

export const refundPreviewSchema = z
  .object({
    paid: moneySchema,
    refund: moneySchema.openapi({ description: 'What cancelling now would give back.' }),
    percent: z.int().min(0).max(100),
    nextChangeAt: instantSchema.nullable().openapi({ description: 'When it becomes less.' }),
  })
  .openapi('RefundPreview');

export const refundPolicySchema = z
  .object({
    steps: z.array(z.object({ hoursBefore: z.int(), percent: z.int() })),
    isDefault: z.boolean().openapi({ description: 'The clinic has none of its own.' }),
  })
  .openapi('RefundPolicy');

export const newRefundPolicySchema = z
  .strictObject({
    steps: z
      .array(z.strictObject({ hoursBefore: z.int().min(0).max(8_760), percent: z.int().min(0).max(100) }))
      .max(maxRefundSteps)
      .refine(areSteps, 'must name each notice once, and never give less for more notice')
      .openapi({
        example: [
          { hoursBefore: 24, percent: 100 },
          { hoursBefore: 4, percent: 50 },
        ],
      }),
  })
  .openapi('NewRefundPolicy');

export const manualRefundSchema = z
  .strictObject({ amount: z.int().min(1).max(1_000_000_000), reason: z.enum(manualReasons) })
  .openapi('ManualRefund');

export const refundParamsSchema = z.object({ id: z.string(), refundId: z.string() });
export const gatewayParamsSchema = z.object({ gateway: z.string() });

const filters = {
  from: localDateSchema.optional().openapi({ description: 'First date of the payment, in UTC.' }),
  to: localDateSchema.optional().openapi({ description: 'Last date, included.' }),
  state: z.enum(paymentStates).optional().openapi({ description: 'Their `progress`.' }),
  patientId: z.string().max(64).optional(),
  doctorId: z.string().max(64).optional(),
  clinicId: z.string().max(64).optional(),
};

export const paymentsQuerySchema = z.strictObject({ ...pageQuery, ...filters }).refine(...inOrder);
export type PaymentsQuery = z.output<typeof paymentsQuerySchema>;

/** A quarter of a year: what one request adds up stays bounded. */
const maxDays = 92;

export const totalsQuerySchema = z
  .strictObject({
    from: localDateSchema,
    to: localDateSchema.openapi({ description: `Last date, included; at most ${maxDays} dates.` }),
    doctorId: filters.doctorId,
    clinicId: filters.clinicId.openapi({ description: 'Not together with `doctorId`.' }),
  })
  .refine(...inOrder)
  .refine(({ from, to }) => dayNumber(to) - dayNumber(from) < maxDays, {
    path: ['to'],
    message: `must be within ${maxDays} days of from`,
  })
  .refine(({ doctorId, clinicId }) => doctorId === undefined || clinicId === undefined, {
    path: ['clinicId'],
    message: 'must not come with doctorId',
  });

export const paymentPositionSchema = z.strictObject({ capturedAtMs: z.int(), id: z.string() });

export const listedPaymentSchema = paidSchema
  .extend({
    appointmentId: z.string(),
    patientId: z.string(),
    patientName: z.string().nullable(),
    doctorId: z.string(),
    doctorName: z.string().nullable(),
    clinicId: z.string().nullable(),
    clinicName: z.string().nullable(),
    gateway: z.enum(gatewayNames),
    gatewayPaymentId: z.string(),
    progress: z.enum(paymentStates),
  })
  .openapi('ListedPayment');

export const totalsSchema = z
  .object({
    currency: z.string(),
    paidMinor: z.int(),
    refundedMinor: z.int(),
    earnedMinor: z.int().openapi({ description: 'Of visits that are over, less what was given back.' }),
  })
  .openapi('PaymentTotals');
