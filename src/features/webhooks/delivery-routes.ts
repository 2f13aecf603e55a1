import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { allowed } from '../identity/authenticate.ts';
import { deliveryPage, deliveryView, replayDelivery } from './deliveries.ts';
import {
  deliveriesQuerySchema,
  deliveryParamsSchema,
  deliverySchema,
  webhookParamsSchema,
  webhookPositionSchema,
} from './schema.ts';

const shared = { tags: ['Webhooks'], security: bearer };
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;

const list = createRoute({
  ...shared,
  method: 'get',
  path: '/clinics/{id}/webhooks/{webhookId}/deliveries',
  summary: 'List what a webhook was told',
  description: 'Newest first, of the last 90 days.',
  middleware: allowed('webhook.read'),
  request: { params: webhookParamsSchema, query: deliveriesQuerySchema },
  responses: { 200: answer(pageSchema(deliverySchema), 'A page of deliveries.'), ...refusing(...always) },
});

const replay = createRoute({
  ...shared,
  method: 'post',
  path: '/clinics/{id}/webhooks/{webhookId}/deliveries/{deliveryId}/replay',
  summary: 'Post a delivery once more',
  description: 'Taken or not, under the same `webhook-id`.',
  middleware: [...allowed('webhook.edit'), idempotent],
  request: { params: deliveryParamsSchema },
  responses: {
    202: answer(deliverySchema, 'The delivery, on its way.'),
    ...refusing(...always, 'webhook_off'),
  },
});

/** What the webhooks of clinics were told. */
export const deliveryRoutes = router()
  .openapi(list, async (c) => {
    const { id, webhookId } = c.req.valid('param');
    const { state, limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, webhookPositionSchema);
    const rows = await deliveryPage(database(c.env.DB), id, webhookId, state, after, limit);
    if (rows === null) return refuse(c, refusal('not_found'));
    const shown = page(rows, limit, deliveryView, (row) => ({ createdAtMs: row.createdAtMs, id: row.id }));
    return c.json(shown, 200);
  })
  .openapi(replay, async (c) => {
    const { id: clinicId, webhookId, deliveryId } = c.req.valid('param');
    const ids = { clinicId, webhookId, deliveryId };
    const replayed = await replayDelivery(c.env, ids, c.get('principal'), Date.now());
    return replayed.ok ? c.json(deliveryView(replayed.value), 202) : refuse(c, replayed.refusal);
  });
