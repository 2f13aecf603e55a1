import { accent, muted, wash } from './canvas.ts';
import { contentWidth, type Flow, page } from './flow.ts';

/** A figure that is to be seen first. */
export interface Tile {
  readonly label: string;
  readonly value: string;
  /** How it compares, in a few words. */
  readonly note?: string;
}

const gap = 8;
const height = 62;
const padding = 9;
const largest = 17;
const smallest = 8;

/** Draws figures side by side, `columns` in a row; a value shrinks until it fits on its tile. */
export const drawTiles = (flow: Flow, tiles: readonly Tile[], columns = 3): void => {
  const width = (contentWidth - gap * (columns - 1)) / columns;
  for (let row = 0; row * columns < tiles.length; row += 1) {
    flow.room(height + gap);
    const top = flow.y();
    for (const [i, { label, value, note = '' }] of tiles.slice(row * columns, (row + 1) * columns).entries()) {
      const left = page.left + i * (width + gap);
      flow.canvas().box({ x: left, y: top - height, width, height, colour: wash });
      flow.canvas().box({ x: left, y: top - height, width: 2.5, height, colour: accent });
      const inner = width - 2 * padding;
      const put = (
        text: string,
        down: number,
        style: { size: number; bold?: boolean; colour?: typeof muted },
      ): void => {
        const [line] = flow.lines(text, inner, style);
        if (line !== undefined) flow.line(line, left + padding + 2, top - down, style);
      };
      let size = largest;
      while (size > smallest && flow.lines(value, inner, { size, bold: true }).length > 1) size -= 1;
      put(label, 16, { size: 8, colour: muted });
      put(value, 37, { size, bold: true });
      put(note, 52, { size: 8, colour: muted });
    }
    flow.down(height + gap);
  }
  flow.down(4);
};
