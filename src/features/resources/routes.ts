import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { type Action, may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { addResource, editResource } from './edit.ts';
import { type Resource, resourcePage } from './queries.ts';
import {
  newResourceSchema,
  resourceEditSchema,
  resourceParamsSchema,
  resourcePositionSchema,
  resourceSchema,
  resourcesQuerySchema,
} from './schema.ts';

const tags = ['Clinics'];
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;

const list = createRoute({
  method: 'get',
  path: '/clinics/{id}/resources',
  summary: 'List the rooms and devices of a clinic',
  description: 'By kind and name; those that are not active included.',
  tags,
  security: bearer,
  middleware: allowed('resource.read'),
  request: { params: idParamSchema, query: resourcesQuerySchema },
  responses: { 200: answer(pageSchema(resourceSchema), 'A page of rooms and devices.'), ...refusing(...always) },
});

const add = createRoute({
  method: 'post',
  path: '/clinics/{id}/resources',
  summary: 'Add a room or device to a clinic',
  description:
    'Slots that require its kind (`requires` of weekly rules and extra sessions) are given one of the kind that is free, ' +
    'together with the seat or not at all.',
  tags,
  security: bearer,
  middleware: [...allowed('resource.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(newResourceSchema) },
  responses: {
    201: answer(resourceSchema, 'The new room or device.'),
    ...refusing(...always, 'too_many_items'),
  },
});

const edit = createRoute({
  method: 'put',
  path: '/clinics/{id}/resources/{resourceId}',
  summary: 'Rename a room or device, or take it out of use',
  tags,
  security: bearer,
  middleware: [...allowed('resource.edit'), idempotent],
  request: { params: resourceParamsSchema, ...jsonBody(resourceEditSchema) },
  responses: { 200: answer(resourceSchema, 'The room or device as it is now.'), ...refusing(...always) },
});

const resourceView = ({ createdAtMs, ...row }: Resource): z.input<typeof resourceSchema> => ({
  ...row,
  createdAt: new Date(createdAtMs).toISOString(),
});

/** Whether the principal does this at this clinic. Another's clinic answers like one that does not exist. */
const mayAt = (c: Context<AppEnv>, action: Action, clinicId: string): boolean =>
  may(c.get('principal'), action, { clinicId });

export const resourceRoutes = router()
  .openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    if (!mayAt(c, 'resource.read', id)) return refuse(c, refusal('not_found'));
    const { limit, cursor } = c.req.valid('query');
    const rows = await resourcePage(database(c.env.DB), id, readCursor(cursor, resourcePositionSchema), limit);
    if (rows === null) return refuse(c, refusal('not_found'));
    return c.json(
      page(rows, limit, resourceView, ({ kind, name, id: last }) => ({ kind, name, id: last })),
      200,
    );
  })
  .openapi(add, async (c) => {
    const { id } = c.req.valid('param');
    if (!mayAt(c, 'resource.edit', id)) return refuse(c, refusal('not_found'));
    const added = await addResource(c.env, id, c.req.valid('json'), c.get('principal'), Date.now());
    return added.ok ? c.json(resourceView(added.value), 201) : refuse(c, added.refusal);
  })
  .openapi(edit, async (c) => {
    const { id, resourceId } = c.req.valid('param');
    if (!mayAt(c, 'resource.edit', id)) return refuse(c, refusal('not_found'));
    const edited = await editResource(c.env, id, resourceId, c.req.valid('json'), c.get('principal'), Date.now());
    return edited.ok ? c.json(resourceView(edited.value), 200) : refuse(c, edited.refusal);
  });
