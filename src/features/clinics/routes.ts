import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { clinicOf, clinicPage, clinicView, createClinic, editClinic } from './queries.ts';
import { clinicEditSchema, clinicPositionSchema, clinicSchema, clinicsQuerySchema, newClinicSchema } from './schema.ts';

const tags = ['Clinics'];

const create = createRoute({
  method: 'post',
  path: '/clinics',
  summary: 'Create a clinic',
  tags,
  security: bearer,
  middleware: [...allowed('clinic.create'), idempotent],
  request: jsonBody(newClinicSchema),
  responses: {
    201: answer(clinicSchema, 'The new clinic.'),
    ...refusing('unauthenticated', 'forbidden', 'unknown_location', 'unknown_organization'),
  },
});

const list = createRoute({
  method: 'get',
  path: '/clinics',
  summary: 'List clinics',
  description: 'By name.',
  tags,
  request: { query: clinicsQuerySchema },
  responses: { 200: answer(pageSchema(clinicSchema), 'A page of clinics.'), ...refusing() },
});

const read = createRoute({
  method: 'get',
  path: '/clinics/{id}',
  summary: 'Show a clinic',
  tags,
  request: { params: idParamSchema },
  responses: { 200: answer(clinicSchema, 'The clinic.'), ...refusing('not_found') },
});

const edit = createRoute({
  method: 'put',
  path: '/clinics/{id}',
  summary: 'Edit a clinic',
  description: 'What the body leaves out stays. Country and time zone never change: sessions are in that zone.',
  tags,
  security: bearer,
  middleware: [...allowed('clinic.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(clinicEditSchema) },
  responses: {
    200: answer(clinicSchema, 'The clinic as it is now.'),
    ...refusing('not_found', 'unauthenticated', 'forbidden', 'unknown_location', 'unknown_organization'),
  },
});

export const clinicRoutes = router()
  .openapi(create, async (c) => {
    const created = await createClinic(database(c.env.DB), c.req.valid('json'), c.get('principal'), Date.now());
    if (!created.ok) return refuse(c, created.refusal);
    c.header('location', `/api/v1/clinics/${created.value.id}`);
    return c.json(clinicView(created.value), 201);
  })
  .openapi(list, async (c) => {
    const { organizationId, limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, clinicPositionSchema);
    const rows = await clinicPage(database(c.env.DB), organizationId, after, limit);
    return c.json(
      page(rows, limit, clinicView, ({ name, id }) => ({ name, id })),
      200,
    );
  })
  .openapi(read, async (c) => {
    const clinic = await clinicOf(database(c.env.DB), c.req.valid('param').id);
    if (clinic === null) return refuse(c, refusal('not_found'));
    return c.json(clinicView(clinic), 200);
  })
  .openapi(edit, async (c) => {
    const { id } = c.req.valid('param');
    const edited = await editClinic(database(c.env.DB), id, c.req.valid('json'), c.get('principal'), Date.now());
    return edited.ok ? c.json(clinicView(edited.value), 200) : refuse(c, edited.refusal);
  });
