import { faint, wash } from './canvas.ts';
import { contentWidth, type Flow, leading, page, type TextStyle } from './flow.ts';
import type { Line } from './typesetting.ts';

export interface Column {
  readonly title: string;
  /** Its share of the width, 1 unless said otherwise. */
  readonly width?: number;
  readonly align?: 'left' | 'right';
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** A last row that sums up. */
  readonly total?: readonly string[];
}

const size = 9;
const lineHeight = size * leading;
const padding = 4;

/**
 * Draws a table. Cells wrap; its head stands on every page that it reaches; a row stays on one page unless it is longer
 * than a page.
 */
export const drawTable = (flow: Flow, { columns, rows, total }: Table): void => {
  const shares = columns.reduce((sum, { width = 1 }) => sum + width, 0);
  let x: number = page.left;
  const places = columns.map(({ width = 1, align = 'left' }) => {
    const place = { x, width: (contentWidth * width) / shares, align };
    x += place.width;
    return place;
  });
  const cellsOf = (texts: readonly string[], style: TextStyle): Line[][] =>
    places.map(({ width }, i) => flow.lines(texts[i] ?? '', width - 2 * padding, style));

  const draw = (cells: Line[][], style: TextStyle, filled: boolean): void => {
    const count = Math.max(...cells.map(({ length }) => length));
    const height = count * lineHeight + 2 * padding;
    const top = flow.y();
    if (filled) flow.canvas().box({ x: page.left, y: top - height, width: contentWidth, height, colour: wash });
    for (const [i, lines] of cells.entries()) {
      const place = places[i];
      if (place === undefined) continue;
      for (const [n, line] of lines.entries()) {
        const free = place.width - 2 * padding - line.width * size;
        const from = place.x + padding + (place.align === 'right' ? free : 0);
        flow.line(line, from, top - padding - size - n * lineHeight, style);
      }
    }
    flow.down(height);
    const y = flow.y();
    flow.canvas().path(
      [
        [page.left, y],
        [page.width - page.right, y],
      ],
      { colour: faint, width: 0.6 },
    );
  };

  const headStyle = { size, bold: true };
  const head = cellsOf(
    columns.map(({ title }) => title),
    headStyle,
  );
  const heightOf = (cells: Line[][]): number =>
    Math.max(...cells.map(({ length }) => length)) * lineHeight + 2 * padding;
  const pageful = page.height - page.top - page.bottom - heightOf(head);

  const row = (texts: readonly string[], style: TextStyle): void => {
    let cells = cellsOf(texts, style);
    while (cells.some(({ length }) => length > 0)) {
      const whole = heightOf(cells);
      if (whole <= pageful && flow.room(whole)) draw(head, headStyle, true);
      const fitting = Math.max(1, Math.floor((flow.left() - 2 * padding) / lineHeight));
      draw(
        cells.map((lines) => lines.slice(0, fitting)),
        style,
        false,
      );
      cells = cells.map((lines) => lines.slice(fitting));
      if (cells.some(({ length }) => length > 0)) {
        flow.room(Number.POSITIVE_INFINITY);
        draw(head, headStyle, true);
      }
    }
  };

  flow.room(heightOf(head) + 2 * lineHeight);
  draw(head, headStyle, true);
  for (const texts of rows) row(texts, { size });
  if (total !== undefined) row(total, { size, bold: true });
  flow.down(8);
};
