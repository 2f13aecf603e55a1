import { z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { refuse } from '../../http/problem.ts';
import { createRoute, refusing, router } from '../../http/route.ts';
import { calendarAt } from './fetch.ts';

const fetchRoute = createRoute({
  method: 'get',
  path: '/calendar/{file}',
  summary: 'A calendar to subscribe to',
  description:
    'iCalendar (RFC 5545, 7986) for whoever has the secret address. Appointments moments behind the doctor-days; what ' +
    'was cancelled stays for 30 days, as cancelled.',
  tags: ['Calendars'],
  middleware: [etag()],
  request: { params: z.object({ file: z.string().openapi({ description: 'The feed’s token and `.ics`.' }) }) },
  responses: {
    200: { description: 'The calendar.', content: { 'text/calendar': { schema: z.string() } } },
    304: { description: 'Unchanged since the ETag that was sent.' },
    ...refusing('not_found', 'rate_limited', 'temporarily_unavailable'),
  },
});

/** Calendars at their secret addresses. The address is the right to read them: nobody signs in. */
export const calendarFileRoutes = router().openapi(fetchRoute, async (c) => {
  const calendar = await calendarAt(c, c.req.valid('param').file);
  if (!calendar.ok) return refuse(c, calendar.refusal);
  return c.body(calendar.value, 200, {
    'content-type': 'text/calendar; charset=utf-8',
    'content-disposition': 'inline; filename="daybook.ics"',
    // Kept by programs for their owner, by nobody in between, and never used without asking: it may be revoked.
    'cache-control': 'private, no-cache',
    'x-robots-tag': 'noindex',
  });
});
