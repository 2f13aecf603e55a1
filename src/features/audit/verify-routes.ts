import { z } from '@hono/zod-openapi';
import { toBase64Url } from '../../domain/base64url.ts';
import { refusal } from '../../domain/refusal.ts';
import { readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { securityEvent } from '../../http/security-event.ts';
import { allowed } from '../identity/authenticate.ts';
import { anchorDates, anchorLines } from './anchors.ts';
import { exportLines } from './export.ts';
import { recordLook } from './read.ts';
import {
  anchorListSchema,
  anchorParamSchema,
  exportQuerySchema,
  placeSchema,
  verdictSchema,
  verifyQuerySchema,
} from './schema.ts';
import { verifyStep } from './verify.ts';

const tags = ['Administration'];
const always = ['unauthenticated', 'forbidden', 'temporarily_unavailable'] as const;
const ndjson = (description: string) => ({
  description,
  content: { 'application/x-ndjson': { schema: z.string() } },
});
const file = (name: string) => ({
  'content-type': 'application/x-ndjson; charset=utf-8',
  'content-disposition': `attachment; filename="${name}.ndjson"`,
});

const verify = createRoute({
  method: 'get',
  path: '/admin/audit/verify',
  summary: 'Check that the audit is what was written',
  description:
    'Page by page: every row against its hash, every chain against an anchor. Names whatever was edited, deleted, ' +
    'inserted, put in another order or cut off.',
  tags,
  security: bearer,
  middleware: allowed('audit.read'),
  request: { query: verifyQuerySchema },
  responses: { 200: answer(verdictSchema, 'What was found in this page.'), ...refusing('not_found', ...always) },
});

const exporting = createRoute({
  method: 'get',
  path: '/admin/audit/export',
  summary: 'Export the audit with its hashes',
  description:
    'For `npm run verify-audit`. A line for each number of each stream, then one that says that it is whole.',
  tags,
  security: bearer,
  middleware: allowed('audit.read'),
  request: { query: exportQuerySchema },
  responses: { 200: ndjson('The audit, in the order of its streams.'), ...refusing(...always) },
});

const anchors = createRoute({
  method: 'get',
  path: '/admin/audit/anchors',
  summary: 'List the days whose chains were anchored',
  tags,
  security: bearer,
  middleware: allowed('audit.read'),
  responses: { 200: answer(anchorListSchema, 'UTC dates, oldest first.'), ...refusing(...always) },
});

const anchor = createRoute({
  method: 'get',
  path: '/admin/audit/anchors/{date}',
  summary: 'Download the anchor of a day',
  tags,
  security: bearer,
  middleware: allowed('audit.read'),
  request: { params: anchorParamSchema },
  responses: {
    200: ndjson('What was anchored: a line that describes it, then the head of each stream.'),
    ...refusing('not_found', ...always),
  },
});

/** Proving the audit: checking it, and taking it away to check it elsewhere. */
export const verifyRoutes = router()
  .openapi(verify, async (c) => {
    const { stream = null, anchor: anchorDate = null, cursor } = c.req.valid('query');
    const after = readCursor(cursor, placeSchema);
    const checked = await verifyStep(c.env, { after, stream, anchorDate });
    if (checked === null) return refuse(c, refusal('not_found'));
    const { next, ...verdict } = checked;
    const count = verdict.findings.length;
    if (count > 0 || verdict.anchor?.intact === false) securityEvent(c, 'audit.broken', { count });
    if (after === null) await recordLook(c, 'audit.verified', { stream, anchor: anchorDate, findings: count });
    const nextCursor = next === null ? null : toBase64Url(new TextEncoder().encode(JSON.stringify(next)));
    return c.json({ ...verdict, findings: [...verdict.findings], nextCursor }, 200);
  })
  .openapi(exporting, async (c) => {
    const { stream = null, cursor } = c.req.valid('query');
    const after = readCursor(cursor, placeSchema);
    await recordLook(c, 'audit.exported', { stream });
    return c.body(exportLines(c.env.DB, stream, after), 200, file('audit')) as never;
  })
  .openapi(anchors, async (c) => c.json({ dates: await anchorDates(c.env.AUDIT_ANCHORS) }, 200))
  .openapi(anchor, async (c) => {
    const { date } = c.req.valid('param');
    const lines = await anchorLines(c.env.AUDIT_ANCHORS, date);
    if (lines === null) return refuse(c, refusal('not_found'));
    return c.body(lines, 200, file(`anchor-${date}`)) as never;
  });
