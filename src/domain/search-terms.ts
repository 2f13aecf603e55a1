const maxTerms = 64;
const maxTermLength = 40;

/**
 * The words of texts as search compares them: lower case, accents of Latin, Greek and Cyrillic letters taken off
 * (NFKD), each once, cut at 40 characters; at most 64. `searchTerms('Dr. Émile O’Neil')` is `['dr', 'emile', 'o', 'neil']`.
 */
export const searchTerms = (...texts: readonly string[]): string[] => {
  const folded = texts
    .join(' ')
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC');
  // Marks stay: in the scripts of India the vowels are marks.
  const words = folded.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => [...word].slice(0, maxTermLength).join('')))].slice(0, maxTerms);
};

/** A name as it is compared whole: its words, folded, with one space between them. */
export const foldedName = (name: string): string => searchTerms(name).join(' ');
