import { fontName, glyphHex, noteRun, textString, type Used } from './embedding.ts';
import type { Line, Run } from './typesetting.ts';

/** A colour as red, green and blue from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

export const ink: Colour = [0.1, 0.13, 0.12];
export const muted: Colour = [0.36, 0.41, 0.39];
export const accent: Colour = [0.04, 0.39, 0.32];
export const faint: Colour = [0.83, 0.87, 0.85];
export const wash: Colour = [0.93, 0.96, 0.945];

const perEm = 1000;
const pen = (n: number): string => String(Math.round(n * 100) / 100);
const fill = (colour: Colour): string => `${colour.map(pen).join(' ')} rg`;
const stroke = (colour: Colour): string => `${colour.map(pen).join(' ')} RG`;

/** Scripts whose glyphs stand in another order than their letters: what is copied from them is said beside them. */
const reordering = /[\u0900-\u0dff]/;

/** The operators that show a run. The pen is led by the difference between where shaping wants it and where it is. */
const shown = ({ face, glyphs }: Run, size: number): string => {
  const scale = perEm / face.unitsPerEm;
  const parts: string[] = [];
  let array = '';
  let ahead = 0;
  let rise = 0;
  const flush = (): void => {
    if (array !== '') parts.push(`[${array}] TJ`);
    array = '';
  };
  for (const { id, advance, dx, dy } of glyphs) {
    if (dy !== rise) {
      flush();
      parts.push(`${pen((dy * size) / face.unitsPerEm)} Ts`);
      rise = dy;
    }
    const before = Math.round((ahead - dx) * scale);
    if (before !== 0) array += ` ${before} `;
    array += `<${glyphHex(id)}>`;
    ahead = face.widthOf(id) + dx - advance;
  }
  flush();
  if (rise !== 0) parts.push('0 Ts');
  return parts.join('\n');
};

/** One page under construction. The origin is its lower left corner, lengths are points. */
export interface Canvas {
  readonly text: (line: Line, at: { x: number; y: number; size: number; colour?: Colour }) => void;
  readonly box: (at: { x: number; y: number; width: number; height: number; colour: Colour }) => void;
  /** A line through points. */
  readonly path: (
    points: readonly (readonly [x: number, y: number])[],
    style: { colour: Colour; width?: number; dash?: readonly number[] },
  ) => void;
  /** The content stream. */
  readonly content: () => string;
}

/** A page; what it uses of fonts is noted in `used`. */
export const canvas = (used: Used): Canvas => {
  const parts: string[] = [];
  const run = (one: Run, x: number, y: number, size: number): string => {
    noteRun(used, one);
    const inner = `BT /${fontName(used, one.face)} ${pen(size)} Tf 1 0 0 1 ${pen(x)} ${pen(y)} Tm\n${shown(one, size)}\nET`;
    return reordering.test(one.text) ? `/Span <</ActualText ${textString(one.text)}>> BDC\n${inner}\nEMC` : inner;
  };
  return {
    text: (line, { x, y, size, colour = ink }) => {
      parts.push(fill(colour));
      for (const { word, x: from } of line.words) {
        let at = x + from * size;
        for (const one of word.runs) {
          parts.push(run(one, at, y, size));
          at += (one.glyphs.reduce((sum, { advance }) => sum + advance, 0) * size) / one.face.unitsPerEm;
        }
      }
    },
    box: ({ x, y, width, height, colour }) => {
      parts.push(`${fill(colour)} ${[x, y, width, height].map(pen).join(' ')} re f`);
    },
    path: (points, { colour, width = 0.75, dash = [] }) => {
      const steps = points.map(([x, y], i) => `${pen(x)} ${pen(y)} ${i === 0 ? 'm' : 'l'}`).join(' ');
      parts.push(`${stroke(colour)} ${pen(width)} w [${dash.join(' ')}] 0 d 1 J 1 j ${steps} S`);
    },
    content: () => parts.join('\n'),
  };
};
