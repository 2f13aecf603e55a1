import type { Context } from 'hono';
import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import type { AppEnv } from '../../http/context.ts';
import { keptNowhere } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { securityEvent } from '../../http/security-event.ts';
import { sealingOf } from '../../sealing/sealing.ts';
import { type Account, accountOf } from '../identity/account.ts';
import { authenticated } from '../identity/authenticate.ts';
import { confirmedOwner } from '../identity/confirm-password.ts';
import { signedInLately } from '../identity/sessions.ts';
import { exportStream, recordExport } from './export.ts';
import { exportRequestSchema, exportSchema } from './schema.ts';

const about = {
  tags: ['Your data'],
  security: bearer,
};
const everything =
  'One file with everything that is held about you and your dependants. What was booked in the last moments may ' +
  'still be on its way.';
const file = { 200: answer(exportSchema, 'The file. It is written while it is read: one that breaks off is no JSON.') };

const withPassword = createRoute({
  ...about,
  method: 'post',
  middleware: [authenticated, keptNowhere],
  path: '/users/me/export',
  summary: 'Export your data, with the password',
  description: everything,
  request: jsonBody(exportRequestSchema),
  responses: {
    ...file,
    ...refusing('unauthenticated', 'wrong_password', 'rate_limited', 'temporarily_unavailable'),
  },
});

const afterSigningIn = createRoute({
  ...about,
  method: 'get',
  middleware: [authenticated],
  path: '/users/me/export',
  summary: 'Export your data, right after signing in',
  description: `${everything} Only for a session of the last ten minutes: give the password otherwise, by POST.`,
  responses: { ...file, ...refusing('unauthenticated', 'confirmation_needed', 'temporarily_unavailable') },
});

/** Taking out all that is held about oneself: for who has just shown to be the owner, as a thief of a session cannot. */
export const exportRoutes = router()
  .openapi(withPassword, async (c) => {
    const owner = await confirmedOwner(c, c.req.valid('json').password);
    return owner.ok ? ((await exported(c, owner.value)) as never) : refuse(c, owner.refusal);
  })
  .openapi(afterSigningIn, async (c) => {
    const db = database(c.env.DB);
    const account = await accountOf(db, c.get('principal').id);
    if (account === null) return refuse(c, refusal('unauthenticated'));
    if (!(await signedInLately(db, c.get('session').id, Date.now()))) return refuse(c, refusal('confirmation_needed'));
    return (await exported(c, account)) as never;
  });

const exported = async (c: Context<AppEnv>, account: Account): Promise<Response> => {
  const db = database(c.env.DB);
  const nowMs = Date.now();
  await recordExport(db, account, nowMs);
  securityEvent(c, 'account.exported', { subjectId: account.id });
  const body = exportStream(db, c.get('settings'), sealingOf(c), account, nowMs);
  const headers = { 'content-disposition': 'attachment; filename="daybook.json"', 'cache-control': 'no-store' };
  return c.body(body, 200, { 'content-type': 'application/json', ...headers });
};
