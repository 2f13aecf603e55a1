import type { OpenAPIHono } from '@hono/zod-openapi';
import { type RefusalCode, refusals } from '../domain/refusal.ts';
import { sessionParameters } from './session-parameters.ts';

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>;
type Operation = NonNullable<NonNullable<Document['paths']>[string]['get']>;

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** What every route may answer besides what it declares itself, because middleware answers it. */
const everywhere: RefusalCode[] = [
  ...(['invalid_request', 'uri_too_long', 'rate_limited', 'headers_too_large', 'internal_error'] as const),
  'temporarily_unavailable',
];
const withBody: RefusalCode[] = ['body_too_large', 'unsupported_media_type'];
const withIdempotencyKey: RefusalCode[] = ['idempotency_key_reused', 'request_in_flight'];

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Any text that names this attempt. The same key with the same request gives the same answer, once.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
};

/**
 * Completes a generated document with what follows from how the application is built rather than from one route:
 * operation ids, security that is said where there is none, the answers of the middleware, `Idempotency-Key`, and the headers of sessions in cookies.
 */
export const completeOperations = (document: Document): Document => {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method];
      if (operation === undefined) continue;
      operation.operationId ??= operationIdOf(method, path);
      operation.security ??= [];
      const keyed = method !== 'get';
      const own = (operation.parameters ?? []).filter(isOther);
      const parameters = [...own, ...(keyed ? [idempotencyKey] : []), ...sessionParameters(operation, keyed)];
      if (parameters.length > 0) operation.parameters = parameters;
      const hasBody = operation.requestBody !== undefined;
      declare(operation, [...everywhere, ...(hasBody ? withBody : []), ...(keyed ? withIdempotencyKey : [])]);
    }
  }
  return document;
};

/** Whether a parameter is not `Idempotency-Key`: a route may validate it, but it is described here, once. */
const isOther = (parameter: NonNullable<Operation['parameters']>[number]): boolean =>
  !('name' in parameter) || parameter.name.toLowerCase() !== idempotencyKey.name.toLowerCase();

/** `getDoctorsByIdTimeOff` for `get /api/v1/doctors/{id}/time-off`. */
const operationIdOf = (method: string, path: string): string => {
  const words = path
    .replace(/^\/api\/v1(?=\/)/, '')
    .split('/')
    .filter((segment) => segment !== '')
    .flatMap((segment) => segment.replace(/^\{(.+)\}$/, 'by-$1').split(/[^A-Za-z0-9]+/));
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
};

const declare = (operation: Operation, codes: readonly RefusalCode[]): void => {
  for (const code of codes) {
    const { status, title } = refusals[code];
    const declared = operation.responses?.[status];
    // What a route answers to this status by itself stays as it is: readiness says 503 in a body of its own.
    if (declared?.content !== undefined && !('application/problem+json' in declared.content)) continue;
    const said = declared?.description ?? '';
    if (said.includes(`\`${code}\``)) continue;
    operation.responses = {
      ...operation.responses,
      [status]: {
        ...declared,
        description: [said, `\`${code}\`: ${title}`].filter((part) => part !== '').join(' '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    };
  }
};
