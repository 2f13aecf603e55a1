import { decodePDFRawStream, PDFDict, PDFDocument, PDFHexString, PDFName, PDFRawStream } from '@cantoo/pdf-lib';
import decodeQR from 'qr/decode.js';

/** A PDF as its reader sees it. */
export interface ReadPdf {
  readonly title: string | undefined;
  readonly language: string | undefined;
  readonly pages: number;
  /** What stands on each page, a space between its words. */
  readonly text: readonly string[];
  /** What the black boxes of the document's last QR code say. */
  readonly qr: () => string;
  /** Everything that a reader could be made to do by opening it. */
  readonly active: readonly string[];
}

const latin1 = new TextDecoder('latin1');
const decoded = (stream: unknown): string =>
  stream instanceof PDFRawStream ? latin1.decode(decodePDFRawStream(stream).decode()) : '';
const utf16 = (hex: string): string =>
  String.fromCharCode(...(hex.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));

/** What the glyphs of each font mean, by the fonts' names. */
const meaningsOf = (fonts: PDFDict): Map<string, Map<string, string>> =>
  new Map(
    fonts.keys().map((name) => {
      const map = decoded(fonts.lookup(name, PDFDict).lookup(PDFName.of('ToUnicode')));
      const lines = [...map.matchAll(/^<(\w{4})> <(\w+)>$/gm)];
      return [name.asString(), new Map(lines.map(([, glyph = '', text = '']) => [glyph, utf16(text)]))];
    }),
  );

const textOf = (content: string, meanings: ReadonlyMap<string, ReadonlyMap<string, string>>): string =>
  [...content.matchAll(/(?:ActualText <(\w+)>>> BDC\n)?BT (\/F\d+)[\s\S]*?\nET/g)]
    .map(([block, said, font = '']) =>
      said === undefined
        ? [...block.matchAll(/<(\w{4})>/g)].map(([, glyph = '']) => meanings.get(font)?.get(glyph) ?? '?').join('')
        : PDFHexString.of(said).decodeText(),
    )
    .join(' ');

/** Draws the black boxes of a page, three pixels to a module, and scans them. */
const scan = (content: string): string => {
  const boxes = [...content.matchAll(/^0 0 0 rg ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f$/gm)].map(([, ...numbers]) =>
    numbers.map(Number),
  );
  const module = Math.min(...boxes.map(([, , , height = 0]) => height));
  const scale = 3 / module;
  const left = Math.min(...boxes.map(([x = 0]) => x));
  const top = Math.max(...boxes.map(([, y = 0, , height = 0]) => y + height));
  const quiet = 12;
  const side = Math.round(Math.max(...boxes.map(([x = 0, , width = 0]) => x + width - left)) * scale) + 2 * quiet;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [x = 0, y = 0, width = 0, height = 0] of boxes) {
    const from = Math.round((x - left) * scale) + quiet;
    const above = Math.round((top - y - height) * scale) + quiet;
    for (let row = above; row < above + 3; row += 1)
      for (let column = from; column < from + Math.round(width * scale); column += 1)
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
  }
  return decodeQR({ width: side, height: side, data });
};

/** Reads a PDF that `src/pdf` made. */
export const readPdf = async (bytes: Uint8Array): Promise<ReadPdf> => {
  const document = await PDFDocument.load(bytes, { updateMetadata: false });
  const contents = document.getPages().map(({ node }) => decoded(node.lookup(PDFName.of('Contents'))));
  const fonts = document.getPage(0).node.lookup(PDFName.of('Resources'), PDFDict).lookup(PDFName.of('Font'), PDFDict);
  const meanings = meaningsOf(fonts);
  const language = document.catalog.get(PDFName.of('Lang'));
  const names = document.context
    .enumerateIndirectObjects()
    .flatMap(([, object]) => (object instanceof PDFDict ? object.keys().map((key) => key.asString()) : []));
  return {
    title: document.getTitle(),
    language: language === undefined ? undefined : (language as PDFHexString).decodeText(),
    pages: contents.length,
    text: contents.map((content) => textOf(content, meanings)),
    qr: () => scan(contents.findLast((content) => content.includes('\n0 0 0 rg')) ?? ''),
    active: names.filter((name) => ['/JS', '/JavaScript', '/OpenAction', '/AA', '/EmbeddedFiles'].includes(name)),
  };
};
