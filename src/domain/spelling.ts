/** Letters of a word that a deletion neighbourhood is made of; the trigger `search_words_keys` repeats these numbers. */
const prefixLetters = 7;
const twoFrom = 6;

const without = (letters: readonly string[], ...places: readonly number[]): string =>
  letters.filter((_, i) => !places.includes(i)).join('');

/**
 * The deletion neighbourhood of a word: what is left of its first seven letters without none, one, or (from six letters
 * on) two of them. Words that are a few slips apart share one (SymSpell, W. Garbe).
 */
export const deletions = (word: string): string[] => {
  const letters = [...word];
  const first = letters.slice(0, prefixLetters);
  const keys = new Set([first.join('')]);
  for (const [i] of first.entries()) {
    keys.add(without(first, i));
    if (letters.length < twoFrom) continue;
    for (let j = i + 1; j < first.length; j += 1) keys.add(without(first, i, j));
  }
  return [...keys];
};

/** How many slips are forgiven: one from four letters on, two from eight. */
export const forgiven = (word: string): number => {
  const { length } = [...word];
  return length >= 8 ? 2 : length >= 4 ? 1 : 0;
};

/** From so many letters on, a word may also be the beginning of what was meant. */
const beginningFrom = 6;

/**
 * How many slips lie between what was typed and a word, or (from six letters on) its beginning: letters too many, missing,
 * wrong, or two that changed places (optimal string alignment).
 */
export const slips = (typed: string, word: string): number => {
  const [a, b] = [[...typed], [...word]];
  // Row by row, for every beginning of `typed`; each row holds the distance to every beginning of `word`.
  let before: number[] = [];
  let row = b.map((_, j) => j).concat(b.length);
  for (const [i, letter] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      const swapped =
        i > 0 && j > 0 && letter === b[j - 1] && other === a[i - 1]
          ? (before[j - 1] ?? 0) + 1
          : Number.POSITIVE_INFINITY;
      next.push(Math.min(changed, swapped, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return a.length >= beginningFrom ? Math.min(...row) : (row[b.length] ?? 0);
};
