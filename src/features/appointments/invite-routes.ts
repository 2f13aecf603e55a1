import { z } from '@hono/zod-openapi';
import { refuse } from '../../http/problem.ts';
import { bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { inviteFile } from './invite.ts';

const inviteRoute = createRoute({
  method: 'get',
  path: '/appointments/{id}/invite.ics',
  summary: 'An appointment for a calendar',
  description:
    'iTIP (RFC 5546): `REQUEST` puts it into a calendar or moves it there, `CANCEL` takes it out; for staff and admins, ' +
    'who take no part in it, `PUBLISH`. The same as comes with mail.',
  tags: ['Calendars'],
  security: bearer,
  middleware: allowed('appointment.read'),
  request: { params: idParamSchema },
  responses: {
    200: { description: 'The invitation.', content: { 'text/calendar': { schema: z.string() } } },
    ...refusing('unauthenticated', 'forbidden', 'not_found', 'temporarily_unavailable'),
  },
});

/** Invitations as files. */
export const inviteRoutes = router().openapi(inviteRoute, async (c) => {
  const invite = await inviteFile(c, c.req.valid('param').id);
  if (!invite.ok) return refuse(c, invite.refusal);
  return c.body(invite.value.ics, 200, {
    'content-type': `text/calendar; charset=utf-8; method=${invite.value.method}`,
    'content-disposition': 'attachment; filename="invite.ics"',
  });
});
