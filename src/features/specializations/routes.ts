import { database } from '../../db/client.ts';
import { keptAtEdge } from '../../http/edge-cache.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import {
  newSpecializationSchema,
  specializationListSchema,
  specializationSchema,
  specializationsQuerySchema,
} from './schema.ts';
import {
  addSpecialization,
  editSpecialization,
  removeSpecialization,
  type Specialization,
  specializationsBy,
} from './specializations.ts';

/** Its names change when somebody changes them, which ends what is kept. */
const keptSeconds = 300;
const tags = ['Specializations'];
const always = ['unauthenticated', 'forbidden'] as const;

const list = createRoute({
  method: 'get',
  path: '/specializations',
  summary: 'List specializations',
  description: 'What doctors can be specialized in, by name.',
  tags,
  middleware: [keptAtEdge('specializations', keptSeconds)],
  request: { query: specializationsQuerySchema },
  responses: { 200: answer(specializationListSchema, 'All, or those that the words find.'), ...refusing() },
});

const add = createRoute({
  method: 'post',
  path: '/specializations',
  summary: 'Add a specialization',
  tags,
  security: bearer,
  middleware: [...allowed('specialization.edit'), idempotent],
  request: jsonBody(newSpecializationSchema),
  responses: {
    201: answer(specializationSchema, 'The new one.'),
    ...refusing('specialization_taken', 'too_many_items', ...always),
  },
});

const edit = createRoute({
  method: 'put',
  path: '/specializations/{id}',
  summary: 'Edit a specialization',
  description: 'With another name, the doctors who have it have that name.',
  tags,
  security: bearer,
  middleware: [...allowed('specialization.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newSpecializationSchema) },
  responses: {
    200: answer(specializationSchema, 'As it is now.'),
    ...refusing('not_found', 'specialization_taken', ...always),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/specializations/{id}',
  summary: 'Remove a specialization',
  tags,
  security: bearer,
  middleware: [...allowed('specialization.edit'), idempotent],
  request: { params: idParamSchema },
  responses: { 204: { description: 'It is gone.' }, ...refusing('not_found', 'specialization_in_use', ...always) },
});

const view = ({ id, name, synonyms }: Specialization) => ({
  id,
  name,
  synonyms: Object.entries(synonyms).map(([language, words]) => ({ language, words: [...words] })),
});

/** The list that doctors’ specializations are from. */
export const specializationRoutes = router()
  .openapi(list, async (c) => {
    const rows = await specializationsBy(database(c.env.DB), c.req.valid('query').q);
    return c.json({ items: rows.map(view) }, 200);
  })
  .openapi(add, async (c) => {
    const added = await addSpecialization(database(c.env.DB), c.req.valid('json'), c.get('principal'), Date.now());
    if (!added.ok) return refuse(c, added.refusal);
    c.header('location', `/api/v1/specializations/${added.value.id}`);
    return c.json(view(added.value), 201);
  })
  .openapi(edit, async (c) => {
    const { id } = c.req.valid('param');
    const edited = await editSpecialization(
      database(c.env.DB),
      id,
      c.req.valid('json'),
      c.get('principal'),
      Date.now(),
    );
    return edited.ok ? c.json(view(edited.value), 200) : refuse(c, edited.refusal);
  })
  .openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    const removed = await removeSpecialization(database(c.env.DB), id, c.get('principal'), Date.now());
    return removed.ok ? c.body(null, 204) : refuse(c, removed.refusal);
  });
