import type { Locale } from '../../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { en, type WeekWords } from './words.en.ts';

/** The sentences of a doctor's week, by language. */
export const weekWords: Readonly<Record<Locale, WeekWords>> = { en, bn };
