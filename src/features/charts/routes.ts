import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { chartOf } from './chart.ts';
import { chartQuerySchema, chartSchema, summarySchema } from './schema.ts';
import { summaryOf } from './summary.ts';

const reading = { tags: ['Records'], security: bearer, middleware: allowed('record.read') };
const refusals = refusing('unauthenticated', 'forbidden', 'not_found', 'temporarily_unavailable');

const chart = createRoute({
  ...reading,
  method: 'get',
  path: '/patients/{id}/chart',
  summary: 'Read a patient’s chart at one look',
  description:
    'What they said of themselves, and the latest of their record, prescriptions and documents; the lists have the rest. ' +
    'For the patient, the guardian, and doctors who treat the patient or broke the glass. Recorded as one read.',
  request: { params: idParamSchema, query: chartQuerySchema },
  responses: { 200: answer(chartSchema, 'The chart.'), ...refusals },
});

const summary = createRoute({
  ...reading,
  method: 'get',
  path: '/appointments/{id}/summary',
  summary: 'Read what there is to a visit',
  description:
    'The after-visit summary: its note, what was prescribed, the visit that is proposed to follow with free times, and ' +
    'the documents that were brought. For those who may read the chart. Recorded as one read.',
  request: { params: idParamSchema },
  responses: { 200: answer(summarySchema, 'The summary.'), ...refusals },
});

/** What is kept of a patient in several places, read at one look. */
export const chartRoutes = router()
  .openapi(chart, async (c) => {
    const { appointmentId = null } = c.req.valid('query');
    const found = await chartOf(c, c.req.valid('param').id, appointmentId, Date.now());
    return found.ok ? c.json(found.value, 200) : refuse(c, found.refusal);
  })
  .openapi(summary, async (c) => {
    const found = await summaryOf(c, c.req.valid('param').id, Date.now());
    return found.ok ? c.json(found.value, 200) : refuse(c, found.refusal);
  });
