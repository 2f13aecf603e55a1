import { z } from '@hono/zod-openapi';
import { fromBase64Url, toBase64Url } from '../domain/base64url.ts';
import { refusal } from '../domain/refusal.ts';
import { RefusalException } from './problem.ts';
import { wholeNumberSchema } from './schemas.ts';

const defaultLimit = 20;
const maxLimit = 100;
/** A position holds a name of up to 120 characters: three bytes each in most scripts, a third more in base64url. */
const maxCursorLength = 1_024;

/** Query parameters of every list. */
export const pageQuery = {
  limit: wholeNumberSchema(1, maxLimit).default(defaultLimit),
  cursor: z.string().max(maxCursorLength).optional().openapi({ description: 'The `nextCursor` of the page before.' }),
};

/** A page of a list. */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** Reads an opaque cursor against the schema of its position. Throws `invalid_request` for a cursor that is not ours. */
export const readCursor = <T>(cursor: string | undefined, schema: z.ZodType<T>): T | null => {
  if (cursor === undefined) return null;
  try {
    const bytes = fromBase64Url(cursor);
    if (bytes !== null)
      return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)));
  } catch {
    // Falls through to the one refusal: why a cursor is wrong is nobody's business.
  }
  const errors = [{ path: 'query.cursor', message: 'is not a cursor of this list' }];
  throw new RefusalException(refusal('invalid_request', undefined, { errors }));
};

/**
 * Cuts a page out of `limit + 1` rows in order.
 *
 * @param position what the next page starts after, taken from the last row shown
 */
export const page = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  position: (row: Row) => unknown,
): { items: Item[]; nextCursor: string | null } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(item),
    nextCursor: more ? toBase64Url(new TextEncoder().encode(JSON.stringify(position(last)))) : null,
  };
};
