import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent, idempotentShownOnce } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import {
  newWebhookSchema,
  webhookChangeSchema,
  webhookParamsSchema,
  webhookPositionSchema,
  webhookSchema,
  webhooksQuerySchema,
  webhookWithSecretSchema,
} from './schema.ts';
import { changeWebhook, createWebhook, deleteWebhook, rotateSecret, webhookPage, webhookView } from './webhooks.ts';

const shared = { tags: ['Webhooks'], security: bearer };
const always = ['unauthenticated', 'forbidden', 'not_found'] as const;
const edits = [...allowed('webhook.edit'), idempotent];
const shows = [...allowed('webhook.edit'), idempotentShownOnce];
const secretNote = 'The answer shows the secret, this once.';

const list = createRoute({
  ...shared,
  method: 'get',
  path: '/clinics/{id}/webhooks',
  summary: 'List the webhooks of a clinic',
  description: 'Oldest first.',
  middleware: allowed('webhook.read'),
  request: { params: idParamSchema, query: webhooksQuerySchema },
  responses: { 200: answer(pageSchema(webhookSchema), 'A page of webhooks.'), ...refusing(...always) },
});

const create = createRoute({
  ...shared,
  method: 'post',
  path: '/clinics/{id}/webhooks',
  summary: 'Register a webhook of a clinic',
  description:
    'From now on the address is told of what becomes of appointments at this clinic, by posts signed as Standard ' +
    'Webhooks has it, at least once each and in no certain order: of two about one appointment the higher `version` ' +
    `counts. They hold ids and times, nothing of the patient. ${secretNote}`,
  middleware: shows,
  request: { params: idParamSchema, ...jsonBody(newWebhookSchema) },
  responses: {
    201: answer(webhookWithSecretSchema, 'The new webhook.'),
    ...refusing(...always, 'address_not_allowed', 'too_many_items'),
  },
});

const change = createRoute({
  ...shared,
  method: 'put',
  path: '/clinics/{id}/webhooks/{webhookId}',
  summary: 'Change a webhook, or switch it on or off',
  description: 'What is left out stays. While it is off nothing is recorded for it; what was waiting counts as failed.',
  middleware: edits,
  request: { params: webhookParamsSchema, ...jsonBody(webhookChangeSchema) },
  responses: { 200: answer(webhookSchema, 'The webhook.'), ...refusing(...always, 'address_not_allowed') },
});

const rotate = createRoute({
  ...shared,
  method: 'post',
  path: '/clinics/{id}/webhooks/{webhookId}/rotate-secret',
  summary: 'Give a webhook a new secret',
  description: `The one before signs as well for 24 hours. ${secretNote}`,
  middleware: shows,
  request: { params: webhookParamsSchema },
  responses: { 200: answer(webhookWithSecretSchema, 'The webhook.'), ...refusing(...always) },
});

const remove = createRoute({
  ...shared,
  method: 'delete',
  path: '/clinics/{id}/webhooks/{webhookId}',
  summary: 'Delete a webhook',
  description: 'With everything that it was told, or was yet to be told.',
  middleware: edits,
  request: { params: webhookParamsSchema },
  responses: { 204: { description: 'It is gone.' }, ...refusing(...always) },
});

/** The webhooks of clinics. */
export const webhookRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, webhookPositionSchema);
    const rows = await webhookPage(database(c.env.DB), c.req.valid('param').id, after, limit);
    if (rows === null) return refuse(c, refusal('not_found'));
    const shown = page(rows, limit, webhookView, ({ createdAtMs, id }) => ({ createdAtMs, id }));
    return c.json(shown, 200);
  })
  .openapi(create, async (c) => {
    const made = await createWebhook(
      c.env,
      c.req.valid('param').id,
      c.req.valid('json'),
      c.get('principal'),
      Date.now(),
    );
    if (!made.ok) return refuse(c, made.refusal);
    return c.json({ ...webhookView(made.value.webhook), secret: made.value.secret }, 201);
  })
  .openapi(change, async (c) => {
    const { id, webhookId } = c.req.valid('param');
    const changed = await changeWebhook(c.env, id, webhookId, c.req.valid('json'), c.get('principal'), Date.now());
    return changed.ok ? c.json(webhookView(changed.value), 200) : refuse(c, changed.refusal);
  })
  .openapi(rotate, async (c) => {
    const { id, webhookId } = c.req.valid('param');
    const rotated = await rotateSecret(c.env, id, webhookId, c.get('principal'), Date.now());
    if (!rotated.ok) return refuse(c, rotated.refusal);
    return c.json({ ...webhookView(rotated.value.webhook), secret: rotated.value.secret }, 200);
  })
  .openapi(remove, async (c) => {
    const { id, webhookId } = c.req.valid('param');
    const removed = await deleteWebhook(c.env, id, webhookId, c.get('principal'), Date.now());
    return removed.ok ? c.body(null, 204) : refuse(c, removed.refusal);
  });
