import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed, authenticated } from '../identity/authenticate.ts';
import { accessesOf, position, publicNames } from './queries.ts';
import { type AccessQuery, accessQuerySchema, accessSchema, auditPositionSchema } from './schema.ts';
import { accessView } from './view.ts';

const reading = { tags: ['Your data'], security: bearer };
const found = { 200: answer(pageSchema(accessSchema), 'A page.') };

const own = createRoute({
  ...reading,
  method: 'get',
  path: '/users/me/access-log',
  summary: 'See who looked at my record',
  description: 'Newest first. Looking at one’s own record is not listed.',
  middleware: [authenticated],
  request: { query: accessQuerySchema },
  responses: { ...found, ...refusing('unauthenticated') },
});

const ofPatient = createRoute({
  ...reading,
  method: 'get',
  path: '/patients/{id}/access-log',
  summary: 'See who looked at the record of somebody for whom I act',
  description: 'Newest first. What the patient and the guardian who asks have looked at is not listed.',
  middleware: allowed('access_log.read'),
  request: { params: idParamSchema, query: accessQuerySchema },
  responses: { ...found, ...refusing('unauthenticated', 'forbidden', 'not_found') },
});

const pageOf = async (c: Context<AppEnv>, patientId: string, { limit, cursor }: AccessQuery) => {
  const db = database(c.env.DB);
  const after = readCursor(cursor, auditPositionSchema);
  const rows = await accessesOf(db, patientId, c.get('principal').id, after, limit);
  const names = await publicNames(
    db,
    rows.flatMap(({ actorId, data }) => [actorId, JSON.parse(data).clinicId]),
  );
  return page(rows, limit, (row) => accessView(row, names), position);
};

/** Who looked at the record of a patient, for the patient and the guardian. */
export const accessRoutes = router()
  .openapi(own, async (c) => c.json(await pageOf(c, c.get('principal').id, c.req.valid('query')), 200))
  .openapi(ofPatient, async (c) => {
    const { id } = c.req.valid('param');
    if (!may(c.get('principal'), 'access_log.read', { patientId: id })) return refuse(c, refusal('not_found'));
    return c.json(await pageOf(c, id, c.req.valid('query')), 200);
  });
