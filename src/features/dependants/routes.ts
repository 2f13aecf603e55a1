import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { addDependant, type Dependant, dependantsOf, editDependant, removeDependant } from './dependants.ts';
import { dependantSchema, dependantsSchema, newDependantSchema } from './schema.ts';

const tags = ['Dependants'];
const always = ['unauthenticated', 'forbidden'] as const;
const tokensEnd =
  'Access tokens say for whom their holder acts, so those that you have end with this: the next request answers 401, ' +
  'and a refresh gives one that says what is true now. The session goes on.';

const list = createRoute({
  method: 'get',
  path: '/users/me/dependants',
  summary: 'List your dependants',
  tags,
  security: bearer,
  middleware: allowed('dependant.keep'),
  responses: { 200: answer(dependantsSchema, 'All of them; at most 20.'), ...refusing(...always) },
});

const add = createRoute({
  method: 'post',
  path: '/users/me/dependants',
  summary: 'Add a dependant',
  description: `Somebody without a login, for whom you book: name them as \`patientId\`. At most 20. ${tokensEnd}`,
  tags,
  security: bearer,
  middleware: [...allowed('dependant.keep'), idempotent],
  request: jsonBody(newDependantSchema),
  responses: { 201: answer(dependantSchema, 'The dependant.'), ...refusing(...always, 'too_many_items') },
});

const edit = createRoute({
  method: 'put',
  path: '/users/me/dependants/{id}',
  summary: 'Correct a dependant’s name and birth date',
  tags,
  security: bearer,
  middleware: [...allowed('dependant.keep'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newDependantSchema) },
  responses: { 200: answer(dependantSchema, 'As they are now.'), ...refusing(...always, 'not_found') },
});

const remove = createRoute({
  method: 'delete',
  path: '/users/me/dependants/{id}',
  summary: 'Act for a dependant no more',
  description: `Refused while they have appointments to come. ${tokensEnd}`,
  tags,
  security: bearer,
  middleware: [...allowed('dependant.keep'), idempotent],
  request: { params: idParamSchema },
  responses: {
    204: { description: 'You act for them no more.' },
    ...refusing(...always, 'not_found', 'has_appointments'),
  },
});

const dependantView = ({ id, fullName, birthDate, createdAtMs }: Dependant) => ({
  id,
  fullName,
  birthDate,
  createdAt: new Date(createdAtMs).toISOString(),
});

/** The people for whom a patient acts. */
export const dependantRoutes = router()
  .openapi(list, async (c) => {
    const rows = await dependantsOf(database(c.env.DB), c.get('principal').id);
    return c.json({ items: rows.map(dependantView) }, 200);
  })
  .openapi(add, async (c) => {
    const added = await addDependant(c.env, c.get('principal'), c.req.valid('json'), Date.now());
    return added.ok ? c.json(dependantView(added.value), 201) : refuse(c, added.refusal);
  })
  .openapi(edit, async (c) => {
    const { id } = c.req.valid('param');
    const edited = await editDependant(c.env, c.get('principal'), id, c.req.valid('json'), Date.now());
    return edited.ok ? c.json(dependantView(edited.value), 200) : refuse(c, edited.refusal);
  })
  .openapi(remove, async (c) => {
    const removed = await removeDependant(c.env, c.get('principal'), c.req.valid('param').id, Date.now());
    return removed.ok ? c.body(null, 204) : refuse(c, removed.refusal);
  });
