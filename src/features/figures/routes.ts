import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { everything, figuresOfDoctor, totalsOf } from '../../figures/read.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { clinicExists, ratingOf } from './queries.ts';
import { analyticsQuerySchema, analyticsSchema, dashboardQuerySchema, dashboardSchema } from './schema.ts';
import { analyticsView, dashboardView } from './view.ts';

const behind = 'Counted in the minute after something has changed; dates are of the doctors’ own zones.';

const analytics = createRoute({
  method: 'get',
  path: '/doctors/me/analytics',
  summary: 'Show what came of one’s own work',
  description: `Visits, no-shows, cancellations, how full the days were, income; reviews of whole months. ${behind}`,
  tags: ['Reports'],
  security: bearer,
  middleware: allowed('analytics.read'),
  request: { query: analyticsQuerySchema },
  responses: { 200: answer(analyticsSchema, 'The figures.'), ...refusing('unauthenticated', 'forbidden') },
});

const dashboard = createRoute({
  method: 'get',
  path: '/admin/dashboard',
  summary: 'Show what came of everybody’s work',
  description: `Of all, or of one clinic. For admins with the permission \`finance\`. ${behind}`,
  tags: ['Reports'],
  security: bearer,
  middleware: allowed('statistics.read'),
  request: { query: dashboardQuerySchema },
  responses: {
    200: answer(dashboardSchema, 'The figures.'),
    ...refusing('unauthenticated', 'forbidden', 'unknown_clinic'),
  },
});

/** What is counted by day beforehand, for the doctor and for those who run the place. */
export const figureRoutes = router()
  .openapi(analytics, async (c) => {
    const { by, ...range } = c.req.valid('query');
    const db = database(c.env.DB);
    const { id } = c.get('principal');
    const [rows, rating] = await Promise.all([figuresOfDoctor(db, id, range), ratingOf(db, id)]);
    return c.json({ ...analyticsView(rows, range, by, Date.now()), rating }, 200);
  })
  .openapi(dashboard, async (c) => {
    const { by, clinicId, ...range } = c.req.valid('query');
    const db = database(c.env.DB);
    if (clinicId !== undefined && !(await clinicExists(db, clinicId))) return refuse(c, refusal('unknown_clinic'));
    return c.json(dashboardView(await totalsOf(db, clinicId ?? everything, range), range, by, Date.now()), 200);
  });
