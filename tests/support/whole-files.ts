import { call } from './api.ts';

const utf8 = new TextEncoder();
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const big = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => (value / 256 ** (size - 1 - i)) & 255);

/** Parts of a file, one after the other. */
export const joined = (...parts: (Uint8Array | readonly number[] | string)[]): Uint8Array<ArrayBuffer> => {
  const all = parts.map((part) => (typeof part === 'string' ? bytesOf(part) : Uint8Array.from(part)));
  const whole = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Packed by deflate (RFC 1950). */
export const deflated = async (
  bytes: Uint8Array<ArrayBuffer>,
  format: 'deflate' | 'deflate-raw' = 'deflate',
): Promise<Uint8Array> =>
  new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer(),
  );

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const chunk = (type: string, data: Uint8Array | readonly number[] = []) =>
  joined(big(data.length, 4), type, data, [0, 0, 0, 0]);

/** A PNG of some size, with other chunks before its end. */
export const png = (width = 2, height = 2, ...more: Uint8Array[]): Uint8Array<ArrayBuffer> =>
  joined(
    pngSignature,
    chunk('IHDR', [...big(width, 4), ...big(height, 4), 8, 2, 0, 0, 0]),
    chunk('tEXt', utf8.encode(crypto.randomUUID())),
    ...more,
    chunk('IDAT', [1, 2, 3]),
    chunk('IEND'),
  );
/** A part of a PNG. */
export const pngChunk = chunk;

/** A JPEG of some size: progressive, in two scans with restarts and stuffed bytes. */
export const jpeg = (width = 16, height = 16): Uint8Array<ArrayBuffer> => {
  const segment = (marker: number, data: readonly number[]) => [0xff, marker, ...big(data.length + 2, 2), ...data];
  const scan = [...segment(0xda, [1, 1, 0, 0, 63, 0]), 7, 0xff, 0, 9, 0xff, 0xd0, 8, 0xff, 0];
  return joined(
    [0xff, 0xd8],
    segment(0xe0, [...utf8.encode(`JFIF ${crypto.randomUUID()}`)]),
    segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    segment(0xc2, [8, ...big(height, 2), ...big(width, 2), 1, 1, 0x11, 0]),
    scan,
    segment(0xc4, [0, 1]),
    scan,
    [0xff, 0xff, 0xd9],
  );
};

/** A PDF with some objects in it. */
export const pdf = (...objects: (Uint8Array | string)[]): Uint8Array<ArrayBuffer> =>
  joined(
    `%PDF-1.7\n%\xe2\xe3\xcf\xd3\n% ${crypto.randomUUID()}\n`,
    ...objects.flatMap((object, i) => [`${i + 1} 0 obj\n`, object, '\nendobj\n']),
    'trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n9\n%%EOF\n',
  );
/** The first object of a PDF; it opens at a place, which is no action. */
export const catalog = '<< /Type /Catalog /Pages 2 0 R /OpenAction [3 0 R /Fit] >>';

/** An object stream (ISO 32000-2 7.5.7) as it stands in a file. */
export const objectStream = async (
  content: string | Uint8Array<ArrayBuffer>,
  dictionary = '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode',
): Promise<Uint8Array> => {
  const packed = await deflated(joined(content));
  return joined(`<< ${dictionary} /Length ${packed.length} >>\nstream\r\n`, packed, '\nendstream');
};

/** The end of an archive (APPNOTE.TXT 4.3.16). */
export const archiveEnd = joined(
  'PK\x05\x06',
  Array.from({ length: 18 }, () => 0),
);

/** What a file is sent as. */
export const typeOf = (bytes: Uint8Array): string => {
  if (bytes[0] === 0x89) return 'image/png';
  return bytes[0] === 0xff ? 'image/jpeg' : 'application/pdf';
};

/** Sends a file of a patient, as a browser does. */
export const sends = async (
  as: { readonly id: string; readonly token: string } | null,
  bytes: BodyInit,
  { type, length, patientId = as?.id ?? '' }: { type: string; length: number | null; patientId?: string },
) => {
  const headers = new Headers({ 'content-type': type });
  if (as !== null) headers.set('authorization', `Bearer ${as.token}`);
  if (length !== null) headers.set('content-length', String(length));
  const response = await call(`/patients/${patientId}/documents`, { method: 'POST', headers, body: bytes });
  // biome-ignore lint/suspicious/noExplicitAny: the point of a story is to read any answer.
  return { status: response.status, body: await response.json<any>() };
};

/** Sends a file of somebody that is whole. */
export const sendsFile = (as: { readonly id: string; readonly token: string }, bytes: Uint8Array<ArrayBuffer>) =>
  sends(as, bytes, { type: typeOf(bytes), length: bytes.length });
