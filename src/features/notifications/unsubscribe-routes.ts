import { z } from '@hono/zod-openapi';
import { database } from '../../db/client.ts';
import { htmlPage } from '../../http/html-page.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { refuse } from '../../http/problem.ts';
import { createRoute, refusing, router } from '../../http/route.ts';
import { leave, leavingOf } from './unsubscribe.ts';
import { unsubscribePage } from './unsubscribe-page.ts';

const page = { description: 'A page.', content: { 'text/html': { schema: z.string() } } };
const shared = {
  path: '/unsubscribe/{token}' as const,
  tags: ['Notifications'],
  request: { params: z.object({ token: z.string() }) },
};

const show = createRoute({
  ...shared,
  method: 'get',
  summary: 'See which mails a link ends',
  description: 'The page of the link in a mail. To open it ends nothing.',
  responses: { 200: page, ...refusing('not_found') },
});

const end = createRoute({
  ...shared,
  method: 'post',
  summary: 'End mails of a kind with one click',
  description:
    'What mail programs post to by themselves (RFC 8058), and the button of the page. The token is the only proof that ' +
    'it needs, and the body is not read. To do it again changes nothing.',
  responses: { 200: page, ...refusing('not_found', 'version_conflict') },
});

/** What ends mails with one click, without signing in. */
export const unsubscribeRoutes = router()
  .openapi(show, async (c) => {
    const found = await leavingOf(database(c.env.DB), c.get('settings').dataKey, c.req.valid('param').token);
    if (!found.ok) return refuse(c, found.refusal);
    const { locale, title } = found.value;
    return htmlPage(c, (nonce) => unsubscribePage(locale, { title, done: false, nonce }), {
      forms: ["'self'"],
    }) as never;
  })
  .openapi(end, async (c) => {
    idempotencyKeyOf(c);
    const db = database(c.env.DB);
    const found = await leavingOf(db, c.get('settings').dataKey, c.req.valid('param').token);
    if (!found.ok) return refuse(c, found.refusal);
    const ended = await leave(db, found.value, Date.now());
    if (!ended.ok) return refuse(c, ended.refusal);
    const { locale, title } = found.value;
    return htmlPage(c, (nonce) => unsubscribePage(locale, { title, done: true, nonce })) as never;
  });
