import { type PDFDocument, PDFHexString, PDFName, type PDFRef, PDFString } from '@cantoo/pdf-lib';
import type { Face } from './harfbuzz.ts';
import type { Run } from './typesetting.ts';

/** What a document has used of a font: each glyph, and the text that it stands for. */
export type Used = Map<Face, Map<number, string>>;

/** How many lines a `bfchar` block of a CMap may have. */
const blockLines = 100;
const perEm = 1000;

/** UTF-16BE in hexadecimal. */
const utf16Hex = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join('');

export const glyphHex = (glyph: number): string => glyph.toString(16).padStart(4, '0');

/**
 * Notes the glyphs of a run and what they mean. A cluster of one glyph means its text; in others, a glyph means the
 * character that it shows by itself, and the first that shows none means what is left.
 */
export const noteRun = (used: Used, { face, text, glyphs }: Run): void => {
  const known = used.get(face) ?? new Map<number, string>();
  used.set(face, known);
  const starts = [...new Set(glyphs.map(({ cluster }) => cluster))].sort((a, b) => a - b);
  for (const [i, start] of starts.entries()) {
    const meant = text.slice(start, starts[i + 1]);
    const group = glyphs.filter(({ cluster }) => cluster === start).map(({ id }) => id);
    const byThemselves = new Map([...meant].map((letter) => [face.glyphOf(letter.codePointAt(0) ?? 0), letter]));
    let rest = [...meant].filter((letter) => !group.includes(face.glyphOf(letter.codePointAt(0) ?? 0))).join('');
    for (const id of group) {
      const own = group.length === 1 ? meant : (byThemselves.get(id) ?? rest);
      if (group.length > 1 && !byThemselves.has(id)) rest = '';
      if (!known.has(id)) known.set(id, own);
    }
  }
};

const unicodeMap = (meanings: ReadonlyMap<number, string>): string => {
  const lines = [...meanings]
    .filter(([, text]) => text !== '')
    .map(([glyph, text]) => `<${glyphHex(glyph)}> <${utf16Hex(text)}>`);
  const blocks = Array.from({ length: Math.ceil(lines.length / blockLines) }, (_, i) =>
    lines.slice(i * blockLines, (i + 1) * blockLines),
  );
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange <0000> <ffff> endcodespacerange',
    ...blocks.map((block) => `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`),
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n');
};

/** Where a table begins in a TrueType font. */
const tableAt = (view: DataView, name: string): number => {
  const tables = view.getUint16(4);
  for (let i = 0; i < tables; i += 1) {
    const at = 12 + i * 16;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((letter) => view.getUint8(at + letter)));
    if (tag === name) return view.getUint32(at + 8);
  }
  throw new Error(`a font without ${name}`);
};

const measuresOf = (font: Uint8Array, unitsPerEm: number) => {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const head = tableAt(view, 'head');
  const hhea = tableAt(view, 'hhea');
  const scaled = (at: number): number => Math.round((view.getInt16(at) * perEm) / unitsPerEm);
  return {
    FontBBox: [36, 38, 40, 42].map((offset) => scaled(head + offset)),
    Ascent: scaled(hhea + 4),
    Descent: scaled(hhea + 6),
  };
};

/** Writes what was used of a font into the document: a subset as a composite font (ISO 32000-1, 9.7). */
const embed = (document: PDFDocument, face: Face, meanings: ReadonlyMap<number, string>, number: number): PDFRef => {
  const { context } = document;
  const glyphs = [...meanings.keys()].sort((a, b) => a - b);
  const name = `${'DAYBK'}${String.fromCharCode(65 + number)}+${face.name}`;
  const small = face.subset(glyphs);
  const descriptor = context.obj({
    Type: 'FontDescriptor',
    FontName: name,
    Flags: 4,
    ItalicAngle: 0,
    CapHeight: 714,
    StemV: 80,
    ...measuresOf(face.font, face.unitsPerEm),
    FontFile2: context.register(context.flateStream(small, { Length1: small.byteLength })),
  });
  const system = { Registry: PDFString.of('Adobe'), Ordering: PDFString.of('Identity'), Supplement: 0 };
  const descendant = context.obj({
    Type: 'Font',
    Subtype: 'CIDFontType2',
    BaseFont: name,
    CIDSystemInfo: system,
    FontDescriptor: context.register(descriptor),
    DW: 0,
    W: glyphs.flatMap((glyph) => [glyph, [Math.round((face.widthOf(glyph) * perEm) / face.unitsPerEm)]]),
    CIDToGIDMap: 'Identity',
  });
  return context.register(
    context.obj({
      Type: 'Font',
      Subtype: 'Type0',
      BaseFont: name,
      Encoding: 'Identity-H',
      DescendantFonts: [context.register(descendant)],
      ToUnicode: context.register(context.flateStream(unicodeMap(meanings))),
    }),
  );
};

/** What the fonts of a document are called on its pages: F0, F1 and so on, in the order of their first use. */
export const fontName = (used: Used, face: Face): string => {
  if (!used.has(face)) used.set(face, new Map());
  return `F${[...used.keys()].indexOf(face)}`;
};

/** Embeds all fonts that were used; the dictionary names them for the pages. */
export const embedFonts = (document: PDFDocument, used: Used): PDFRef => {
  const dictionary = document.context.obj({});
  for (const [i, [face, meanings]] of [...used].entries())
    dictionary.set(PDFName.of(`F${i}`), embed(document, face, meanings, i));
  return document.context.register(dictionary);
};

/** A PDF text string (ISO 32000-1, 7.9.2.2) for a content stream. */
export const textString = (text: string): string => PDFHexString.fromText(text).toString();
