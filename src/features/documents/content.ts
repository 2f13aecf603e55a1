import { openedStream } from '../../files/sealed-file.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import { type DocumentRow, documentPlace } from './rows.ts';

const extensions = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' } as const;

/** A file on its way to its reader. */
interface Content {
  readonly body: ReadableStream<Uint8Array>;
  readonly headers: Record<string, string>;
}

/**
 * A document as it is downloaded, opened as it is read from the bucket; `null` when its key is destroyed or the bucket has
 * no such file. It is only ever kept: a file of a stranger is never shown by the browser under our name, whatever else
 * it may turn out to be.
 */
export const contentOf = async (env: Env, { openFor }: Sealing, row: DocumentRow): Promise<Content | null> => {
  const { id, patientId, objectKey, mediaType, bytes } = row;
  const fileKey = await openFor(patientId, documentPlace(id, 'fileKey'), row.fileKey);
  const name = await openFor(patientId, documentPlace(id, 'name'), row.name);
  if (fileKey === null || name === null) return null;
  const object = await env.DOCUMENTS.get(objectKey);
  if (object === null) return null;
  const { readable, writable } = new FixedLengthStream(bytes);
  // A file that was changed breaks off: its reader sees that it is not whole.
  openedStream(object.body, fileKey, id)
    .pipeTo(writable)
    .catch(() => undefined);
  return {
    body: readable,
    headers: {
      'content-type': mediaType,
      'content-length': String(bytes),
      'content-disposition': dispositionOf(name, extensions[mediaType]),
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  };
};

/** RFC 6266 with RFC 8187: a name of ASCII for old programs, and the name as it is. The ending is that of what it is. */
const dispositionOf = (name: string, extension: string): string => {
  const base = name.replace(/\.(pdf|jpe?g|png)$/i, '');
  const encoded = encodeURIComponent(`${base}.${extension}`).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="document.${extension}"; filename*=UTF-8''${encoded}`;
};
