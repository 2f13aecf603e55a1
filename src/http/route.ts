import { createRoute, OpenAPIHono, type RouteConfig, type z } from '@hono/zod-openapi';
import { type RefusalCode, refusal, refusals } from '../domain/refusal.ts';
import type { AppEnv } from './context.ts';
import { problem, problemSchema } from './problem.ts';

type Responses = RouteConfig['responses'];

/** A JSON answer of a route. */
export const answer = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A required JSON body of a route. */
export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
});

/** Declares the refusals of a route, grouped by status, for OpenAPI. */
export const refusing = (...codes: RefusalCode[]): Responses => {
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of new Set<RefusalCode>(['invalid_request', ...codes])) {
    const { status } = refusals[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${refusals[code].title}`).join(' '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
};

/** Security of a route that needs an access token, for OpenAPI. */
export const bearer = [{ bearer: [] }];

/** A router whose routes validate with zod and answer validation errors as problem+json. */
export const router = (): OpenAPIHono<AppEnv> =>
  new OpenAPIHono<AppEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const errors = result.error.issues.map((issue) => ({
        path: [result.target === 'json' ? null : result.target, ...issue.path].filter((p) => p !== null).join('.'),
        message: issue.message,
      }));
      return problem(c, refusal('invalid_request', undefined, { errors }));
    },
  });

export { createRoute };
