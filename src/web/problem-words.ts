import { type RefusalCode, refusals } from '../domain/refusal.ts';
import type { Problem } from './api.ts';
import type { Reader } from './reader.ts';
import { refusalsInBengali } from './words/refusals.bn.ts';
import { refusalsInEnglish } from './words/refusals.en.ts';
import { wordsOf } from './words/words.ts';

/** A code that comes from outside may be none of ours. */
type ByCode = Readonly<Record<string, string | undefined>>;
const bengali: ByCode = refusalsInBengali;
const english: ByCode = refusalsInEnglish;
const saysNoMore = ({ code, detail }: Problem): boolean =>
  detail === '' || detail === refusals[code as RefusalCode]?.title;

/** What a person reads of a refusal, in their language. */
export const sentenceOf = (problem: Problem, { locale }: Reader): string => {
  const { code, detail } = problem;
  if (locale !== 'en') return bengali[code] ?? wordsOf[locale].wrong.lead;
  return (saysNoMore(problem) ? english[code] : undefined) ?? (detail || wordsOf[locale].wrong.lead);
};
