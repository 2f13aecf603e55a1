import { refusal } from '../domain/refusal.ts';
import { FileRefused } from './arriving.ts';
import { crcOfZeros } from './crc.ts';
import { type Bytes, bytesOf } from './pull.ts';

/** Says how large a picture is before anything of it has gone by; throws to refuse it. */
export type SizeCheck = (width: number, height: number) => void;

const wrong = (message: string): FileRefused =>
  new FileRefused(refusal('unsafe_document', undefined, { errors: [{ path: 'file', message }] }));

/**
 * A picture without what it says besides: where and by what it was taken, comments, thumbnails, further pictures. As long
 * as it was, because every such part is filled with zeros where it stands, so that nothing has to be held back or
 * measured anew. Of Exif the orientation stays: without it a phone's picture would lie on its side. Throws
 * {@link FileRefused} for what is no picture that can be walked through.
 */
export const stripped = (
  chunks: AsyncIterable<Uint8Array>,
  mediaType: 'image/jpeg' | 'image/png',
  check: SizeCheck,
): AsyncGenerator<Uint8Array> => {
  const bytes = bytesOf(chunks, () => wrong('ends before it is whole'));
  return mediaType === 'image/png' ? strippedPng(bytes, check) : strippedJpeg(bytes, check);
};

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const begins = (bytes: Uint8Array, text: string): boolean => ascii(text).every((byte, i) => bytes[i] === byte);
const zerosAtOnce = 16_384;

const zeros = function* (length: number): Generator<Uint8Array> {
  for (let left = length; left > 0; left -= zerosAtOnce) yield new Uint8Array(Math.min(left, zerosAtOnce));
};

/** What a picture needs to look as it does (PNG 11.3); everything else is words, times, or another picture. */
const kept = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'pHYs', 'iCCP', 'bKGD']);
/** Ancillary, private, safe to copy (PNG 5.4): readers pass it over. */
const filler = 'zzZz';

const strippedPng = async function* (bytes: Bytes, check: SizeCheck): AsyncGenerator<Uint8Array> {
  yield await bytes.take(8);
  for (;;) {
    const head = await bytes.take(8);
    const length = view(head).getUint32(0);
    const type = String.fromCharCode(...head.subarray(4));
    if (type === 'IHDR' && length === 13) {
      const header = await bytes.take(13);
      check(view(header).getUint32(0), view(header).getUint32(4));
      yield head;
      yield header;
      yield* bytes.pass(4);
    } else if (kept.has(type)) {
      yield head;
      yield* bytes.pass(length + 4);
    } else {
      head.set(ascii(filler), 4);
      yield head;
      yield* zeros(length);
      const sum = new Uint8Array(4);
      view(sum).setUint32(0, crcOfZeros(ascii(filler), length));
      yield sum;
      await bytes.skip(length + 4);
    }
    if (type === 'IEND') return yield* bytes.rest();
  }
};

const comment = 0xfe;
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

const strippedJpeg = async function* (bytes: Bytes, check: SizeCheck): AsyncGenerator<Uint8Array> {
  yield await bytes.take(2);
  for (let marker = await markerOf(bytes); ; ) {
    if (marker === 0xd9) {
      yield new Uint8Array([0xff, marker]);
      return yield* bytes.rest();
    }
    if (marker < 0xc0 || marker === 0xd8 || marker === 0xff || isRestart(marker))
      throw wrong('is no JPEG that can be looked into');
    const size = await bytes.take(2);
    const length = view(size).getUint16(0) - 2;
    if (length < 0) throw wrong('is no whole JPEG');
    const body = await bytes.take(length);
    if (isFrame(marker)) {
      if (length < 6) throw wrong('is no whole JPEG');
      check(view(body).getUint16(3), view(body).getUint16(1));
    }
    const [kind, shown] = isApplication(marker) ? withoutWords(marker, body) : [marker, body];
    yield new Uint8Array([0xff, kind, ...size]);
    yield shown;
    if (marker === 0xda) marker = yield* bytes.untilMarker((next) => next === 0 || isRestart(next));
    else marker = await markerOf(bytes);
  }
};

const markerOf = async (bytes: Bytes): Promise<number> => {
  if ((await bytes.take(1))[0] !== 0xff) throw wrong('is no whole JPEG');
  for (;;) {
    const [marker = 0] = await bytes.take(1);
    // Any number of these may come before it; one is enough, and the file must stay as long as it was.
    if (marker !== 0xff) return marker;
    throw wrong('is no JPEG that can be looked into');
  }
};

const isApplication = (marker: number): boolean => (marker >= 0xe0 && marker <= 0xef) || marker === comment;

/** What a part that is an application's own, or a comment, becomes: its marker and its bytes. */
const withoutWords = (marker: number, body: Uint8Array): readonly [number, Uint8Array] => {
  const bare = new Uint8Array(body.length);
  // Colours: how they are to be read.
  if (marker === 0xee && begins(body, 'Adobe')) return [marker, body];
  if (marker === 0xe2 && begins(body, 'ICC_PROFILE\0')) return [marker, body];
  if (marker === 0xe0 && begins(body, 'JFIF\0') && body.length >= 14) {
    // Without its thumbnail, which is of the picture before somebody cut it.
    bare.set(body.subarray(0, 12));
    return [marker, bare];
  }
  const orientation = marker === 0xe1 && begins(body, 'Exif\0\0') ? orientationIn(body.subarray(6)) : null;
  if (orientation === null || body.length < exifBytes) return [comment, bare];
  bare.set(exifOf(orientation));
  return [marker, bare];
};

/** What stands in the tag Orientation of the first directory (TIFF 6.0, tag 274); `null` without one from 1 to 8. */
const orientationIn = (tiff: Uint8Array): number | null => {
  const isLittle = begins(tiff, 'II*\0');
  if (tiff.length < 8 || !(isLittle || begins(tiff, 'MM\0*'))) return null;
  const data = view(tiff);
  const at = data.getUint32(4, isLittle);
  if (at + 2 > tiff.length) return null;
  for (let i = 0; i < data.getUint16(at, isLittle); i += 1) {
    const entry = at + 2 + 12 * i;
    if (entry + 12 > tiff.length) return null;
    if (data.getUint16(entry, isLittle) !== 0x0112) continue;
    const value = data.getUint16(entry + 8, isLittle);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
};

const exifBytes = 32;
/** Exif that says how the picture is to be turned, and nothing else. */
const exifOf = (orientation: number): Uint8Array =>
  new Uint8Array([
    ...ascii('Exif\0\0MM\0*'),
    ...[0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ]);
