import { refusal } from '../domain/refusal.ts';
import { FileRefused, type MediaType } from './arriving.ts';
import type { Block } from './blocks.ts';
import { jpegInspector, pngInspector } from './images.ts';
import { pdfInspector } from './pdf.ts';
import type { Inspector } from './walk.ts';

const inspectors: Readonly<Record<MediaType, () => Inspector>> = {
  'application/pdf': pdfInspector,
  'image/jpeg': jpegInspector,
  'image/png': pngInspector,
};

/** Programs that unpack look for the end of an archive in so many bytes from the end of a file (APPNOTE.TXT 4.3.16). */
const archiveTailBytes = 65_557;
/** How that end begins: its signature, and the numbers of the only disk. By chance it stands in one file of 2^47. */
const archiveEnd = [0x50, 0x4b, 0x05, 0x06, 0, 0, 0, 0];

/** Looks for the end of an archive in the last part of a file of so many bytes. */
const archiveInspector = (bytes: number): Inspector => {
  let before = 0;
  let carried = new Uint8Array();
  return {
    take: (block) => {
      const from = before;
      before += block.length;
      if (before < bytes - archiveTailBytes) return null;
      const text = new Uint8Array(carried.length + block.length);
      text.set(carried);
      text.set(block, carried.length);
      const start = from - carried.length;
      carried = text.slice(-archiveEnd.length + 1);
      for (let at = text.indexOf(0x50); at >= 0; at = text.indexOf(0x50, at + 1)) {
        if (start + at < bytes - archiveTailBytes) continue;
        if (archiveEnd.every((byte, i) => text[at + i] === byte)) return 'is an archive as well';
      }
      return null;
    },
  };
};

/**
 * Lets the blocks of a file by, and looks at each: it throws {@link FileRefused} with `unsafe_document` as soon as it is
 * known that the file is not taken, and at the last block before that has gone by.
 */
export const inspected = async function* (
  blocks: AsyncIterable<Block>,
  mediaType: MediaType,
  bytes: number,
): AsyncGenerator<Block> {
  const all = [inspectors[mediaType](), archiveInspector(bytes)];
  for await (const block of blocks) {
    for (const inspector of all) {
      const message = await inspector.take(block.bytes, block.isLast);
      if (message !== null) {
        throw new FileRefused(refusal('unsafe_document', undefined, { errors: [{ path: 'file', message }] }));
      }
    }
    yield block;
  }
};
