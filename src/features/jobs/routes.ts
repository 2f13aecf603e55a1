import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import type { Job } from '../../jobs/job.ts';
import { runPage } from '../../jobs/runs.ts';
import { allowed } from '../identity/authenticate.ts';
import { jobList, runByHand, runView } from './jobs.ts';
import { jobParamsSchema, jobRunPositionSchema, jobRunSchema, jobRunsQuerySchema, jobSchema } from './schema.ts';

const shared = { tags: ['Administration'], security: bearer };
const always = ['unauthenticated', 'forbidden'] as const;

const list = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/jobs',
  summary: 'List what is done by the clock',
  description:
    'Each job with when it runs, its latest run and how many have failed. All of them: there is no next page.',
  middleware: allowed('system.read'),
  responses: { 200: answer(pageSchema(jobSchema), 'The jobs.'), ...refusing(...always) },
});

const runs = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/jobs/{name}/runs',
  summary: 'List the runs of a job',
  description:
    'Newest first, of the last 180 days. Of a job that runs every few minutes only those runs are kept that failed or ' +
    'that an admin asked for.',
  middleware: allowed('system.read'),
  request: { params: jobParamsSchema, query: jobRunsQuerySchema },
  responses: { 200: answer(pageSchema(jobRunSchema), 'A page of runs.'), ...refusing('not_found', ...always) },
});

const run = createRoute({
  ...shared,
  method: 'post',
  path: '/admin/jobs/{name}/run',
  summary: 'Run a job now',
  description: 'Answers when it has ended; a run that failed is an answer, too. A job runs once at a time.',
  middleware: [...allowed('system.repair'), idempotent],
  request: { params: jobParamsSchema },
  responses: {
    200: answer(jobRunSchema, 'The run, as it ended.'),
    ...refusing('not_found', 'job_running', ...always),
  },
});

/** The routes of the jobs that there are. */
export const jobRoutes = (jobs: readonly Job[]) => {
  const named = (name: string): Job | undefined => jobs.find((job) => job.name === name);
  return router()
    .openapi(list, async (c) => c.json({ items: await jobList(c.env, jobs, Date.now()), nextCursor: null }, 200))
    .openapi(runs, async (c) => {
      const job = named(c.req.valid('param').name);
      if (job === undefined) return refuse(c, refusal('not_found'));
      const { limit, cursor } = c.req.valid('query');
      const after = readCursor(cursor, jobRunPositionSchema);
      const rows = await runPage(database(c.env.DB), job.name, after, limit);
      return c.json(
        page(rows, limit, runView, ({ startedAtMs, id }) => ({ startedAtMs, id })),
        200,
      );
    })
    .openapi(run, async (c) => {
      const job = named(c.req.valid('param').name);
      if (job === undefined) return refuse(c, refusal('not_found'));
      const ran = await runByHand(c.env, job, c.get('principal'), Date.now());
      return ran.ok ? c.json(ran.value, 200) : refuse(c, ran.refusal);
    });
};
