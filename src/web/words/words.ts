import type { Locale } from '../../domain/notifications/preferences.ts';
import { bn } from './bn.ts';
import { en, type Words } from './en.ts';

/** The sentences that many pages say, by language. */
export const wordsOf: Readonly<Record<Locale, Words>> = { en, bn };

/** What each language calls itself. */
export const languageNames: Readonly<Record<Locale, string>> = { en: 'English', bn: 'বাংলা' };
