import { createRoute, OpenAPIHono, type RouteConfig, type z } from '@hono/zod-openapi';
import { type RefusalCode, refusal, refusals } from '../domain/refusal.ts';
import type { AppEnv } from './context.ts';
import { speakPlainly } from './plain-issues.ts';
import { problem, problemSchema } from './problem.ts';

speakPlainly();

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

/** A further answer of a route, described in OpenAPI, that the typed client does not reckon with. */
export const besides = (status: number, schema: z.ZodType, description: string): Responses => ({
  [status]: answer(schema, description),
});

/** Declares the refusals of a route, grouped by status, for OpenAPI. */
export const refusing = (...codes: RefusalCode[]): Responses => {
  const byStatus = new Map<number, RefusalCode[]>();
  // Who must set up a second factor first can do nothing else that needs signing in.
  const also: RefusalCode[] = codes.includes('unauthenticated') ? ['enrolment_required'] : [];
  for (const code of new Set<RefusalCode>(['invalid_request', ...codes, ...also])) {
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

/** Security of a route that needs an access token, in Authorization or as a cookie, for OpenAPI. */
export const bearer: Record<string, string[]>[] = [{ bearer: [] }, { cookie: [] }];

/** A body of 64 KB can be wrong in a hundred thousand places; an answer names the first few. */
const maxErrors = 50;
const maxPathLength = 200;

/** The fields that are wrong, as problem+json names them: `query.limit`, `rules.0.start`, or `` for the whole body. */
const errorsOf = (target: string, issues: readonly z.core.$ZodIssue[]): { path: string; message: string }[] => {
  const at = (path: readonly PropertyKey[]): string =>
    [...(target === 'json' ? [] : [target]), ...path].join('.').slice(0, maxPathLength);
  const named = (issue: z.core.$ZodIssue): { path: string; message: string }[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys
        .slice(0, maxErrors)
        .map((key) => ({ path: at([...issue.path, key]), message: 'is not a known field' }));
    const shared = issue.code === 'invalid_union' ? inEveryForm(issue) : [];
    return shared.length > 0 ? shared.flatMap(named) : [{ path: at(issue.path), message: issue.message }];
  };
  return issues.slice(0, maxErrors).flatMap(named).slice(0, maxErrors);
};

/** Of something that may have several forms and has none: the faults that it has as each of them. */
const inEveryForm = ({ errors, path }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] => {
  const [first = [], ...others] = errors;
  const isSame = (a: z.core.$ZodIssue, b: z.core.$ZodIssue): boolean =>
    a.message === b.message && a.path.join('.') === b.path.join('.');
  return first
    .filter((issue) => others.every((form) => form.some((other) => isSame(issue, other))))
    .map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
};

/** A router whose routes validate with zod and answer validation errors as problem+json. */
export const router = (): OpenAPIHono<AppEnv> =>
  new OpenAPIHono<AppEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      // A malformed id in the path is the id of nothing.
      if (result.target === 'param') return problem(c, refusal('not_found'));
      return problem(
        c,
        refusal('invalid_request', undefined, { errors: errorsOf(result.target, result.error.issues) }),
      );
    },
  });

export { createRoute };
