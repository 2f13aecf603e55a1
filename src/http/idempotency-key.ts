import type { Context } from 'hono';
import { refusal } from '../domain/refusal.ts';
import type { AppEnv } from './context.ts';
import { RefusalException } from './problem.ts';

/**
 * The Idempotency-Key of a request (draft-ietf-httpapi-idempotency-key-header): 1 to 255 printable ASCII characters,
 * taken as they are; `null` when there is none. Throws `invalid_request` for anything else.
 */
export const idempotencyKeyOf = (c: Context<AppEnv>): string | null => {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return key;
  const errors = [{ path: 'header.Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters' }];
  throw new RefusalException(refusal('invalid_request', undefined, { errors }));
};
