import type { Locale } from '../../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { type DayWords, en } from './words.en.ts';

/** The sentences of a doctor's day, by language. */
export const dayWords: Readonly<Record<Locale, DayWords>> = { en, bn };
