import { PDFDocument, PDFName } from '@cantoo/pdf-lib';
import encodeQR from 'qr';
import { accent, faint, ink, muted } from './canvas.ts';
import { type Chart, drawBars, drawCurves } from './chart.ts';
import { embedFonts, type Used } from './embedding.ts';
import { contentWidth, flow, leading, page, type TextStyle } from './flow.ts';
import type { Fonts } from './fonts.ts';
import { drawTable, type Table } from './table.ts';
import { drawTiles, type Tile } from './tiles.ts';

export interface PdfOptions {
  readonly title: string;
  /** BCP 47, as readers that speak need it. */
  readonly language: string;
  /** What stands at the foot of each page; the title unless said otherwise. */
  readonly foot?: string;
  /** When it was made. */
  readonly atMs: number;
}

/** A document of A4 pages that is written from top to bottom. Text may be anything; what no font has shows as a sign. */
export interface Pdf {
  /** Whose paper it is: a name and lines below it, and lines on the right, over a rule. */
  readonly letterhead: (of: {
    readonly name: string;
    readonly lines?: readonly string[];
    readonly aside?: readonly string[];
  }) => void;
  /** A title (1) or the head of a section (2). It stays with what follows. */
  readonly heading: (text: string, level?: 1 | 2) => void;
  readonly paragraph: (text: string, style?: Omit<TextStyle, 'colour'> & { readonly quiet?: boolean }) => void;
  /** What is what: labels on the left, values on the right. */
  readonly facts: (pairs: readonly (readonly [label: string, value: string])[]) => void;
  readonly table: (table: Table) => void;
  /** Figures to be seen first, three in a row. */
  readonly tiles: (tiles: readonly Tile[]) => void;
  readonly bars: (chart: Chart) => void;
  readonly curves: (chart: Chart) => void;
  /** A QR code, with lines beside it of which the first is bold. */
  readonly qr: (text: string, beside?: readonly string[]) => void;
  readonly rule: () => void;
  readonly space: (points: number) => void;
  /** The file. Nothing can be added afterwards. */
  readonly bytes: () => Promise<Uint8Array>;
}

const labelWidth = 150;
const qrSide = 124;
/** The white that a scanner looks for round a code (ISO/IEC 18004, 9.1). */
const quietModules = 4;

const write = async (contents: readonly string[], used: Used, options: PdfOptions): Promise<Uint8Array> => {
  const document = await PDFDocument.create({ updateMetadata: false });
  const at = new Date(options.atMs);
  document.setTitle(options.title, { showInWindowTitleBar: true });
  document.setLanguage(options.language);
  document.setCreator('Daybook');
  document.setProducer('Daybook');
  document.setCreationDate(at);
  document.setModificationDate(at);
  const fonts = embedFonts(document, used);
  for (const content of contents) {
    const { node } = document.addPage([page.width, page.height]);
    node.set(PDFName.of('Contents'), document.context.register(document.context.flateStream(content)));
    node.set(PDFName.of('Resources'), document.context.obj({ Font: fonts }));
  }
  return document.save();
};

/** Begins a document in fonts that are loaded. */
export const documentIn = (fonts: Fonts, options: PdfOptions): Pdf => {
  const used: Used = new Map();
  const pages = flow(fonts, used);
  const right = page.width - page.right;

  const rule = (): void => {
    pages.canvas().path(
      [
        [page.left, pages.y()],
        [right, pages.y()],
      ],
      { colour: faint, width: 0.8 },
    );
    pages.down(10);
  };

  return {
    letterhead: ({ name, lines = [], aside = [] }) => {
      const top = pages.y();
      const wide = contentWidth * (aside.length > 0 ? 0.6 : 1);
      pages.write(pages.lines(name, wide, { size: 15, bold: true }), page.left, {
        size: 15,
        bold: true,
        colour: accent,
      });
      for (const line of lines)
        pages.write(pages.lines(line, wide, { size: 9 }), page.left, { size: 9, colour: muted });
      const below = pages.y();
      let y = top - 15;
      for (const [i, line] of aside.entries()) {
        const style: TextStyle = { size: 9, bold: i === 0, colour: i === 0 ? ink : muted };
        for (const one of pages.lines(line, contentWidth * 0.38, style)) {
          pages.line(one, right - one.width * 9, y, style);
          y -= 9 * leading;
        }
      }
      pages.down(Math.max(0, below - y - 4) + 6);
      rule();
      pages.down(6);
    },
    heading: (text, level = 1) => {
      const size = level === 1 ? 17 : 12;
      pages.room(size * leading * 2 + 40);
      if (level === 2) pages.down(8);
      pages.write(pages.lines(text, contentWidth, { size, bold: true }), page.left, { size, bold: true });
      pages.down(level === 1 ? 8 : 3);
    },
    paragraph: (text, { quiet = false, ...style } = {}) => {
      const full: TextStyle = { size: 10, ...style, colour: quiet ? muted : ink };
      pages.write(pages.lines(text, contentWidth, full), page.left, full);
      pages.down(5);
    },
    facts: (pairs) => {
      for (const [label, value] of pairs) {
        const named = pages.lines(label, labelWidth - 8, { size: 9 });
        const said = pages.lines(value, contentWidth - labelWidth);
        pages.room(Math.min(Math.max(named.length, said.length), 20) * 10 * leading);
        const top = pages.y();
        for (const [i, line] of named.entries())
          pages.line(line, page.left, top - 10 - i * 9 * leading, { size: 9, colour: muted });
        pages.write(said, page.left + labelWidth);
        const needed = named.length * 9 * leading;
        if (top > pages.y() && top - pages.y() < needed) pages.down(needed - (top - pages.y()));
      }
      pages.down(6);
    },
    table: (table) => drawTable(pages, table),
    tiles: (tiles) => drawTiles(pages, tiles),
    bars: (chart) => drawBars(pages, chart),
    curves: (chart) => drawCurves(pages, chart),
    qr: (text, beside = []) => {
      const modules = encodeQR(text, 'raw', { ecc: 'medium', border: quietModules });
      pages.room(qrSide + 16);
      const top = pages.y() - 4;
      const side = qrSide / modules.length;
      for (const [row, cells] of modules.entries()) {
        // Neighbours are one box, so that no printer draws a seam between them.
        for (let from = 0; from < cells.length; from += 1) {
          if (!cells[from]) continue;
          let to = from;
          while (cells[to + 1]) to += 1;
          const y = top - (row + 1) * side;
          const width = (to - from + 1) * side;
          pages.canvas().box({ x: page.left + from * side, y, width, height: side, colour: [0, 0, 0] });
          from = to;
        }
      }
      const x = page.left + qrSide + 18;
      let y = top - 12;
      for (const [i, said] of beside.entries()) {
        const style: TextStyle = { size: i === 0 ? 11 : 9, bold: i === 0, colour: i === 0 ? ink : muted };
        for (const line of pages.lines(said, right - x, style)) {
          pages.line(line, x, y, style);
          y -= (style.size ?? 9) * leading;
        }
      }
      pages.down(Math.max(qrSide, top - y) + 16);
    },
    rule,
    space: (points) => pages.down(points),
    bytes: () => write(pages.finish(options.foot ?? options.title), used, options),
  };
};
