import { expect, test } from 'vitest';
import { faultOfHours } from '../../src/domain/opening-hours.ts';
import { deletions, forgiven, slips } from '../../src/domain/spelling.ts';

test('[SE2] one slip is forgiven from four letters on, two from eight', () => {
  expect(['rah', 'rahi', 'rahimah', 'rahimahs', 'হৃদরোগ'].map(forgiven)).toEqual([0, 1, 1, 2, 1]);
});

test.each([
  ['cardiology', 'cardiology', 0],
  ['cardiolgy', 'cardiology', 1],
  ['cadriology', 'cardiology', 1],
  ['kardiologie', 'cardiology', 3],
  ['rahmia', 'rahima', 1],
  ['kaml', 'kamal', 1],
  ['kam', 'kamal', 2],
  // From six letters on, the beginning of a word will do.
  ['dermta', 'dermatology', 1],
  ['derma', 'dermatology', 6],
  ['', 'ab', 2],
])('[SE2] %s is %s but for %i slips', (typed, word, expected) => {
  expect(slips(typed, word)).toBe(expected);
});

test('[SE3] words a few slips apart share a neighbour', () => {
  for (const [typed, word] of [
    ['cardiolgy', 'cardiology'],
    ['cadriology', 'cardiology'],
    ['kaml', 'kamal'],
    ['rehima', 'rahima'],
    ['orthopedcs', 'orthopaedics'],
    ['psichiatri', 'psychiatry'],
    ['হদরোগ', 'হৃদরোগ'],
  ] as const) {
    const shared = deletions(typed).filter((key) => deletions(word).includes(key));
    expect([typed, shared.length > 0]).toEqual([typed, true]);
  }
  expect(deletions('abc').toSorted()).toEqual(['ab', 'abc', 'ac', 'bc']);
  expect(deletions('abcdefgh')).toHaveLength(1 + 7 + 21);
});

test('[PL6] spans of a day follow each other', () => {
  const span = (weekday: number, from: string, to: string) => ({ weekday, from, to });
  expect(faultOfHours([span(1, '09:00', '13:00'), span(1, '13:00', '24:00'), span(2, '09:00', '10:00')])).toBeNull();
  expect(faultOfHours([span(1, '09:00', '13:00'), span(1, '12:59', '15:00')])).toBe(1);
  expect(faultOfHours([span(3, '09:00', '09:00')])).toBe(0);
});
