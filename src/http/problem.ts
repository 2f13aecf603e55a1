import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isOutage } from '../db/outage.ts';
import { type Refusal, type RefusalCode, refusal, refusals } from '../domain/refusal.ts';
import type { AppEnv } from './context.ts';

/** The body of every refusal: RFC 9457 problem details with a stable `code`. */
export const problemSchema = z
  .looseObject({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string().openapi({ example: refusals.slot_full.title }),
    status: z.int().openapi({ example: 409 }),
    code: z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]]).openapi({ example: 'slot_full' }),
    detail: z.string().optional(),
    instance: z.string().openapi({ description: 'The id of the request, to quote when asking for help.' }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'For `invalid_request`: each field that is wrong.' }),
  })
  .openapi('Problem');

/** A refusal on its way out of middleware, where there is no handler to return it. */
export class RefusalException extends HTTPException {
  readonly refusal: Refusal;
  constructor(refused: Refusal) {
    super(refusals[refused.code].status);
    this.refusal = refused;
  }
}

/** The body of a refusal as it goes out. */
const problemBody = (refused: Refusal, requestId: string): z.input<typeof problemSchema> => ({
  type: 'about:blank',
  title: refusals[refused.code].title,
  status: refusals[refused.code].status,
  code: refused.code,
  ...(refused.detail === undefined ? {} : { detail: refused.detail }),
  instance: `urn:request:${requestId}`,
  ...refused.extra,
});

/** Answers a refusal as `application/problem+json`. */
export const problem = (c: Context<AppEnv>, refused: Refusal): Response => {
  c.set('refused', refused.code);
  return problemAnswer(refused, c.get('requestId'));
};

/** A refusal as `application/problem+json`, that this request need not be answered with. */
export const problemAnswer = (refused: Refusal, requestId: string): Response => {
  const { status } = refusals[refused.code];
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (status === 426) headers.upgrade = 'websocket';
  if (status === 503) headers['retry-after'] = '2';
  const { retryAfterSeconds } = refused.extra ?? {};
  if (status === 429 && typeof retryAfterSeconds === 'number') headers['retry-after'] = String(retryAfterSeconds);
  return new Response(JSON.stringify(problemBody(refused, requestId)), { status, headers });
};

/**
 * Answers a refusal from a route handler. Typed `never` so that a route's type, and the typed client made from it,
 * is that of its success: the refusals are declared in the route and described in OpenAPI.
 *
 * @example if (!result.ok) return refuse(c, result.refusal);
 */
export const refuse = (c: Context<AppEnv>, refused: Refusal): never => problem(c, refused) as never;

/**
 * Turns anything thrown into a refusal: known ones as they are, what is out of reach as `temporarily_unavailable`, the
 * rest as `internal_error`, which leaks nothing.
 */
export const refusalOf = (error: unknown): Refusal => {
  if (error instanceof RefusalException) return error.refusal;
  if (error instanceof HTTPException) {
    if (error.status === 413) return refusal('body_too_large');
    if (error.status === 415) return refusal('unsupported_media_type');
    if (error.status === 400) {
      return refusal('invalid_request', undefined, { errors: [{ path: '', message: 'The body is not valid JSON.' }] });
    }
  }
  return refusal(isOutage(error) ? 'temporarily_unavailable' : 'internal_error');
};
