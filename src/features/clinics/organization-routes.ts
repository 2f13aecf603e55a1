import { z } from '@hono/zod-openapi';
import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageQuery, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import {
  createOrganization,
  type Organization,
  organizationOf,
  organizationPage,
  renameOrganization,
} from './organizations.ts';
import { clinicView } from './queries.ts';
import {
  clinicPositionSchema,
  newOrganizationSchema,
  organizationSchema,
  organizationWithClinicsSchema,
} from './schema.ts';

const tags = ['Clinics'];

const create = createRoute({
  method: 'post',
  path: '/organizations',
  summary: 'Create an organization',
  description: 'What several clinics belong to. A clinic is one place, with its own address, zone, staff and hours.',
  tags,
  security: bearer,
  middleware: [...allowed('clinic.create'), idempotent],
  request: jsonBody(newOrganizationSchema),
  responses: { 201: answer(organizationSchema, 'The new one.'), ...refusing('unauthenticated', 'forbidden') },
});

const list = createRoute({
  method: 'get',
  path: '/organizations',
  summary: 'List organizations',
  description: 'By name.',
  tags,
  request: { query: z.strictObject(pageQuery) },
  responses: { 200: answer(pageSchema(organizationSchema), 'A page of them.'), ...refusing() },
});

const read = createRoute({
  method: 'get',
  path: '/organizations/{id}',
  summary: 'Show an organization with its clinics',
  tags,
  request: { params: idParamSchema },
  responses: { 200: answer(organizationWithClinicsSchema, 'It and its places, by name.'), ...refusing('not_found') },
});

const edit = createRoute({
  method: 'put',
  path: '/organizations/{id}',
  summary: 'Rename an organization',
  tags,
  security: bearer,
  middleware: [...allowed('clinic.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newOrganizationSchema) },
  responses: {
    200: answer(organizationSchema, 'As it is now.'),
    ...refusing('not_found', 'unauthenticated', 'forbidden'),
  },
});

const view = ({ id, name }: Organization) => ({ id, name });

/** What clinics belong to. */
export const organizationRoutes = router()
  .openapi(create, async (c) => {
    const { name } = c.req.valid('json');
    const made = await createOrganization(database(c.env.DB), name, c.get('principal'), Date.now());
    c.header('location', `/api/v1/organizations/${made.id}`);
    return c.json(view(made), 201);
  })
  .openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const rows = await organizationPage(database(c.env.DB), readCursor(cursor, clinicPositionSchema), limit);
    return c.json(
      page(rows, limit, view, ({ name, id }) => ({ name, id })),
      200,
    );
  })
  .openapi(read, async (c) => {
    const found = await organizationOf(database(c.env.DB), c.req.valid('param').id);
    if (found === null) return refuse(c, refusal('not_found'));
    return c.json({ ...view(found.organization), clinics: found.clinics.map(clinicView) }, 200);
  })
  .openapi(edit, async (c) => {
    const { id } = c.req.valid('param');
    const { name } = c.req.valid('json');
    const renamed = await renameOrganization(database(c.env.DB), id, name, c.get('principal'), Date.now());
    return renamed === null ? refuse(c, refusal('not_found')) : c.json(view(renamed), 200);
  });
