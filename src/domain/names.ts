const maxNameLength = 80;

/** Characters that change how what follows is shown: controls, line ends, and the overrides and isolates of Unicode. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point.
const unshowable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name as it may stand in a line: no control characters, at most so many characters, and when it is written from right
 * to left, isolated (U+2068 and U+2069, UAX #9), so that it turns nothing around it.
 */
export const nameIn = (name: string, maxLength = maxNameLength): string => {
  const line = name.replaceAll(unshowable, ' ').trim();
  const characters = [...line];
  const clipped = characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 3).join('')}...`;
  return rightToLeft.test(clipped) ? `\u2068${clipped}\u2069` : clipped;
};

/**
 * The initials of a name: enough for a doctor to know whom, and little for everybody else who sees a mail or a calendar.
 * Empty for a name without a letter.
 */
export const initialsOf = (name: string): string =>
  nameIn(
    name
      .replaceAll(unshowable, ' ')
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word))
      .flatMap((word) => {
        const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word);
        return first === undefined ? [] : [`${[...first.segment].slice(0, 8).join('')}.`];
      })
      .slice(0, 4)
      .join(' '),
  );
