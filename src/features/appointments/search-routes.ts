import { database } from '../../db/client.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { pageSchema } from '../../http/pagination.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { list } from './list.ts';
import { appointmentSchema } from './schema.ts';
import { appointmentSearchSchema, patientIdOf } from './search.ts';

const search = createRoute({
  method: 'post',
  path: '/admin/appointments/search',
  summary: 'Find a patient’s appointments',
  description:
    'By the patient’s e-mail address, phone number or id, for admins with the permission `appointments`. Oldest start ' +
    'first. Changes nothing; the look is recorded, and the patient can see it.',
  tags: ['Administration'],
  security: bearer,
  middleware: allowed('appointment.search'),
  request: jsonBody(appointmentSearchSchema),
  responses: {
    200: answer(pageSchema(appointmentSchema), 'A page.'),
    ...refusing('unauthenticated', 'forbidden', 'temporarily_unavailable'),
  },
});

export const appointmentSearchRoutes = router().openapi(search, async (c) => {
  idempotencyKeyOf(c);
  const { email: _, phone: __, patientId: ___, ...filter } = c.req.valid('json');
  const patientId = await patientIdOf(database(c.env.DB), c.req.valid('json'));
  if (patientId === null) return c.json({ items: [], nextCursor: null }, 200);
  return c.json(await list(c, { ...filter, patientId }), 200);
});
