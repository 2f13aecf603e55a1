import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { auditRead } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { ledgerCounts, ledgerPage, ledgerView, patientsIn, retryNotification } from './ledger.ts';
import { ledgerPageSchema, ledgerPositionSchema, ledgerQuerySchema, ledgerRowSchema } from './ledger-schema.ts';

const shared = { tags: ['Administration'], security: bearer };
const always = ['unauthenticated', 'forbidden'] as const;

const list = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/notifications',
  summary: 'See who was told what, and who was not and why',
  description: 'The ledger, newest first: ids, kinds and times. Words that were sent are kept nowhere.',
  middleware: allowed('system.read'),
  request: { query: ledgerQuerySchema },
  responses: { 200: answer(ledgerPageSchema, 'A page of the ledger.'), ...refusing(...always) },
});

const retry = createRoute({
  ...shared,
  method: 'post',
  path: '/admin/notifications/{id}/retry',
  summary: 'Have a notification that failed go again',
  description: 'It goes if it is still so and still of use then; what went by another channel instead went as well.',
  middleware: [...allowed('system.repair'), idempotent],
  request: { params: idParamSchema },
  responses: {
    200: answer(ledgerRowSchema, 'It, on its way.'),
    ...refusing('not_found', 'not_failed', ...always),
  },
});

/** The ledger of notifications, for administrators. */
export const notificationAdminRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query');
    const db = database(c.env.DB);
    const rows = await ledgerPage(db, filter, readCursor(cursor, ledgerPositionSchema), limit);
    const shown = page(rows, limit, ledgerView, ({ createdAtMs, id }) => ({ madeAtMs: createdAtMs, ledgerId: id }));
    const [counts, patientIds] = await Promise.all([ledgerCounts(db, filter), patientsIn(db, shown.items)]);
    await auditRead(c, { action: 'notifications.listed', patientIds, why: 'administration' });
    return c.json({ ...shown, counts }, 200);
  })
  .openapi(retry, async (c) => {
    const retried = await retryNotification(c.env, c.req.valid('param').id, c.get('principal'), Date.now());
    return retried.ok ? c.json(ledgerView(retried.value), 200) : refuse(c, retried.refusal);
  });
