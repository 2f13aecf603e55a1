import { z } from '@hono/zod-openapi';
import { instantSchema, lineSchema } from '../../http/schemas.ts';
import { calendarFaults } from './unreadable.ts';

const maxName = 60;
const maxUrl = 2_000;

/** A calendar elsewhere, as its doctor is shown it: never its address. */
export const calendarSourceSchema = z
  .object({
    id: z.string(),
    name: z.string().openapi({ example: 'Home' }),
    host: z.string().openapi({ description: 'All of its address that is shown.', example: 'calendar.google.com' }),
    createdAt: instantSchema,
    readAt: instantSchema.openapi({ description: 'When its times were last known to be those that are blocked.' }),
    failing: z
      .object({ since: instantSchema, reason: z.enum(calendarFaults) })
      .nullable()
      .openapi({ description: 'While it cannot be read: the times known before stay blocked.' }),
  })
  .openapi('CalendarSource');

export const newCalendarSourceSchema = z
  .strictObject({
    name: lineSchema(maxName).openapi({ example: 'Home' }),
    url: z
      .url({ protocol: /^(https?|webcals?)$/ })
      .max(maxUrl)
      .openapi({
        description: 'The secret address of the calendar in iCalendar format; `https` or `webcal`. Never shown again.',
        example: 'https://calendar.google.com/calendar/ical/me%40example.com/private-0123/basic.ics',
      }),
  })
  .openapi('NewCalendarSource');

export const sourceParamsSchema = z.object({ id: z.string(), sourceId: z.string() });
