import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { allowed } from '../identity/authenticate.ts';
import { deadLetterPage, deadLetterView, retryDeadLetter } from './dead-letters.ts';
import { deadLetterPositionSchema, deadLetterSchema, deadLettersQuerySchema } from './schema.ts';

const shared = { tags: ['Administration'], security: bearer };
const always = ['unauthenticated', 'forbidden'] as const;

const letters = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/dead-letters',
  summary: 'List queue messages that were given up',
  description: 'Newest first. They hold ids and dates, never a person’s data.',
  middleware: allowed('system.read'),
  request: { query: deadLettersQuerySchema },
  responses: { 200: answer(pageSchema(deadLetterSchema), 'A page of letters.'), ...refusing(...always) },
});

const retry = createRoute({
  ...shared,
  method: 'post',
  path: '/admin/dead-letters/{id}/retry',
  summary: 'Send a queue message that was given up again',
  middleware: [...allowed('system.repair'), idempotent],
  request: { params: idParamSchema },
  responses: {
    200: answer(deadLetterSchema, 'The letter, on its way.'),
    ...refusing('not_found', 'already_retried', 'temporarily_unavailable', ...always),
  },
});

export const deadLetterRoutes = router()
  .openapi(letters, async (c) => {
    const { state, limit, cursor } = c.req.valid('query');
    const rows = await deadLetterPage(database(c.env.DB), state, readCursor(cursor, deadLetterPositionSchema), limit);
    return c.json(
      page(rows, limit, deadLetterView, ({ diedAtMs, id }) => ({ diedAtMs, id })),
      200,
    );
  })
  .openapi(retry, async (c) => {
    const retried = await retryDeadLetter(c.env, c.req.valid('param').id, c.get('principal'), Date.now());
    return retried.ok ? c.json(deadLetterView(retried.value), 200) : refuse(c, retried.refusal);
  });
