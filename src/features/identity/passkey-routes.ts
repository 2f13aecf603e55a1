import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { authenticated, enrolling } from './authenticate.ts';
import {
  newPasskeySchema,
  passkeyOptionsSchema,
  passkeyRenameSchema,
  passkeySchema,
  passkeysSchema,
  passwordConfirmationSchema,
} from './credential-schema.ts';
import { addPasskey, beginPasskey, passkeyAnswer, removePasskey, renamePasskey } from './passkey-keeping.ts';
import { passkeysOf } from './passkeys.ts';

const tags = ['Accounts'];

const list = createRoute({
  method: 'get',
  path: '/auth/passkeys',
  summary: 'List my passkeys',
  description: 'All of them, oldest first: there are at most ten.',
  tags,
  security: bearer,
  middleware: [enrolling],
  responses: { 200: answer(passkeysSchema, 'My passkeys.'), ...refusing('unauthenticated') },
});

const begin = createRoute({
  method: 'post',
  path: '/auth/passkeys/options',
  summary: 'Begin to add a passkey',
  description: 'Gives the options for `navigator.credentials.create`, good for five minutes.',
  tags,
  security: bearer,
  middleware: [enrolling, idempotent],
  request: jsonBody(passwordConfirmationSchema),
  responses: {
    201: answer(passkeyOptionsSchema, 'The options, as JSON.'),
    ...refusing('unauthenticated', 'wrong_password', 'rate_limited', 'too_many_items'),
  },
});

const add = createRoute({
  method: 'post',
  path: '/auth/passkeys',
  summary: 'Add a passkey',
  description: 'Access tokens issued before are good no more: refresh the session afterwards.',
  tags,
  security: bearer,
  middleware: [enrolling, idempotent],
  request: jsonBody(newPasskeySchema),
  responses: {
    201: answer(passkeySchema, 'The passkey.'),
    ...refusing('unauthenticated', 'passkey_refused'),
  },
});

const rename = createRoute({
  method: 'put',
  path: '/auth/passkeys/{id}',
  summary: 'Rename a passkey',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: { params: idParamSchema, ...jsonBody(passkeyRenameSchema) },
  responses: {
    200: answer(passkeySchema, 'The passkey.'),
    ...refusing('unauthenticated', 'not_found'),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/auth/passkeys/{id}',
  summary: 'Remove a passkey',
  description: 'With the password, as for every change of how I sign in.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: { params: idParamSchema, ...jsonBody(passwordConfirmationSchema) },
  responses: {
    204: { description: 'It signs in no more.' },
    ...refusing('unauthenticated', 'wrong_password', 'rate_limited', 'not_found'),
  },
});

export const passkeyRoutes = router()
  .openapi(list, async (c) => {
    const own = await passkeysOf(database(c.env.DB), c.get('principal').id);
    return c.json({ items: own.map(passkeyAnswer) }, 200);
  })
  .openapi(begin, async (c) => {
    const begun = await beginPasskey(c, c.req.valid('json').password, Date.now());
    return begun.ok ? c.json({ ...begun.value }, 201) : refuse(c, begun.refusal);
  })
  .openapi(add, async (c) => {
    const added = await addPasskey(c, c.req.valid('json'), Date.now());
    return added.ok ? c.json(passkeyAnswer(added.value), 201) : refuse(c, added.refusal);
  })
  .openapi(rename, async (c) => {
    const renamed = await renamePasskey(c, c.req.valid('param').id, c.req.valid('json').name, Date.now());
    return renamed === null ? refuse(c, refusal('not_found')) : c.json(passkeyAnswer(renamed), 200);
  })
  .openapi(remove, async (c) => {
    const removed = await removePasskey(c, c.req.valid('param').id, c.req.valid('json').password, Date.now());
    return removed.ok ? c.body(null, 204) : refuse(c, removed.refusal);
  });
