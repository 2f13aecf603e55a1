import { database } from '../../db/client.ts';
import { may } from '../../domain/access.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { auditRead } from '../audit/read.ts';
import { accountOf } from '../identity/account.ts';
import { authenticated } from '../identity/authenticate.ts';
import { editMe, meView } from './me.ts';
import { meEditSchema, meSchema } from './schema.ts';

const shared = { tags: ['Users'], security: bearer };

const show = createRoute({
  ...shared,
  method: 'get',
  path: '/users/{id}',
  summary: 'Show my profile, or an account',
  description: '`me` is my own. Others’ are for who manages accounts; of a doctor everybody sees `GET /doctors/{id}`.',
  middleware: [authenticated],
  request: { params: idParamSchema },
  responses: { 200: answer(meSchema, 'The profile.'), ...refusing('unauthenticated', 'not_found') },
});

const edit = createRoute({
  ...shared,
  method: 'put',
  path: '/users/me',
  summary: 'Edit my profile',
  description: 'What the body leaves out stays.',
  middleware: [authenticated, idempotent],
  request: jsonBody(meEditSchema),
  responses: { 200: answer(meSchema, 'As it is now.'), ...refusing('unauthenticated', 'name_on_licence') },
});

/** What people say of themselves. */
export const meRoutes = router()
  .openapi(show, async (c) => {
    const principal = c.get('principal');
    const given = c.req.valid('param').id;
    const id = given === 'me' ? principal.id : given;
    const db = database(c.env.DB);
    const account = id === principal.id || may(principal, 'user.read', {}) ? await accountOf(db, id) : null;
    if (account === null) return refuse(c, refusal('not_found'));
    const patientIds = account.role === 'patient' ? [account.id] : [];
    await auditRead(c, { action: 'account.read', patientIds, why: 'administration', subjectId: account.id });
    return c.json(await meView(db, account), 200);
  })
  .openapi(edit, async (c) => {
    const db = database(c.env.DB);
    const edited = await editMe(db, c.req.valid('json'), c.get('principal'), Date.now());
    return edited.ok ? c.json(await meView(db, edited.value), 200) : refuse(c, edited.refusal);
  });
