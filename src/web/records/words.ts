import type { Locale } from '../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { en, type RecordWords } from './words.en.ts';

/** The sentences of the pages of records, by language. */
export const recordWords: Readonly<Record<Locale, RecordWords>> = { en, bn };
