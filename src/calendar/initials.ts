const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const most = 3;

/** A name as its initials, `N. I.`: the first letter of up to three of its words, whatever they are written in. */
export const initialsOf = (name: string): string =>
  name
    .split(/[\s.]+/)
    .filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word))
    .slice(0, most)
    .map((word) => `${[...graphemes.segment(word)][0]?.segment ?? ''}.`)
    .join(' ');
