import { database } from '../../db/client.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { auditPage } from './queries.ts';
import { auditEventSchema, auditPositionSchema, auditQuerySchema } from './schema.ts';

const list = createRoute({
  method: 'get',
  path: '/admin/audit',
  summary: 'List changes',
  description: 'Newest first.',
  tags: ['Administration'],
  security: bearer,
  middleware: allowed('audit.read'),
  request: { query: auditQuerySchema },
  responses: {
    200: answer(pageSchema(auditEventSchema), 'A page of changes.'),
    ...refusing('unauthenticated', 'forbidden'),
  },
});

export const auditRoutes = router().openapi(list, async (c) => {
  const { limit, cursor, ...filter } = c.req.valid('query');
  const rows = await auditPage(database(c.env.DB), filter, readCursor(cursor, auditPositionSchema), limit);
  return c.json(
    page(
      rows,
      limit,
      ({ atMs, data, ...row }) => ({ ...row, at: new Date(atMs).toISOString(), data: JSON.parse(data) }),
      ({ atMs, stream, seq }) => ({ atMs, stream, seq }),
    ),
    200,
  );
});
