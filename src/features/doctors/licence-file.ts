import { type Refusal, refusal } from '../../domain/refusal.ts';
import { ok, type Result, refused } from '../../domain/result.ts';

/** What a licence document may be. */
export type MediaType = 'application/pdf' | 'image/jpeg' | 'image/png';

/** 10 MB: what a phone's photograph or a scanned page needs, several times over. */
export const maxFileBytes = 10_000_000;

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

/** A file that has begun to arrive. */
export interface Arriving {
  readonly mediaType: MediaType;
  readonly bytes: number;
  /** Lets it go on into a bucket and gives its SHA-256, in hexadecimal; refuses a file that breaks off. */
  into(bucket: R2Bucket, key: string): Promise<Result<string, Refusal>>;
  /** Lets it go. */
  drop(): Promise<void>;
}

/**
 * Reads the beginning of an upload. Refuses with `length_required`, `document_too_large`, and `unsupported_document`
 * when the bytes are none of the kinds allowed, or of another than the request says.
 */
export const arriving = async (request: Request): Promise<Result<Arriving, Refusal>> => {
  const said = request.headers.get('content-length') ?? '';
  if (!/^\d{1,15}$/.test(said)) return refused(refusal('length_required'));
  const bytes = Number(said);
  if (bytes > maxFileBytes) return refused(refusal('document_too_large'));
  const reader = request.body?.getReader();
  if (reader === undefined) return refused(refusal('unsupported_document'));
  const head = await beginningOf(reader);
  const mediaType = mediaTypeOf(head);
  const declared = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType === null || mediaType !== declared) {
    await reader.cancel();
    return refused(refusal('unsupported_document'));
  }
  return ok({
    mediaType,
    bytes,
    into: (bucket, key) => stream(head, reader, { bucket, key, mediaType, bytes }),
    drop: () => reader.cancel(),
  });
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

interface Place {
  readonly bucket: R2Bucket;
  readonly key: string;
  readonly mediaType: MediaType;
  readonly bytes: number;
}

/** Passes the file on chunk by chunk, to the bucket and to the digest: it never lies in memory as a whole. */
const stream = async (
  head: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { bucket, key, mediaType, bytes }: Place,
): Promise<Result<string, Refusal>> => {
  const { readable, writable } = new FixedLengthStream(bytes);
  const digest = new crypto.DigestStream('SHA-256');
  // An upload that breaks off takes its digest with it, which nobody will ask for.
  digest.digest.catch(() => undefined);
  const sinks = [writable.getWriter(), digest.getWriter()];
  let arrived = 0;
  let broke = false;
  const pass = async (chunk: Uint8Array): Promise<void> => {
    arrived += chunk.length;
    broke = arrived > bytes;
    if (broke) throw new Error('longer than it said');
    await Promise.all(sinks.map((sink) => sink.write(chunk)));
  };
  const next = async (): Promise<Uint8Array | null> => {
    const { done, value } = await reader.read().catch((error: unknown) => {
      broke = true;
      throw error;
    });
    if (!done) return value;
    broke = arrived < bytes;
    if (broke) throw new Error('shorter than it said');
    return null;
  };
  const passAll = async (): Promise<void> => {
    for (let chunk: Uint8Array | null = head; chunk !== null; chunk = await next()) await pass(chunk);
    await Promise.all(sinks.map((sink) => sink.close()));
  };
  try {
    // Together: a bucket that fails while nobody reads on would let the upload wait for ever.
    await Promise.all([passAll(), bucket.put(key, readable, { httpMetadata: { contentType: mediaType } })]);
  } catch (error) {
    await Promise.allSettled([reader.cancel(), ...sinks.map((sink) => sink.abort(error))]);
    if (!broke) throw error;
    return refused(refusal('document_incomplete'));
  }
  const sum = new Uint8Array(await digest.digest);
  return ok(Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join(''));
};
