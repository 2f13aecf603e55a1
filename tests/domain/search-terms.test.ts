import { expect, it } from 'vitest';
import { searchTerms } from '../../src/domain/search-terms.ts';

it.each([
  [['Dr. Émile O’Neil'], ['dr', 'emile', 'o', 'neil']],
  [['E\u0301mile', 'Émile', 'EMILE'], ['emile']],
  [
    ['Cardiology', 'Dhaka'],
    ['cardiology', 'dhaka'],
  ],
  [['Ξένια Παπαδοπούλου'], ['ξενια', 'παπαδοπουλου']],
  [['ﬁbrosis'], ['fibrosis']],
  [['রহিমা খাতুন'], ['রহিমা', 'খাতুন']],
  [['  --  '], []],
  [['x'.repeat(60)], ['x'.repeat(40)]],
])('[DR3] the words of %j are %j', (texts, words) => {
  expect(searchTerms(...texts)).toEqual(words);
});

it('[DR3] a text has at most 64 words', () => {
  expect(searchTerms(Array.from({ length: 100 }, (_, i) => `w${i}`).join(' '))).toHaveLength(64);
});
