/** What a request's preconditions say of it: to go on, that what its sender has is still right, or that it is not. */
export type Precondition = 'met' | 'unchanged' | 'failed';

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** The entity tags of a header, as they were written; `*` by itself. */
const tagsOf = (header: string): readonly string[] =>
  header.trim() === '*' ? ['*'] : (header.match(/(?:W\/)?"[^"]*"/g) ?? []);

/** RFC 9110 8.8.3.2: a weak tag is the same as a strong one only where nothing rests on every byte. */
const weakly = (tag: string): string => tag.replace(/^W\//, '');

/**
 * Weighs `If-Match` and `If-None-Match` in the order of RFC 9110 13.2.2. No modification date is ever sent, so conditions
 * on one are ignored, as 13.1.3 and 13.1.4 have it.
 *
 * @param etag of what is there, strong; `null` while nothing is
 */
export const preconditionOf = (
  { method, headers }: Pick<Request, 'method' | 'headers'>,
  etag: string | null,
): Precondition => {
  const names = (header: string, same: (tag: string) => boolean): boolean =>
    etag !== null && tagsOf(header).some((tag) => tag === '*' || same(tag));
  const match = headers.get('if-match');
  if (match !== null && !names(match, (tag) => tag === etag)) return 'failed';
  const noneMatch = headers.get('if-none-match');
  if (noneMatch === null || !names(noneMatch, (tag) => weakly(tag) === etag)) return 'met';
  return isRead(method) ? 'unchanged' : 'failed';
};

/** Whether a request has preconditions at all. */
export const hasPrecondition = ({ headers }: Pick<Request, 'headers'>): boolean =>
  headers.has('if-match') || headers.has('if-none-match');
