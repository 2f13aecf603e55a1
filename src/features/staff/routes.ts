import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { securityEvent } from '../../http/security-event.ts';
import { allowed } from '../identity/authenticate.ts';
import { newStaffSchema, staffParamsSchema, staffPositionSchema, staffQuerySchema, staffSchema } from './schema.ts';
import { addStaff, removeStaff, type Staff, staffPage } from './staff.ts';

const tags = ['Clinics'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;

const list = createRoute({
  method: 'get',
  path: '/clinics/{id}/staff',
  summary: 'List the staff of a clinic',
  description: 'Longest there first.',
  tags,
  security: bearer,
  middleware: allowed('staff.list'),
  request: { params: idParamSchema, query: staffQuerySchema },
  responses: { 200: answer(pageSchema(staffSchema), 'A page of people.'), ...refusing(...always) },
});

const add = createRoute({
  method: 'post',
  path: '/clinics/{id}/staff',
  summary: 'Add somebody to the staff of a clinic',
  description:
    'The account becomes one for work: it books, confirms, cancels, moves and checks out at its clinics, and reads no ' +
    'patient’s words. An account with appointments or dependants of its own is refused. Tokens that it has end at once; ' +
    'its sessions go on by refresh.',
  tags,
  security: bearer,
  middleware: [...allowed('staff.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newStaffSchema) },
  responses: {
    201: answer(staffSchema, 'The new member of staff.'),
    ...refusing(...always, 'unknown_account', 'unsuitable_account', 'too_many_items'),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/clinics/{id}/staff/{accountId}',
  summary: 'Remove somebody from the staff of a clinic',
  description: 'At once: tokens that name the clinic end.',
  tags,
  security: bearer,
  middleware: [...allowed('staff.edit'), idempotent],
  request: { params: staffParamsSchema },
  responses: { 204: { description: 'They no longer work there.' }, ...refusing(...always) },
});

const staffView = ({ accountId, fullName, email, addedAtMs }: Staff) => ({
  accountId,
  fullName,
  email,
  addedAt: new Date(addedAtMs).toISOString(),
});

/** Who works at which clinic. */
export const staffRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, staffPositionSchema);
    const rows = await staffPage(database(c.env.DB), c.req.valid('param').id, after, limit);
    if (rows === null) return refuse(c, refusal('not_found'));
    const shown = page(rows, limit, staffView, ({ addedAtMs, accountId }) => ({ addedAtMs, accountId }));
    return c.json(shown, 200);
  })
  .openapi(add, async (c) => {
    const { email } = c.req.valid('json');
    const added = await addStaff(c.env, c.req.valid('param').id, email, c.get('principal'), Date.now());
    if (!added.ok) return refuse(c, added.refusal);
    if (added.value.roleChanged)
      securityEvent(c, 'role.changed', { subjectId: added.value.accountId, reason: 'staff' });
    return c.json(staffView(added.value), 201);
  })
  .openapi(remove, async (c) => {
    const { id, accountId } = c.req.valid('param');
    const removed = await removeStaff(c.env, id, accountId, c.get('principal'), Date.now());
    return removed.ok ? c.body(null, 204) : refuse(c, removed.refusal);
  });
