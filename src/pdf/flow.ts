import { type Canvas, type Colour, canvas, muted } from './canvas.ts';
import type { Used } from './embedding.ts';
import type { Fonts } from './fonts.ts';
import { type Line, linesOf } from './typesetting.ts';

/** A4 in points, and its margins. */
export const page = { width: 595.28, height: 841.89, left: 54, right: 54, top: 54, bottom: 62 } as const;
export const contentWidth = page.width - page.left - page.right;
export const leading = 1.45;

/** How text looks. Sizes are points. */
export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly colour?: Colour;
}

/** Pages that are filled from top to bottom. */
export interface Flow {
  /** The page that is being filled, and how far from its foot the filled part ends. */
  readonly canvas: () => Canvas;
  readonly y: () => number;
  /** Moves down. */
  readonly down: (points: number) => void;
  /** How much of the page is left. */
  readonly left: () => number;
  /** Begins a new page when there is less left than this, and says whether it did. */
  readonly room: (points: number) => boolean;
  readonly lines: (text: string, width: number, style?: TextStyle) => Line[];
  /** Draws lines below each other from the current height on, and moves below them. Breaks over pages. */
  readonly write: (lines: readonly Line[], x: number, style?: TextStyle) => void;
  readonly line: (line: Line, x: number, y: number, style?: TextStyle) => void;
  /** The content of every page, with its foot: a text on the left, and its number of how many. */
  readonly finish: (foot: string) => string[];
}

/** Pages that know their fonts. */
export const flow = (fonts: Fonts, used: Used): Flow => {
  const pages: Canvas[] = [canvas(used)];
  let y: number = page.height - page.top;
  const current = (): Canvas => pages[pages.length - 1] as Canvas;
  const family = (style: TextStyle) => (style.bold ? fonts.bold : fonts.regular);
  const lines = (text: string, width: number, style: TextStyle = {}): Line[] =>
    linesOf(family(style), text, width / (style.size ?? 10));
  const room = (points: number): boolean => {
    if (y - points >= page.bottom || y === page.height - page.top) return false;
    pages.push(canvas(used));
    y = page.height - page.top;
    return true;
  };
  const line = (one: Line, x: number, at: number, { size = 10, colour }: TextStyle = {}): void =>
    current().text(one, { x, y: at, size, ...(colour === undefined ? {} : { colour }) });
  return {
    canvas: current,
    y: () => y,
    down: (points) => {
      y -= points;
    },
    left: () => y - page.bottom,
    room,
    lines,
    line,
    write: (all, x, style = {}) => {
      const height = (style.size ?? 10) * leading;
      for (const one of all) {
        room(height);
        line(one, x, y - (style.size ?? 10), style);
        y -= height;
      }
    },
    finish: (foot) => {
      const style = { size: 8, colour: muted };
      for (const [i, one] of pages.entries()) {
        const [said] = lines(foot, contentWidth - 60, style);
        const [number] = lines(`${i + 1} / ${pages.length}`, 60, style);
        if (said !== undefined) one.text(said, { x: page.left, y: page.bottom - 26, ...style });
        if (number !== undefined)
          one.text(number, {
            x: page.width - page.right - number.width * style.size,
            y: page.bottom - 26,
            ...style,
          });
      }
      return pages.map((one) => one.content());
    },
  };
};
