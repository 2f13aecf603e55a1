import { z } from '@hono/zod-openapi';
import {
  audiences,
  channels,
  ledgerReasons,
  ledgerStates,
  notificationKinds,
} from '../../domain/notifications/kinds.ts';
import { pageQuery, pageSchema } from '../../http/pagination.ts';
import { instantSchema } from '../../http/schemas.ts';

const stateSchema = z.enum(ledgerStates);

/** A row of the ledger as admins see it: ids, kinds and times. */
export const ledgerRowSchema = z
  .object({
    id: z.string(),
    subjectId: z.string().openapi({ description: 'The appointment; of a digest, the doctor.' }),
    version: z.int(),
    kind: z.enum(notificationKinds),
    offsetMinutes: z.int(),
    channel: z.enum(channels),
    recipientId: z.string(),
    audience: z.enum(audiences),
    state: stateSchema,
    reason: z.enum(ledgerReasons).nullable(),
    insteadOf: z.string().nullable().openapi({ description: 'The one whose channel failed, when this went instead.' }),
    startsAt: instantSchema,
    dueAt: instantSchema,
    createdAt: instantSchema,
    sentAt: instantSchema.nullable(),
    settledAt: instantSchema.nullable(),
  })
  .openapi('LedgerRow');

export const ledgerPageSchema = pageSchema(ledgerRowSchema)
  .extend({
    counts: z.record(z.string(), z.int()).openapi({
      description: 'By state, of what the other filters leave: of its newest 10,000.',
      example: { delivered: 40, failed: 1, suppressed: 3 },
    }),
  })
  .openapi('LedgerPage');

export const ledgerQuerySchema = z.strictObject({
  state: stateSchema.optional(),
  kind: z.enum(notificationKinds).optional(),
  channel: z.enum(channels).optional(),
  recipient: z.string().max(64).optional().openapi({ description: 'The id of an account.' }),
  from: instantSchema.optional().openapi({ description: 'Made at this instant or later.' }),
  to: instantSchema.optional().openapi({ description: 'Made before this instant.' }),
  ...pageQuery,
});

export type LedgerFilter = Pick<
  z.output<typeof ledgerQuerySchema>,
  'state' | 'kind' | 'channel' | 'recipient' | 'from' | 'to'
>;

export const ledgerPositionSchema = z.strictObject({ madeAtMs: z.int(), ledgerId: z.string() });
