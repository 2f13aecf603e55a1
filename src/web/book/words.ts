import type { Locale } from '../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { type BookWords, en } from './words.en.ts';

/** The sentences of the pages of booking, by language. */
export const bookWords: Readonly<Record<Locale, BookWords>> = { en, bn };
