import { z } from '@hono/zod-openapi';
import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { formatOf, linesAnswer, reportAnswer } from './answers.ts';
import { all } from './build.ts';
import { doctorLines, subjectLines } from './lines.ts';
import { newestReport, reportsOfMonth, revisionOf } from './queries.ts';
import { regenerate } from './regenerate.ts';
import {
  byDoctorSchema,
  regeneratedSchema,
  regenerateSchema,
  reportItemSchema,
  reportSchema,
  reportsQuerySchema,
  subjectPositionSchema,
  summaryQuerySchema,
} from './schema.ts';
import { doctorView, itemView } from './view.ts';

const always = ['unauthenticated', 'forbidden'] as const;
/** Lines of a file: more than of a page, and still written in a moment. */
const fileLines = { csv: 2_000, pdf: 300 } as const;
const about = { tags: ['Reports'], security: bearer };
const files = '`Accept` or `format` gives CSV or PDF instead of JSON.';

const inForms = <T extends z.ZodType>(schema: T, description: string) => ({
  200: {
    description,
    content: {
      'application/json': { schema },
      'text/csv': { schema: z.string() },
      'application/pdf': { schema: z.string().openapi({ format: 'binary' }) },
    },
  },
});

const list = createRoute({
  ...about,
  method: 'get',
  path: '/admin/reports/monthly',
  summary: 'List the reports of a month',
  description: `Of all, then of clinics, then of doctors; each is made when the month is over in its own zone. ${files}`,
  middleware: allowed('statistics.read'),
  request: { query: reportsQuerySchema },
  responses: { ...inForms(pageSchema(reportItemSchema), 'A page of reports.'), ...refusing(...always) },
});

const summary = createRoute({
  ...about,
  method: 'get',
  path: '/admin/reports/monthly/summary',
  summary: 'Show the report of all, of a clinic, or of a doctor',
  description: files,
  middleware: allowed('statistics.read'),
  request: { query: summaryQuerySchema },
  responses: { ...inForms(reportSchema, 'The report.'), ...refusing(...always, 'not_found') },
});

const byDoctor = createRoute({
  ...about,
  method: 'get',
  path: '/admin/reports/monthly/by-doctor',
  summary: 'Show what each doctor did in a month',
  description: `Of a clinic: what they did there, on one page. ${files}`,
  middleware: allowed('statistics.read'),
  request: { query: reportsQuerySchema },
  responses: { ...inForms(pageSchema(byDoctorSchema), 'A page of doctors.'), ...refusing(...always) },
});

const again = createRoute({
  ...about,
  method: 'post',
  path: '/admin/reports/monthly/regenerate',
  summary: 'Make reports of a month anew',
  description:
    'From the figures as they are now. With `clinicId`: the clinic’s, and those of the doctors who belong to it now, up to ' +
    '200. With `doctorId`: that doctor’s alone. With neither: that of all alone, and none of a clinic or a doctor. The ' +
    'month must be over for each of them in their own zone, for that of all everywhere; else none is made. What says ' +
    'something else becomes the next revision; earlier ones can still be read.',
  middleware: [...allowed('report.regenerate'), idempotent],
  request: jsonBody(regenerateSchema),
  responses: {
    200: answer(regeneratedSchema, 'How many say something else.'),
    ...refusing(...always, 'not_found', 'unknown_clinic', 'month_not_over'),
  },
});

/** What the months came to, for those who run the place. */
export const reportRoutes = router()
  .openapi(list, async (c) => {
    const { month, clinicId, format: asked, limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, subjectPositionSchema);
    const format = formatOf(c, asked);
    const size = format === 'json' ? limit : fileLines[format];
    const rows = await reportsOfMonth(database(c.env.DB), month, { subjectId: clinicId }, after, size);
    if (format !== 'json') return (await linesAnswer(c, format, month, subjectLines(rows, size), Date.now())) as never;
    return c.json(
      page(rows, size, itemView, ({ subjectId }) => ({ subjectId })),
      200,
    );
  })
  .openapi(summary, async (c) => {
    const { month, clinicId, doctorId, revision, format } = c.req.valid('query');
    const subjectId = clinicId ?? doctorId ?? all.id;
    const db = database(c.env.DB);
    const row = await (revision === undefined
      ? newestReport(db, subjectId, month)
      : revisionOf(db, subjectId, month, revision));
    return (await reportAnswer(c, row, format)) as never;
  })
  .openapi(byDoctor, async (c) => {
    const { month, clinicId, format: asked, limit, cursor } = c.req.valid('query');
    const db = database(c.env.DB);
    const after = readCursor(cursor, subjectPositionSchema);
    const format = formatOf(c, asked);
    const size = format === 'json' ? limit : fileLines[format];
    const found = await doctorLines(db, month, clinicId, after, size);
    if (format !== 'json') return (await linesAnswer(c, format, month, found, Date.now())) as never;
    return c.json({ items: found.lines.map(doctorView), nextCursor: found.nextCursor }, 200);
  })
  .openapi(again, async (c) => {
    const done = await regenerate(c.env, c.get('principal'), c.req.valid('json'), Date.now());
    return done.ok ? c.json(done.value, 200) : refuse(c, done.refusal);
  });
