import type { Family } from './fonts.ts';
import type { Face, Glyph } from './harfbuzz.ts';

/** Text in one font, ready to be drawn. */
export interface Run {
  readonly face: Face;
  readonly text: string;
  readonly glyphs: readonly Glyph[];
}

/** A piece of text that is never broken, and how wide it is at size 1. */
export interface Word {
  readonly runs: readonly Run[];
  readonly width: number;
}

/** A line of text: words and where each begins, at size 1. */
export interface Line {
  readonly words: readonly { readonly word: Word; readonly x: number }[];
  readonly width: number;
}

const replacement = '\u{fffd}';
/** Joiners and marks keep to the letters before them, in whose font they were drawn. */
const clinging = /\u200c|\u200d|\p{M}/u;
const invisible = /[\p{Cc}\p{Cf}\p{Cs}]/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Splits text into stretches that one font can draw. What no font has becomes a replacement sign. */
const stretches = (family: Family, text: string): { face: Face; text: string }[] => {
  const found: { face: Face; text: string }[] = [];
  const first = family[0];
  if (first === undefined) throw new Error('a family has a font');
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const last = found.at(-1);
    if (last !== undefined && clinging.test(character) && (last.face.glyphOf(code) !== 0 || code < 0x2010)) {
      last.text += character;
      continue;
    }
    if (invisible.test(character)) continue;
    const face = family.find((one) => one.glyphOf(code) !== 0);
    const drawn = face === undefined ? replacement : character;
    if (last !== undefined && last.face === (face ?? first)) last.text += drawn;
    else found.push({ face: face ?? first, text: drawn });
  }
  return found;
};

/** Sets a piece of text in fonts of a family. */
const wordOf = (family: Family, text: string): Word => {
  const runs = stretches(family, text.normalize('NFC')).map(({ face, text }) => ({
    face,
    text,
    glyphs: face.shape(text),
  }));
  const width = runs.reduce(
    (sum, { face, glyphs }) => sum + glyphs.reduce((units, { advance }) => units + advance, 0) / face.unitsPerEm,
    0,
  );
  return { runs, width };
};

/** Cuts a word that is wider than a line between its letters. */
const cut = (family: Family, text: string, width: number): Word[] => {
  const pieces: string[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const last = pieces.at(-1);
    if (last !== undefined && wordOf(family, last + segment).width <= width) pieces[pieces.length - 1] = last + segment;
    else pieces.push(segment);
  }
  return pieces.map((piece) => wordOf(family, piece));
};

/**
 * Breaks text into lines no wider than `width`, at size 1. Line breaks in it stay; other white space is one space. There
 * is always a line.
 */
export const linesOf = (family: Family, text: string, width: number): Line[] => {
  const space = wordOf(family, ' ').width;
  return text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((paragraph) => {
    const lines: { words: { word: Word; x: number }[]; width: number }[] = [{ words: [], width: 0 }];
    for (const part of paragraph.split(/[^\S\u00a0]+/).filter((piece) => piece !== '')) {
      const whole = wordOf(family, part);
      for (const word of whole.width > width ? cut(family, part, width) : [whole]) {
        const last = lines.at(-1);
        const fits = last !== undefined && (last.words.length === 0 || last.width + space + word.width <= width);
        const line = fits ? last : { words: [], width: 0 };
        if (!fits) lines.push(line);
        const x = line.words.length === 0 ? 0 : line.width + space;
        line.words.push({ word, x });
        line.width = x + word.width;
      }
    }
    return lines;
  });
};
