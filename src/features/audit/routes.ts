import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import type { AppEnv } from '../../http/context.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { allowed, authenticated } from '../identity/authenticate.ts';
import { csvOf } from './csv.ts';
import { accessesOf, auditPage, publicNames } from './queries.ts';
import { recordLook } from './read.ts';
import { accessQuerySchema, accessSchema, auditEventSchema, auditPositionSchema, auditQuerySchema } from './schema.ts';
import { accessView, csvFields, csvHeader, eventView, filterOf } from './view.ts';

const csvRows = 5_000;
const position = ({ atMs, stream, seq }: { atMs: number; stream: string; seq: number }) => ({ atMs, stream, seq });

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

const accesses = createRoute({
  method: 'get',
  path: '/users/me/access-log',
  summary: 'See who looked at my record',
  description: 'Newest first. Looking at one’s own record is not listed.',
  tags: ['Your data'],
  security: bearer,
  middleware: [authenticated],
  request: { query: accessQuerySchema },
  responses: { 200: answer(pageSchema(accessSchema), 'A page.'), ...refusing('unauthenticated') },
});

const wantsCsv = (c: Context<AppEnv>, format: 'json' | 'csv' | undefined): boolean =>
  format === 'csv' || (format === undefined && /^\s*text\/csv\b/i.test(c.req.header('accept') ?? ''));

/** The address of the next page, for a `Link` header (RFC 8288). */
const nextLink = (c: Context<AppEnv>, cursor: string): string => {
  const url = new URL(c.req.url);
  url.searchParams.set('cursor', cursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
};

/** What was done, for admins; who looked at one's record, for everybody. */
export const auditRoutes = router()
  .openapi(list, async (c) => {
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
  })
  .openapi(accesses, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const db = database(c.env.DB);
    const rows = await accessesOf(db, c.get('principal').id, readCursor(cursor, auditPositionSchema), limit);
    const names = await publicNames(
      db,
      rows.flatMap(({ actorId, data }) => [actorId, JSON.parse(data).clinicId]),
    );
    return c.json(
      page(rows, limit, (row) => accessView(row, names), position),
      200,
    );
  });
