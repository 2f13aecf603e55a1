import { z } from '@hono/zod-openapi';
import { audiences, notificationKinds } from '../../domain/notifications/kinds.ts';
import { pageQuery } from '../../http/pagination.ts';
import { instantSchema } from '../../http/schemas.ts';

/** A notification as its reader sees it. */
export const inboxItemSchema = z
  .object({
    id: z.string(),
    kind: z.enum(notificationKinds),
    audience: z.enum(audiences).openapi({ description: 'As whom: `patient` is also who acts for one.' }),
    title: z.string(),
    text: z.string().openapi({ description: 'In the language of the preferences; times in the appointment’s zone.' }),
    appointmentId: z.string().nullable(),
    documentId: z.string().nullable().openapi({ description: 'Of `document_shared`: what was given to read.' }),
    startsAt: instantSchema.openapi({ description: 'When the appointment, or the day, began or begins as of then.' }),
    at: instantSchema,
    readAt: instantSchema.nullable(),
  })
  .openapi('Notification');

export const inboxQuerySchema = z.strictObject({
  unread: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .openapi({ type: 'string', description: 'Only those that are not marked as read.' }),
  ...pageQuery,
});

export const inboxPositionSchema = z.strictObject({ sentAtMs: z.int(), notificationId: z.string() });

export const unreadSchema = z.object({ unread: z.int().openapi({ description: 'Counted up to 1,000.' }) });
export const markedSchema = z.object({ marked: z.int() });
