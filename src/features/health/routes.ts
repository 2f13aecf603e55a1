import { z } from '@hono/zod-openapi';
import { answer, createRoute, refusing, router } from '../../http/route.ts';
import { readiness } from './readiness.ts';

const healthSchema = z.object({ status: z.literal('ok') }).openapi('Health');

const partSchema = z.enum(['ok', 'failing']);
const readinessSchema = z
  .object({
    status: partSchema,
    parts: z.object({
      database: partSchema,
      doctorDays: partSchema,
      queue: partSchema,
    }),
    checkedAt: z.iso.datetime().openapi({ description: 'The answer is at most 10 seconds old.' }),
  })
  .openapi('Readiness');

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the process answers',
  tags: ['About'],
  responses: { 200: answer(healthSchema, 'It does.'), ...refusing() },
});

const readyRoute = createRoute({
  method: 'get',
  path: '/health/ready',
  summary: 'Whether the parts behind it answer: database, doctor-days, queue',
  tags: ['About'],
  responses: {
    200: answer(readinessSchema, 'All parts answer.'),
    503: answer(readinessSchema, 'At least one part does not answer.'),
    ...refusing(),
  },
});

export const healthRoutes = router()
  .openapi(healthRoute, (c) => c.json({ status: 'ok' as const }, 200))
  .openapi(readyRoute, async (c) => {
    const ready = await readiness(c.env, Date.now());
    return c.json(ready, ready.status === 'ok' ? 200 : 503);
  });
