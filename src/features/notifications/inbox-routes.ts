import { database } from '../../db/client.ts';
import { idempotent } from '../../http/idempotency.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { authenticated } from '../identity/authenticate.ts';
import { inboxPage, markAllRead, markRead, unreadCount } from './inbox.ts';
import { inboxItemSchema, inboxPositionSchema, inboxQuerySchema, markedSchema, unreadSchema } from './inbox-schema.ts';
import { inboxItems } from './inbox-view.ts';

const shared = { tags: ['Notifications'], security: bearer };
const always = ['unauthenticated'] as const;

const list = createRoute({
  ...shared,
  method: 'get',
  path: '/notifications',
  summary: 'List what I was told',
  description: 'Newest first, in the language of the preferences.',
  middleware: [authenticated],
  request: { query: inboxQuerySchema },
  responses: { 200: answer(pageSchema(inboxItemSchema), 'A page of notifications.'), ...refusing(...always) },
});

const count = createRoute({
  ...shared,
  method: 'get',
  path: '/notifications/unread-count',
  summary: 'Count what I have not read',
  middleware: [authenticated],
  responses: { 200: answer(unreadSchema, 'The count.'), ...refusing(...always) },
});

const readOne = createRoute({
  ...shared,
  method: 'post',
  path: '/notifications/{id}/read',
  summary: 'Mark a notification as read',
  middleware: [authenticated, idempotent],
  request: { params: idParamSchema },
  responses: { 200: answer(inboxItemSchema, 'It, marked.'), ...refusing('not_found', ...always) },
});

const readAll = createRoute({
  ...shared,
  method: 'post',
  path: '/notifications/read-all',
  summary: 'Mark everything as read',
  middleware: [authenticated, idempotent],
  responses: { 200: answer(markedSchema, 'How many were marked.'), ...refusing(...always) },
});

/** What one was told, in the app. */
export const inboxRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor, unread } = c.req.valid('query');
    const principal = c.get('principal');
    const db = database(c.env.DB);
    const rows = await inboxPage(db, principal.id, unread, readCursor(cursor, inboxPositionSchema), limit);
    const { items, nextCursor } = page(
      rows,
      limit,
      (row) => row,
      ({ sentAtMs, id }) => ({ sentAtMs, notificationId: id }),
    );
    return c.json({ items: await inboxItems(db, items, principal), nextCursor }, 200);
  })
  .openapi(count, async (c) => {
    return c.json({ unread: await unreadCount(database(c.env.DB), c.get('principal').id) }, 200);
  })
  .openapi(readAll, async (c) => {
    return c.json({ marked: await markAllRead(database(c.env.DB), c.get('principal'), Date.now()) }, 200);
  })
  .openapi(readOne, async (c) => {
    const db = database(c.env.DB);
    const principal = c.get('principal');
    const marked = await markRead(db, principal, c.req.valid('param').id, Date.now());
    if (!marked.ok) return refuse(c, marked.refusal);
    const [item] = await inboxItems(db, [marked.value], principal);
    return c.json(item as NonNullable<typeof item>, 200);
  });
