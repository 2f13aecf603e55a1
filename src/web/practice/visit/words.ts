import type { Locale } from '../../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { en, type VisitWords } from './words.en.ts';

/** The sentences of the screen of one visit, by language. */
export const visitWords: Readonly<Record<Locale, VisitWords>> = { en, bn };
