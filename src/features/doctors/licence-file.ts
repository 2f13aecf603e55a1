import type { Refusal } from '../../domain/refusal.ts';
import { ok, type Result } from '../../domain/result.ts';
import {
  type Arriving as ArrivingFile,
  arriving as arrivingFile,
  type MediaType,
  stored,
} from '../../files/arriving.ts';

/** 10 MB: what a phone's photograph or a scanned page needs, several times over. */
export const maxFileBytes = 10_000_000;

/** A licence document that has begun to arrive. */
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
  const begun = await arrivingFile(request, { bytes: maxFileBytes, code: 'document_too_large' });
  if (!begun.ok) return begun;
  const { mediaType, bytes, drop } = begun.value;
  return ok({ mediaType, bytes, drop, into: (bucket, key) => stream(begun.value, bucket, key) });
};

/** Passes the file on chunk by chunk, to the bucket and to the digest. */
const stream = async (file: ArrivingFile, bucket: R2Bucket, key: string): Promise<Result<string, Refusal>> => {
  const digest = new crypto.DigestStream('SHA-256');
  // An upload that breaks off takes its digest with it, which nobody will ask for.
  digest.digest.catch(() => undefined);
  const writer = digest.getWriter();
  const passing = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.chunks()) {
      await writer.write(chunk);
      yield chunk;
    }
    await writer.close();
  };
  const sent = await stored(bucket, key, file.mediaType, file.bytes, passing());
  if (!sent.ok) {
    await writer.abort(sent.refusal.code).catch(() => undefined);
    return sent;
  }
  const sum = new Uint8Array(await digest.digest);
  return ok(Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join(''));
};
