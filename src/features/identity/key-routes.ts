import { answer, createRoute, router } from '../../http/route.ts';
import { keysOf } from './keys.ts';
import { jwksSchema } from './schema.ts';

const tags = ['Accounts'];

const jwks = (path: '/auth/jwks' | '/.well-known/jwks.json') =>
  createRoute({
    method: 'get',
    path,
    summary: 'List the keys that verify access tokens',
    tags,
    responses: { 200: answer(jwksSchema, 'A JSON Web Key Set (RFC 7517).') },
  });

export const keyRoutes = router().openapi(jwks('/auth/jwks'), async (c) => {
  c.header('cache-control', 'public, max-age=300');
  return c.json({ keys: [...(await keysOf(c.get('settings').jwtKeys)).jwks] }, 200);
});

/** The key set at the address where verifiers look for it (RFC 8615). To be mounted at the root. */
export const wellKnownRoutes = router().openapi(jwks('/.well-known/jwks.json'), async (c) => {
  c.header('cache-control', 'public, max-age=300');
  return c.json({ keys: [...(await keysOf(c.get('settings').jwtKeys)).jwks] }, 200);
});
