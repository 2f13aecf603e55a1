import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import type { AppEnv } from '../../http/context.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { bearer, createRoute, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { csvOf } from './csv.ts';
import { auditPage, position } from './queries.ts';
import { recordLook } from './read.ts';
import { auditEventSchema, auditPositionSchema, auditQuerySchema } from './schema.ts';
import { csvFields, csvHeader, eventView, filterOf } from './view.ts';

const csvRows = 5_000;

const list = createRoute({
  method: 'get',
  path: '/admin/audit',
  summary: 'List what was done and read',
  description: 'Newest first. That it was asked for is recorded, too. `Accept: text/csv` gives CSV.',
  tags: ['Administration'],
  security: bearer,
  middleware: allowed('audit.read'),
  request: { query: auditQuerySchema },
  responses: {
    200: {
      description: 'A page.',
      content: {
        'application/json': { schema: pageSchema(auditEventSchema) },
        'text/csv': { schema: z.string() },
      },
    },
    ...refusing('unauthenticated', 'forbidden', 'temporarily_unavailable'),
  },
});

const wantsCsv = (c: Context<AppEnv>, format: 'json' | 'csv' | undefined): boolean =>
  format === 'csv' || (format === undefined && /^\s*text\/csv\b/i.test(c.req.header('accept') ?? ''));

/** The address of the next page, for a `Link` header (RFC 8288). */
const nextLink = (c: Context<AppEnv>, cursor: string): string => {
  const url = new URL(c.req.url);
  url.searchParams.set('cursor', cursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
};

/** What was done, for admins. */
export const auditRoutes = router().openapi(list, async (c) => {
  const { limit, cursor, format, ...query } = c.req.valid('query');
  const after = readCursor(cursor, auditPositionSchema);
  const csv = wantsCsv(c, format);
  const size = csv ? csvRows : limit;
  const rows = await auditPage(database(c.env.DB), filterOf(query), after, size);
  await recordLook(c, 'audit.read', { ...query, rows: Math.min(rows.length, size) });
  if (!csv) return c.json(page(rows, size, eventView, position), 200);
  const { items, nextCursor } = page(rows, size, csvFields, position);
  const headers: Record<string, string> = {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename="audit.csv"',
  };
  if (nextCursor !== null) headers.link = nextLink(c, nextCursor);
  return c.body(csvOf(csvHeader, items), 200, headers) as never;
});
