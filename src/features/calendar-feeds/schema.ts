import { z } from '@hono/zod-openapi';
import { feedPrivacies } from '../../db/schema.ts';
import { instantSchema, lineSchema } from '../../http/schemas.ts';

const privacySchema = z.enum(feedPrivacies).openapi({
  description:
    '`busy` says only that there is something, `initials` with whom by initials, `full` with whom and where.',
});

export const newFeedSchema = z
  .strictObject({
    label: lineSchema(80).openapi({ example: 'My phone' }),
    privacy: privacySchema.default('initials'),
    showFree: z.boolean().default(false).openapi({ description: 'For doctors: free time too, as not busy.' }),
  })
  .openapi('NewCalendarFeed');

const feedSchema = z
  .object({
    id: z.string().openapi({ example: 'cf_AAAAAAAAAAAAAAAA' }),
    label: z.string(),
    privacy: privacySchema,
    showFree: z.boolean(),
    createdAt: instantSchema,
    rotatedAt: instantSchema.nullable(),
    lastFetchedAt: instantSchema.nullable().openapi({ description: 'To the quarter of an hour.' }),
  })
  .openapi('CalendarFeed');

/** There are at most ten, so a list of them has no pages. */
export const feedsSchema = z.object({ items: z.array(feedSchema) }).openapi('CalendarFeeds');

const addressNote = 'Secret: whoever has it reads the calendar. It is shown this once.';

export const openedFeedSchema = feedSchema
  .extend({
    url: z.string().openapi({ description: addressNote, example: 'https://daybook.example/calendar/d_….ics' }),
    webcalUrl: z.string().openapi({ description: 'The same, for programs that subscribe when it is opened.' }),
    instructions: z.array(z.object({ program: z.string(), steps: z.string() })),
  })
  .openapi('OpenedCalendarFeed');
