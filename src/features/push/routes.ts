import { database } from '../../db/client.ts';
import { refusal } from '../../domain/refusal.ts';
import { idempotent } from '../../http/idempotency.ts';
import { refuse } from '../../http/problem.ts';
import { answer, bearer, createRoute, jsonBody, refusing, router } from '../../http/route.ts';
import { idParamSchema } from '../../http/schemas.ts';
import { authenticated } from '../identity/authenticate.ts';
import { deviceSchema, devicesSchema, newDeviceSchema } from './schema.ts';
import { subscribe, subscriptionsOf, subscriptionView, unsubscribe } from './subscriptions.ts';

const tags = ['Notifications'];

const list = createRoute({
  method: 'get',
  path: '/users/me/push-subscriptions',
  summary: 'List the devices I am told on',
  description: 'All of them, oldest first: there are at most ten. With the key that browsers subscribe with.',
  tags,
  security: bearer,
  middleware: [authenticated],
  responses: { 200: answer(devicesSchema, 'My devices.'), ...refusing('unauthenticated') },
});

const add = createRoute({
  method: 'post',
  path: '/users/me/push-subscriptions',
  summary: 'Be told on this device',
  description:
    'A device is there once, and belongs to who registered it last, for as long as the session goes on that did: when that ends, or where its push service says that it is gone, it is forgotten. The owner is told of a new one by mail.',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: jsonBody(newDeviceSchema),
  responses: {
    201: answer(deviceSchema, 'The device.'),
    ...refusing('unauthenticated', 'unknown_push_service', 'too_many_devices'),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/users/me/push-subscriptions/{id}',
  summary: 'Be told on this device no more',
  tags,
  security: bearer,
  middleware: [authenticated, idempotent],
  request: { params: idParamSchema },
  responses: {
    204: { description: 'It is forgotten.' },
    ...refusing('unauthenticated', 'not_found'),
  },
});

export const pushRoutes = router()
  .openapi(list, async (c) => {
    const own = await subscriptionsOf(database(c.env.DB), c.get('principal').id);
    const { web } = c.get('settings').delivery.push;
    return c.json({ items: own.map(subscriptionView), applicationServerKey: web?.publicKey ?? null }, 200);
  })
  .openapi(add, async (c) => {
    const given = c.req.valid('json');
    const by = { owner: c.get('principal'), sessionId: c.get('session').id };
    const added = await subscribe(c.env, by, given, Date.now());
    return added.ok ? c.json(subscriptionView(added.value), 201) : refuse(c, added.refusal);
  })
  .openapi(remove, async (c) => {
    const gone = await unsubscribe(database(c.env.DB), c.get('principal'), c.req.valid('param').id, Date.now());
    return gone ? c.body(null, 204) : refuse(c, refusal('not_found'));
  });
