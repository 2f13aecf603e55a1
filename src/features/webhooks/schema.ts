import { z } from '@hono/zod-openapi';
import { deliveryStates, webhookOffReasons } from '../../db/schema.ts';
import { webhookEventTypes } from '../../domain/webhook-event.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema } from '../../http/schemas.ts';

const maxUrl = 2_000;

const urlSchema = z
  .string()
  .max(maxUrl)
  .refine((text) => URL.canParse(text), 'must be an address')
  .openapi({ example: 'https://hooks.example.org/daybook', description: 'https, by a public name, on its own port.' });

const eventsSchema = z
  .array(z.enum(webhookEventTypes))
  .min(1)
  .max(webhookEventTypes.length)
  .refine((types) => new Set(types).size === types.length, 'must not name one twice')
  .openapi({ description: 'What to be told of; absent or `null`: of everything.' });

export const newWebhookSchema = z
  .strictObject({ url: urlSchema, events: eventsSchema.nullable().default(null) })
  .openapi('NewWebhook');

export const webhookChangeSchema = z
  .strictObject({
    url: urlSchema.optional(),
    events: eventsSchema.nullable().optional(),
    enabled: z.boolean().optional().openapi({ description: 'Off, nothing is recorded for it.' }),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .openapi('WebhookChange');

/** A webhook of a clinic. */
export const webhookSchema = z
  .object({
    id: z.string().openapi({ example: 'w_AAAAAAAAAAAAAAAA' }),
    clinicId: z.string(),
    url: z.string(),
    events: z.array(z.enum(webhookEventTypes)).nullable(),
    enabled: z.boolean(),
    offReason: z.enum(webhookOffReasons).nullable().openapi({
      description: '`failing`: it took nothing for three days; `gone`: it answered 410; `switched_off`: by an admin.',
    }),
    offAt: instantSchema.nullable(),
    failingSince: instantSchema
      .nullable()
      .openapi({ description: 'When it first failed since it last took something.' }),
    lastTakenAt: instantSchema.nullable(),
    previousSecretUntil: instantSchema.nullable(),
    createdAt: instantSchema,
  })
  .openapi('Webhook');

export const webhookWithSecretSchema = webhookSchema
  .extend({
    secret: z.string().openapi({ description: 'Signs the posts. It is shown this once.', example: 'whsec_c2VjcmV0' }),
  })
  .openapi('WebhookWithSecret');

export const webhookParamsSchema = z.object({ id: z.string(), webhookId: z.string() });
export const deliveryParamsSchema = webhookParamsSchema.extend({ deliveryId: z.string() });

export const webhooksQuerySchema = z.strictObject(pageQuery);
export const webhookPositionSchema = z.strictObject({ createdAtMs: z.int(), id: z.string() });

export const deliveriesQuerySchema = z.strictObject({ state: z.enum(deliveryStates).optional(), ...pageQuery });

/** What a webhook is told, and how far that has come. */
export const deliverySchema = z
  .object({
    id: z.string().openapi({ description: 'The `webhook-id` of its posts.', example: 'msg_3e2f1c0a' }),
    type: z.enum(webhookEventTypes),
    appointmentId: z.string(),
    happenedAt: instantSchema,
    state: z.enum(deliveryStates),
    attempts: z.int(),
    lastAttemptAt: instantSchema.nullable(),
    lastAnswer: z.string().nullable().openapi({ description: 'A status, or why there was none.', example: '503' }),
    nextAttemptAt: instantSchema.nullable(),
  })
  .openapi('WebhookDelivery');
