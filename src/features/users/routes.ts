import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { page, pageSchema, readCursor } from '../../http/pagination.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { securityEvent } from '../../http/security-event.ts';
import { auditRead } from '../audit/read.ts';
import { allowed } from '../identity/authenticate.ts';
import { editAccount } from './edit.ts';
import { accountRow, accountsByName, accountsByTime, accountsOf, accountView } from './queries.ts';
import {
  accountEditSchema,
  accountSchema,
  accountSearchSchema,
  accountsQuerySchema,
  namePositionSchema,
  timePositionSchema,
} from './schema.ts';

const tags = ['Administration'];
const always = ['unauthenticated', 'forbidden'] as const;

const list = createRoute({
  method: 'get',
  path: '/admin/users',
  summary: 'List accounts',
  description: 'Newest first. To look for a person, use the search: what is personal never stands in an address.',
  tags,
  security: bearer,
  middleware: allowed('user.read'),
  request: { query: accountsQuerySchema },
  responses: { 200: answer(pageSchema(accountSchema), 'A page of accounts.'), ...refusing(...always) },
});

const search = createRoute({
  method: 'post',
  path: '/admin/users/search',
  summary: 'Find accounts',
  description: 'By the whole e-mail address, the whole phone number, or the beginning of the name. Changes nothing.',
  tags,
  security: bearer,
  middleware: allowed('user.read'),
  request: jsonBody(accountSearchSchema),
  responses: { 200: answer(pageSchema(accountSchema), 'A page of accounts, by name.'), ...refusing(...always) },
});

const show = createRoute({
  method: 'get',
  path: '/admin/users/{id}',
  summary: 'Show an account',
  tags,
  security: bearer,
  middleware: allowed('user.read'),
  request: { params: idParamSchema },
  responses: { 200: answer(accountSchema, 'The account.'), ...refusing('not_found', ...always) },
});

const edit = createRoute({
  method: 'put',
  path: '/admin/users/{id}',
  summary: 'Activate, deactivate, change role or permissions',
  description:
    'What the body leaves out stays. It takes hold at once: access tokens issued before are refused, and a deactivated ' +
    'account’s sessions end. Nobody changes their own account or the last admin who can manage users, and nobody deals ' +
    'in permissions that they do not hold.',
  tags,
  security: bearer,
  middleware: [...allowed('user.edit'), idempotent],
  request: { params: idParamSchema, ...jsonBody(accountEditSchema) },
  responses: {
    200: answer(accountSchema, 'The account as it is now.'),
    ...refusing(
      ...(['not_found', 'own_account', 'last_admin', 'person_erased', 'beyond_own_permissions', 'role_fixed'] as const),
      ...(['permissions_not_for_role', 'version_conflict'] as const),
      ...always,
    ),
  },
});

const read = (action: string, rows: readonly { readonly id: string; readonly role: string }[]) => ({
  action,
  patientIds: rows.filter(({ role }) => role === 'patient').map(({ id }) => id),
  why: 'administration' as const,
});

export const userRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query');
    const rows = await accountsByTime(database(c.env.DB), filter, readCursor(cursor, timePositionSchema), limit);
    const shown = page(rows, limit, accountView, ({ createdAtMs, id }) => ({ createdAtMs, id }));
    await auditRead(c, read('accounts.listed', shown.items));
    return c.json(shown, 200);
  })
  .openapi(search, async (c) => {
    idempotencyKeyOf(c);
    const { email, phone, name, limit, cursor, ...filter } = c.req.valid('json');
    const after = readCursor(cursor, namePositionSchema);
    const db = database(c.env.DB);
    const rows =
      name === undefined
        ? await accountsOf(db, { email, phone }, filter)
        : await accountsByName(db, name, filter, after, limit);
    const shown = page(rows, limit, accountView, ({ fullName, id }) => ({ fullName, id }));
    await auditRead(c, read('accounts.searched', shown.items));
    return c.json(shown, 200);
  })
  .openapi(show, async (c) => {
    const row = await accountRow(database(c.env.DB), c.req.valid('param').id);
    if (row === null) return refuse(c, refusal('not_found'));
    await auditRead(c, { ...read('account.read', [row]), subjectId: row.id });
    return c.json(accountView(row), 200);
  })
  .openapi(edit, async (c) => {
    const { id } = c.req.valid('param');
    const edited = await editAccount(c.env, id, c.req.valid('json'), c.get('principal'), Date.now());
    if (!edited.ok) return refuse(c, edited.refusal);
    const { before, after, row } = edited.value;
    // What answers shows the account, also when nothing was to be changed.
    if (before === after) await auditRead(c, { ...read('account.read', [row]), subjectId: id });
    if (before.active && !after.active) securityEvent(c, 'account.deactivated', { subjectId: id });
    if (before.role !== after.role || before.permissions.join() !== after.permissions.join()) {
      securityEvent(c, 'role.changed', { subjectId: id, reason: after.role });
    }
    return c.json(accountView(row), 200);
  });
