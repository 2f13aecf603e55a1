import { answer, createRoute, router } from '../../http/route.ts';
import { keysOf } from './keys.ts';
import { jwksSchema } from './schema.ts';

const tags = ['Accounts'];

/** The route of the key set at one of its addresses. */
const keySet = <Path extends string>(path: Path) =>
  router().openapi(
    createRoute({
      method: 'get',
      path,
      summary: 'List the keys that verify access tokens',
      tags,
      responses: { 200: answer(jwksSchema, 'A JSON Web Key Set (RFC 7517).') },
    }),
    async (c) => {
      c.header('cache-control', 'public, max-age=300');
      return c.json({ keys: [...(await keysOf(c.get('settings').jwtKeys)).jwks] }, 200);
    },
  );

export const keyRoutes = keySet('/auth/jwks');

/** The key set at the address where verifiers look for it (RFC 8615). To be mounted at the root. */
export const wellKnownRoutes = keySet('/.well-known/jwks.json');
