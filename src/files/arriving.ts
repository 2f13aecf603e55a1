import { type Refusal, type RefusalCode, refusal } from '../domain/refusal.ts';
import { ok, type Result, refused } from '../domain/result.ts';

/** What a file that people send may be. */
export type MediaType = 'application/pdf' | 'image/jpeg' | 'image/png';

const ascii = (text: string): readonly number[] => [...text].map((char) => char.charCodeAt(0));

/** How each kind of file begins (ISO 32000-1 7.5.2, ITU-T T.81 B.1.1.3, PNG 5.2). */
const beginnings: readonly (readonly [MediaType, readonly number[]])[] = [
  ['application/pdf', ascii('%PDF-')],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, ...ascii('PNG'), 0x0d, 0x0a, 0x1a, 0x0a]],
];
const longestBeginning = 8;

/** What a file is, by its first bytes; `null` for anything else. What its sender calls it counts for nothing. */
const mediaTypeOf = (head: Uint8Array): MediaType | null =>
  beginnings.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte))?.[0] ?? null;

/** Why a file that is on its way is let go: it broke off, or turned out to be what is not taken. */
export class FileRefused extends Error {
  readonly refusal: Refusal;
  constructor(why: Refusal) {
    super(why.code);
    this.refusal = why;
  }
}

/** A file that has begun to arrive. */
export interface Arriving {
  readonly mediaType: MediaType;
  readonly bytes: number;
  /** Its bytes as they come; throws {@link FileRefused} when they are not as many as it said. To be read once. */
  chunks(): AsyncGenerator<Uint8Array>;
  /** Lets it go. */
  drop(): Promise<void>;
}

/** How large a file may be, and what is said to one that is larger. */
interface Limit {
  readonly bytes: number;
  readonly code: RefusalCode;
}

/**
 * Reads the beginning of an upload. Refuses with `length_required`, the limit's code, and `unsupported_document` when
 * the bytes are none of the kinds allowed, or of another than the request says.
 */
export const arriving = async (request: Request, limit: Limit): Promise<Result<Arriving, Refusal>> => {
  const said = request.headers.get('content-length') ?? '';
  if (!/^\d{1,15}$/.test(said)) return refused(refusal('length_required'));
  const bytes = Number(said);
  if (bytes > limit.bytes) return refused(refusal(limit.code));
  const reader = request.body?.getReader();
  if (reader === undefined) return refused(refusal('unsupported_document'));
  const head = await beginningOf(reader);
  const mediaType = mediaTypeOf(head);
  const declared = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType === null || mediaType !== declared) {
    await reader.cancel();
    return refused(refusal('unsupported_document'));
  }
  return ok({ mediaType, bytes, chunks: () => chunksOf(head, reader, bytes), drop: () => reader.cancel() });
};

/** As many chunks as it takes to know what a file is. */
const beginningOf = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> => {
  let head = new Uint8Array();
  while (head.length < longestBeginning) {
    const { done, value } = await reader.read();
    if (done) break;
    const longer = new Uint8Array(head.length + value.length);
    longer.set(head);
    longer.set(value, head.length);
    head = longer;
  }
  return head;
};

const chunksOf = async function* (
  head: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let arrived = 0;
  let isWhole = false;
  try {
    for (let chunk: Uint8Array | null = head; chunk !== null; chunk = await next(reader)) {
      arrived += chunk.length;
      if (arrived > bytes) throw new FileRefused(refusal('document_incomplete'));
      yield chunk;
    }
    if (arrived < bytes) throw new FileRefused(refusal('document_incomplete'));
    isWhole = true;
  } finally {
    if (!isWhole) await reader.cancel().catch(() => undefined);
  }
};

const next = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | null> => {
  try {
    const { done, value } = await reader.read();
    return done ? null : value;
  } catch {
    throw new FileRefused(refusal('document_incomplete'));
  }
};

/**
 * Passes chunks on into a bucket, one by one: they never lie in memory as a whole. Gives the refusal with which they
 * broke off; then the bucket has nothing of them. Throws what else went wrong.
 *
 * @param bytes how long they are together
 */
export const stored = async (
  bucket: R2Bucket,
  key: string,
  contentType: string,
  bytes: number,
  chunks: AsyncGenerator<Uint8Array>,
): Promise<Result<null, Refusal>> => {
  const { readable, writable } = new FixedLengthStream(bytes);
  const writer = writable.getWriter();
  let fault: unknown = null;
  const passAll = async (first: IteratorResult<Uint8Array>): Promise<void> => {
    try {
      for (let chunk = first; !chunk.done; chunk = await chunks.next()) await writer.write(chunk.value);
      await writer.close();
    } catch (error) {
      fault ??= error;
      await writer.abort(error).catch(() => undefined);
      throw error;
    }
  };
  try {
    // What is refused at its beginning never reaches the bucket.
    const first = await chunks.next();
    // Together: a bucket that fails while nobody reads on would let the upload wait for ever.
    await Promise.all([passAll(first), bucket.put(key, readable, { httpMetadata: { contentType } })]);
    return ok(null);
  } catch (error) {
    await Promise.allSettled([chunks.return(undefined), writer.abort(error)]);
    const why = fault ?? error;
    if (why instanceof FileRefused) return refused(why.refusal);
    throw why;
  }
};
