import { z } from '@hono/zod-openapi';
import { database } from '../../db/client.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { reportAnswer } from './answers.ts';
import { newestReport, reportsOf, revisionOf } from './queries.ts';
import {
  monthParamSchema,
  monthPositionSchema,
  ownReportQuerySchema,
  ownReportsQuerySchema,
  reportItemSchema,
  reportSchema,
} from './schema.ts';
import { itemView } from './view.ts';

const about = { tags: ['Reports'], security: bearer, middleware: allowed('analytics.read') };

const list = createRoute({
  ...about,
  method: 'get',
  path: '/doctors/me/reports/monthly',
  summary: 'List one’s own monthly reports',
  description: 'The latest month first. Each is made on the 1st of the next, in the doctor’s zone.',
  request: { query: ownReportsQuerySchema },
  responses: {
    200: answer(pageSchema(reportItemSchema), 'A page of reports.'),
    ...refusing('unauthenticated', 'forbidden'),
  },
});

const read = createRoute({
  ...about,
  method: 'get',
  path: '/doctors/me/reports/monthly/{month}',
  summary: 'Show one’s own report of a month',
  description: '`Accept` or `format` gives CSV or PDF instead of JSON.',
  request: { params: monthParamSchema, query: ownReportQuerySchema },
  responses: {
    200: {
      description: 'The report.',
      content: {
        'application/json': { schema: reportSchema },
        'text/csv': { schema: z.string() },
        'application/pdf': { schema: z.string().openapi({ format: 'binary' }) },
      },
    },
    ...refusing('unauthenticated', 'forbidden', 'not_found'),
  },
});

/** A doctor's own months. */
export const ownReportRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, monthPositionSchema);
    const rows = await reportsOf(database(c.env.DB), c.get('principal').id, after, limit);
    return c.json(
      page(rows, limit, itemView, ({ month }) => ({ month })),
      200,
    );
  })
  .openapi(read, async (c) => {
    const { month } = c.req.valid('param');
    const { revision, format } = c.req.valid('query');
    const [db, { id }] = [database(c.env.DB), c.get('principal')];
    const row = await (revision === undefined ? newestReport(db, id, month) : revisionOf(db, id, month, revision));
    return (await reportAnswer(c, row, format)) as never;
  });
