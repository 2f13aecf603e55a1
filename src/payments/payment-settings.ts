import { z } from 'zod';
import type { RazorpayAccount } from './razorpay.ts';

const secret = z.string().min(1).optional();

/** The variables that say how patients pay, as the wrangler file names them. */
export const paymentFields = {
  /** `local` takes no money: one pays by pressing a button at /dev/pay. Not in production. */
  PAYMENT_GATEWAY: z.enum(['none', 'razorpay', 'local']),
  RAZORPAY_API_URL: z.url({ protocol: /^https?$/ }),
  /** `rzp_live_…` or `rzp_test_…`; the checkout form of a browser names it. */
  RAZORPAY_KEY_ID: z.union([
    z.literal(''),
    z.string().regex(/^rzp_(live|test)_\w+$/, 'must be rzp_live_… or rzp_test_…'),
  ]),
  RAZORPAY_KEY_SECRET: secret,
  /** What was set with the webhook, at Razorpay. */
  RAZORPAY_WEBHOOK_SECRET: secret,
};

const paymentSchema = z.object(paymentFields);
type Value = z.output<typeof paymentSchema>;

/** How patients pay. */
export type PaymentSettings =
  | { readonly gateway: 'none' | 'local' }
  | { readonly gateway: 'razorpay'; readonly razorpay: RazorpayAccount };

/** What is wrong with values that each are right. */
export const paymentFaults = (
  value: Value,
  isProduction: boolean,
): (readonly [name: keyof typeof paymentFields, message: string])[] => {
  const faults: (readonly [keyof typeof paymentFields, string])[] = [];
  if (value.PAYMENT_GATEWAY === 'razorpay') {
    for (const name of ['RAZORPAY_KEY_ID', 'RAZORPAY_KEY_SECRET', 'RAZORPAY_WEBHOOK_SECRET'] as const) {
      if ((value[name] ?? '') === '') faults.push([name, 'is missing, and payments by Razorpay need it']);
    }
  }
  if (!isProduction) return faults;
  if (value.PAYMENT_GATEWAY === 'local') faults.push(['PAYMENT_GATEWAY', 'local is not for production']);
  if (!value.RAZORPAY_API_URL.startsWith('https://')) faults.push(['RAZORPAY_API_URL', 'must be https in production']);
  return faults;
};

/** The settings that checked variables stand for. */
export const paymentSettings = (value: Value): PaymentSettings =>
  value.PAYMENT_GATEWAY === 'razorpay'
    ? {
        gateway: 'razorpay',
        razorpay: {
          apiUrl: value.RAZORPAY_API_URL.replace(/\/$/, ''),
          keyId: value.RAZORPAY_KEY_ID,
          keySecret: value.RAZORPAY_KEY_SECRET ?? '',
          webhookSecret: value.RAZORPAY_WEBHOOK_SECRET ?? '',
        },
      }
    : { gateway: value.PAYMENT_GATEWAY };
