import { type Inspector, type Walk, walking } from './walk.ts';

/** More than phones and scanners make; more would be a burden to whoever opens it. */
const maxPixels = 80_000_000;
const maxSide = 30_000;

const sizeFault = (width: number, height: number): string | null => {
  if (width === 0 || height === 0) return 'has no size';
  if (width > maxSide || height > maxSide || width * height > maxPixels) {
    return `is a picture of more than ${maxPixels / 1_000_000} million points, or of more than ${maxSide} on a side`;
  }
  return null;
};

const typeOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Bits a channel that each colour type of PNG allows (PNG 11.2.2). */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const maxChunkBytes = 2 ** 31 - 1;

/** Chunk by chunk (PNG 5.3): a header that makes sense, data, and the end, after which there is nothing. */
const pngWalk = function* (): Walk {
  yield { skip: 8 };
  let hasData = false;
  for (let isFirst = true; ; isFirst = false) {
    const head = yield { read: 8 };
    const length = view(head).getUint32(0);
    const type = typeOf(head.subarray(4));
    if (length > maxChunkBytes || !/^[A-Za-z]{4}$/.test(type)) return 'is no whole PNG';
    if (isFirst !== (type === 'IHDR')) return 'is no whole PNG';
    if (type === 'IHDR') {
      if (length !== 13) return 'is no whole PNG';
      const header = view(yield { read: 13 });
      if (!depths[header.getUint8(9)]?.includes(header.getUint8(8))) return 'is no whole PNG';
      const fault = sizeFault(header.getUint32(0), header.getUint32(4));
      if (fault !== null) return fault;
      yield { skip: 4 };
      continue;
    }
    hasData ||= type === 'IDAT' && length > 0;
    if (type === 'IEND') {
      if (length !== 0 || !hasData) return 'is no whole PNG';
      yield { skip: 4 };
      return null;
    }
    yield { skip: length + 4 };
  }
};

/** Start of a frame, of any coding (T.81 table B.1). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** Segment by segment, scan by scan (T.81 annex B), to the end of the image, after which there is nothing. */
const jpegWalk = function* (): Walk {
  yield { skip: 2 };
  let hasFrame = false;
  let hasScan = false;
  for (let marker = yield* nextMarker(); ; ) {
    if (marker === 0xd9) return hasScan ? null : 'is no whole JPEG';
    // Without a length, or of pictures made of several pictures, whose size nothing here could tell.
    if (
      marker < 0xc0 ||
      marker === 0xd8 ||
      isRestart(marker) ||
      marker === 0xdc ||
      marker === 0xde ||
      marker === 0xdf
    ) {
      return 'is no JPEG that can be looked into';
    }
    const length = view(yield { read: 2 }).getUint16(0) - 2;
    if (length < 0) return 'is no whole JPEG';
    if (isFrame(marker)) {
      if (hasFrame || length < 6) return 'is no JPEG that can be looked into';
      const frame = view(yield { read: 6 });
      const fault = sizeFault(frame.getUint16(3), frame.getUint16(1));
      if (fault !== null) return fault;
      hasFrame = true;
      yield { skip: length - 6 };
      marker = yield* nextMarker();
      continue;
    }
    yield { skip: length };
    if (marker !== 0xda) {
      marker = yield* nextMarker();
      continue;
    }
    if (!hasFrame) return 'is no whole JPEG';
    hasScan = true;
    marker = yield* afterScan();
  }
};

/** The marker that stands here; 0 when there is none. Any number of 0xff may come before it. */
const nextMarker = function* (): Generator<{ read: number }, number, Uint8Array> {
  if ((yield { read: 1 })[0] !== 0xff) return 0;
  let [marker = 0] = yield { read: 1 };
  while (marker === 0xff) [marker = 0] = yield { read: 1 };
  return marker;
};

/** The marker that ends the coded data of a scan. In it a 0xff is followed by 0, or is that of a restart. */
const afterScan = function* (): Generator<{ read: number } | { after: number }, number, Uint8Array> {
  for (;;) {
    yield { after: 0xff };
    let [marker = 0] = yield { read: 1 };
    while (marker === 0xff) [marker = 0] = yield { read: 1 };
    if (marker !== 0 && !isRestart(marker)) return marker;
  }
};

/** Looks at a PNG as it goes by. */
export const pngInspector = (): Inspector => walking(pngWalk());

/** Looks at a JPEG as it goes by. */
export const jpegInspector = (): Inspector => walking(jpegWalk());
