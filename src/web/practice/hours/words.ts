import type { Locale } from '../../../domain/notifications/preferences.ts';
import { bn } from './words.bn.ts';
import { en, type HoursWords } from './words.en.ts';

/** The sentences of a doctor's hours, by language. */
export const hoursWords: Readonly<Record<Locale, HoursWords>> = { en, bn };
