import type { Locale } from '../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { type AccountWords, en } from './words.en.ts';

/** The sentences of the pages of an account, by language. */
export const accountWords: Readonly<Record<Locale, AccountWords>> = { en, bn };
