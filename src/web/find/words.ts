import type { Locale } from '../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { en, type FindWords } from './words.en.ts';

/** The sentences of the pages to find a doctor, by language. */
export const findWords: Readonly<Record<Locale, FindWords>> = { en, bn };
