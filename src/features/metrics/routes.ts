import { z } from '@hono/zod-openapi';
import { refusal } from '../../domain/refusal.ts';
import { refuse } from '../../http/problem.ts';
import { createRoute, refusing, router } from '../../http/route.ts';
import { securityEvent } from '../../http/security-event.ts';
import { scrape } from './scrape.ts';
import { isToken } from './token.ts';

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  summary: 'Metrics for Prometheus',
  description:
    'Needs the METRICS_TOKEN of the deployment as a bearer token. Without such a secret there is nothing here.',
  tags: ['About'],
  security: [{ metrics: [] }],
  responses: {
    200: { description: 'The Prometheus text format 0.0.4.', content: { 'text/plain': { schema: z.string() } } },
    ...refusing('unauthenticated', 'not_found'),
  },
});

export const metricsRoutes = router().openapi(metricsRoute, async (c) => {
  const { metricsToken } = c.get('settings');
  if (metricsToken === null) return refuse(c, refusal('not_found'));
  if (!(await isToken(c.req.header('authorization'), metricsToken))) {
    securityEvent(c, 'token.refused', { reason: 'metrics' });
    return refuse(c, refusal('unauthenticated'));
  }
  return c.text(await scrape(c.env, Date.now()), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
});
