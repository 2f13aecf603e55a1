import { z } from '@hono/zod-openapi';
import { instantSchema, lineSchema } from '../../http/schemas.ts';

const maxEndpoint = 1_024;
const maxToken = 1_024;

const nameSchema = lineSchema(60).openapi({ example: 'My phone' });

/** What `PushSubscription.toJSON()` of a browser gives. */
const subscriptionSchema = z.strictObject({
  endpoint: z.url().max(maxEndpoint).openapi({ example: 'https://fcm.googleapis.com/fcm/send/abc' }),
  expirationTime: z.number().nullable().optional(),
  keys: z.strictObject({
    p256dh: z.string().regex(/^[A-Za-z0-9_-]{87}$/, 'must be a P-256 point of 65 bytes in base64url'),
    auth: z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'must be 16 bytes in base64url'),
  }),
});

export const newDeviceSchema = z
  .discriminatedUnion('service', [
    z.strictObject({ service: z.literal('web'), name: nameSchema, subscription: subscriptionSchema }),
    z.strictObject({
      service: z.literal('fcm'),
      name: nameSchema,
      token: z
        .string()
        .min(20)
        .max(maxToken)
        .regex(/^[A-Za-z0-9_:.-]+$/, 'must be a Firebase registration token'),
    }),
  ])
  .openapi('NewPushSubscription', {
    description: '`web`: what `PushSubscription.toJSON()` gives. `fcm`: a Firebase registration token.',
  });

export const deviceSchema = z
  .object({
    id: z.string(),
    service: z.enum(['web', 'fcm']),
    name: nameSchema,
    createdAt: instantSchema,
    lastUsedAt: instantSchema.nullable(),
  })
  .openapi('PushSubscription');

export const devicesSchema = z
  .object({
    items: z.array(deviceSchema),
    applicationServerKey: z.string().nullable().openapi({
      description: 'For `pushManager.subscribe`; `null` when browsers cannot be told here.',
    }),
  })
  .openapi('PushSubscriptions');
